package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.inward.api.Bulks;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.jobs.SampleBank;
import org.exchequer.platform.module.Role;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How every page looks: in both widths, light and dark, to a screen reader, and when somebody typed mischief. */
@SuppressWarnings("NullAway.Init") // set up before all tests
@ExtendWith(BrowserWanted.class)
final class LookTest {
    private static final String MISCHIEF = "<script>window.hit=1</script><img src=x onerror='window.hit=2'>\"'`${7*7}";

    private static Chromium chromium;
    private static ConsoleRig rig;
    private static List<String> pages;

    @BeforeAll
    static void open() throws Exception {
        chromium = Chromium.launch();
        rig = ConsoleRig.withInward();
        SampleBank.load(rig.ledger);
        String long64 = "x".repeat(64);
        rig.open(new AccountSpec(
                long64,
                MISCHIEF + "W".repeat(100),
                AccountType.ASSET,
                AccountType.ASSET.normalSide(),
                ConsoleRig.EUR,
                "1000",
                BalanceRule.NONE,
                0,
                Map.of("note", MISCHIEF, "long", "y".repeat(400))));
        rig.transfer(long64, "4000.fees", "1.00", new Details(MISCHIEF, "mischief", Map.of("why", MISCHIEF)));
        long id = rig.transfer(long64, "4000.fees", "90000000000000000.00", Details.reference("z".repeat(140)))
                .id();
        long held = rig.hold(long64, "4000.fees", "1000000000000000.00");
        rig.ledger.execute(new Command.ProposeAdjustment(
                "mischief-adjustment",
                List.of(Leg.debit(long64, Money.of(1, "EUR")), Leg.credit("4000.fees", Money.of(1, "EUR"))),
                MISCHIEF + "w".repeat(200),
                MISCHIEF,
                Details.reference(MISCHIEF)));
        long adjustment =
                rig.ledger.adjustments(true, null, 1).items().getFirst().id();
        List<Outcome> batch = rig.ledger
                .submitLinked(List.of(
                        new Command.Transfer(
                                "linked-1", long64, "4000.fees", Money.of(1, "EUR"), Details.reference(MISCHIEF)),
                        new Command.Hold("linked-2", long64, "4000.fees", Money.of(1, "EUR"), null, Details.NONE)))
                .join();
        long linked = ((Outcome.Posted) batch.getFirst()).transaction().id();
        pages = new ArrayList<>(List.of(
                "/console",
                "/console/trace",
                "/console/trace?q=mischief",
                "/console/trace?q=" + long64,
                "/console/trace?q=%3Cscript%3Ewindow.hit%3D3%3C%2Fscript%3E",
                "/console/ledger/accounts",
                "/console/ledger/accounts?prefix=x",
                "/console/ledger/accounts/1000",
                "/console/ledger/accounts/2000.cust.alice",
                "/console/ledger/accounts/" + long64,
                "/console/ledger/transactions/" + id,
                "/console/ledger/accounts?basis=value&date=2025-12-31",
                "/console/ledger/accounts/2000.cust.alice?basis=value&date=2025-12-31",
                "/console/ledger/accounts/1000?date=%3Cscript%3Ewindow.hit%3D5%3C%2Fscript%3E",
                "/console/ledger/holds",
                "/console/ledger/holds?state=all&reference=%3Cscript%3Ewindow.hit%3D6%3C%2Fscript%3E",
                "/console/ledger/holds/" + held,
                "/console/ledger/transactions/" + linked,
                "/console/ledger/adjustments",
                "/console/ledger/adjustments/" + adjustment,
                "/console/trace?q=" + held,
                "/console/trace?q=mischief-adjustment",
                "/console/ledger/days",
                "/console/ledger/days/close?day=2026-03-01",
                "/console/ledger/trial-balance",
                "/console/ledger/trial-balance?basis=value&date=2025-12-31",
                "/console/ledger/balance-sheet",
                "/console/ledger/income-statement",
                "/console/ledger/income-statement?from=x",
                "/console/ledger/post?kind=hold",
                "/console/ledger/post?kind=adjustment",
                "/console/ledger/post",
                "/console/ledger/post?kind=journal",
                "/console/ledger/post?debit=%22%3E%3Cscript%3Ewindow.hit%3D4%3C%2Fscript%3E",
                "/console/ledger/open?parent=2000.cust"));
        Stream.of(reconciliationPages(long64), assurancePages(), inwardPages()).forEach(pages::addAll);
    }

    private static List<String> assurancePages() throws IOException {
        Path run = Files.createDirectories(rig.labRuns().resolve("r".repeat(100)));
        Files.writeString(run.resolve("run.json"), """
                {"scenario": "%1$s", "verdict": "INVALID", "sentence": "%1$s", "startedAt": "2026-03-31T10:00:00Z",
                 "faults": [{"fault": {"kind": "%1$s"}, "bit": true}]}""".formatted(MISCHIEF.replace("\"", "\\\"")));
        Files.createDirectories(rig.labRuns().resolve("broken-off"));
        rig.subjects().propose("cust-1001", MISCHIEF + "w".repeat(200), MISCHIEF);
        rig.subjects().propose("cust-1002", MISCHIEF, "mary");
        long rejected =
                rig.subjects().erasures(true, null, 1).items().getFirst().id();
        rig.subjects().decide("cust-1002", rejected, false, MISCHIEF, MISCHIEF);
        return List.of(
                "/console/lab/runs",
                "/console/lab/runs/" + "r".repeat(100),
                "/console/ledger/subjects",
                "/console/ledger/subjects?subject=cust-1003&done",
                "/console/ledger/subjects?subject=%3Cscript%3Ewindow.hit%3D9%3C%2Fscript%3E",
                "/console/access?caller=%3Cscript%3Ewindow.hit%3D8%3C%2Fscript%3E",
                "/console/access");
    }

    private static List<String> inwardPages() throws Exception {
        UUID payment = InwardPagesTest.send(rig, "debtorName", MISCHIEF, "creditorName", "W".repeat(100))
                .payment();
        UUID refused = InwardPagesTest.send(
                        rig, "endToEndId", "<script>window.hit=1</script>", "debtorAccount", "9".repeat(34))
                .payment();
        UUID letter = InwardPagesTest.unreadable(rig, MISCHIEF + "\u202e\u0000" + "w".repeat(300));
        UUID bulk = rig.payments()
                .bulks()
                .preview(
                        new Bulks.Draft(
                                Bulks.Kind.ASSIGN,
                                List.of(payment, refused, new UUID(0, 1)),
                                MISCHIEF + "w".repeat(200),
                                "W".repeat(100)),
                        "admin-tess")
                .id();
        return List.of(
                "/console/inward/dead-letters",
                "/console/inward/dead-letters/" + letter,
                "/console/inward/dead-letters/" + InwardPagesTest.unreadable(rig, "x".repeat(5_000)),
                "/console/inward/bulks",
                "/console/inward/bulks/" + bulk,
                "/console/inward/payments?reviewer=%3Cscript%3Ewindow.hit%3D12%3C%2Fscript%3E",
                "/console/inward",
                "/console/inward?window=24h",
                "/console/inward/payments",
                "/console/inward/payments?node=%3Cscript%3Ewindow.hit%3D10%3C%2Fscript%3E&least=x",
                "/console/inward/payments/" + payment,
                "/console/inward/payments/" + refused,
                "/console/inward/configuration",
                "/console/inward/configuration/sla.warning_ms",
                "/console/inward/controls",
                "/console/inward/fraud",
                "/console/inward/fraud/queue",
                "/console/inward/fraud/rules",
                "/console/inward/fraud/rules/card_testing",
                "/console/inward/fraud/rules/sanctions_screening",
                "/console/inward/fraud/settings",
                "/console/inward/fraud/lists",
                "/console/inward/fraud/changes/" + mischief(),
                "/console/inward/fraud/payments/" + payment,
                "/console/inward/fraud/payments/" + payment + "/network",
                "/console/inward/reports?kind=stages",
                "/console/inward/reports?from=%3Cscript%3Ewindow.hit%3D11%3C%2Fscript%3E");
    }

    /** A listed bank, and a change that waits. */
    private static long mischief() {
        FraudSettings settings = rig.fraudSettings();
        settings.list(
                UUID.randomUUID(),
                List.of(new FraudSettings.NewEntry(
                        true,
                        FraudSettings.Named.BANK,
                        "ZZZZSGSG",
                        MISCHIEF,
                        Clock.systemUTC().instant().plus(Duration.ofDays(1)))),
                MISCHIEF + "w".repeat(200),
                MISCHIEF);
        settings.decide(1, true, "john", "");
        settings.propose(UUID.randomUUID(), Map.of("threshold.review", new BigDecimal("0.5")), MISCHIEF, "mary");
        return 2;
    }

    private static List<String> reconciliationPages(String account) {
        long run = rig.reconcile(
                account,
                new Line("l".repeat(300), rig.ledger.businessDate(), 9_000_000_000_000_000_000L, MISCHIEF),
                new Line("m", rig.ledger.businessDate(), 1, "z".repeat(140)));
        long tracked = rig.reconciliations()
                .breaks(BreakFilter.LIVE, null, 1)
                .items()
                .getFirst()
                .id();
        rig.reconciliations()
                .proposeClosing(new Request("mary", "mischief", new byte[] {1}), tracked, MISCHIEF + "w".repeat(200));
        return List.of(
                "/console/regtech",
                "/console/reconciliation/upload?account=%3Cscript%3Ewindow.hit%3D9%3C%2Fscript%3E",
                "/console/reconciliation/runs",
                "/console/reconciliation/runs/" + run,
                "/console/reconciliation/breaks",
                "/console/reconciliation/breaks?owner=%3Cscript%3Ewindow.hit%3D7%3C%2Fscript%3E",
                "/console/reconciliation/breaks/" + tracked,
                "/console/reconciliation/breaks/" + (tracked + 1));
    }

    @AfterAll
    static void close() throws Exception {
        if (chromium != null) {
            chromium.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void everyPageFitsAPhoneAndADesk() {
        for (int width : new int[] {390, 1280}) {
            try (Window window = chromium.window(new Browser.NewContextOptions().setViewportSize(width, 800))) {
                window.expecting(422);
                window.page.navigate(rig.url() + "/console/login");
                window.hasNoHorizontalOverflow();
                window.login(rig, Role.ADMIN);
                for (String path : pages) {
                    window.page.navigate(rig.url() + path);
                    window.hasNoHorizontalOverflow();
                }
            }
        }
    }

    @Test
    void onAPhoneTheMenuOpens() {
        try (Window window = chromium.window(new Browser.NewContextOptions().setViewportSize(390, 844))) {
            window.login(rig, Role.OPERATOR);
            assertThat(window.link("Trial balance")).not().isVisible();
            window.button("Menu").click();
            assertThat(window.button("Menu")).hasAttribute("aria-expanded", "true");
            window.hasNoHorizontalOverflow();
            window.link("Trial balance").click();
            window.isAt("/console/ledger/trial-balance");
        }
    }

    @Test
    void lightAndDarkFollowTheSystemUntilChosen() {
        try (Window window = chromium.window(new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK))) {
            window.login(rig, Role.AUDITOR);
            assertThat(window.page.locator("html")).hasAttribute("data-bs-theme", "dark");
            window.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
            assertThat(window.page.locator("html")).hasAttribute("data-bs-theme", "light");
            window.button("Switch between light and dark").click();
            assertThat(window.page.locator("html")).hasAttribute("data-bs-theme", "dark");
            window.page.reload();
            assertThat(window.page.locator("html")).hasAttribute("data-bs-theme", "dark");
        }
    }

    @Test
    void mischiefStaysText() {
        try (Window window = chromium.login(rig, Role.ADMIN).expecting(422)) {
            for (String path : pages) {
                window.page.navigate(rig.url() + path);
                assertThat(window.page.evaluate("window.hit === undefined")).isEqualTo(true);
                assertThat(window.page.locator("main script, main img")).hasCount(0);
            }
            window.page.navigate(rig.url() + "/console/trace?q=mischief");
            window.shows(MISCHIEF);
        }
    }

    @Test
    void axeFindsNothingAmissInLightAndDark() throws IOException {
        String axe = axe();
        List<String> amiss = new ArrayList<>();
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            try (Window window = chromium.window(
                    new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(1280, 900))) {
                // Axe itself reads pixels back.
                window.expecting("Canvas2D").expecting(422).page.navigate(rig.url() + "/console/login");
                check(window, axe, scheme, amiss);
                window.login(rig, Role.ADMIN);
                for (String path : pages) {
                    window.page.navigate(rig.url() + path);
                    check(window, axe, scheme, amiss);
                }
            }
        }
        assertThat(amiss).isEmpty();
    }

    private static void check(Window window, String axe, ColorScheme scheme, List<String> amiss) {
        window.page.evaluate(axe);
        Object violations = window.page.evaluate("""
                async () => (await axe.run(document, {resultTypes: ['violations']})).violations
                  .map(v => v.id + ' (' + v.help + '): '
                    + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | '))""");
        ((List<?>) violations).forEach(each -> amiss.add(window.page.url() + " in " + scheme + ": " + each));
    }

    private static String axe() throws IOException {
        try (InputStream in =
                LookTest.class.getResourceAsStream("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(in, "axe-core on the class path").readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
