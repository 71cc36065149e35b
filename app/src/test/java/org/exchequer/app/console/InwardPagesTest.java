package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.RequestOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Submission;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Payments come in, are counted on the dashboard while somebody looks, and are found with all that is kept of them. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class InwardPagesTest {
    private static Chromium chromium;
    private static ConsoleRig rig;

    @BeforeAll
    static void open() {
        chromium = Chromium.launch();
        rig = ConsoleRig.withInward();
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

    /** A transfer with its ids, changed by turns of member and value. */
    static Answered send(ConsoleRig rig, String... changes) throws Exception {
        Submission submission = rig.inward().submit(message(changes).getBytes(UTF_8), "http", Duration.ZERO);
        assertThat(submission).isInstanceOf(Submission.Taken.class);
        return ((Submission.Taken) submission).answer().get(30, TimeUnit.SECONDS);
    }

    private static String message(String... changes) {
        String id = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> members = new TreeMap<>(Map.of(
                "messageType", "PACS_008",
                "messageId", "M-" + id,
                "created",
                        Clock.systemUTC()
                                .instant()
                                .truncatedTo(ChronoUnit.MILLIS)
                                .toString(),
                "instructingBic", "AAABSGSG",
                "instructedBic", "EXCQSGSG",
                "settlementMethod", "CLRG",
                "amount", "10.00",
                "currency", "SGD",
                "settlementDate", LocalDate.now(Clock.systemUTC()).toString(),
                "endToEndId", "E-" + id));
        members.putAll(Map.of(
                "transactionId", "T-" + id,
                "uetr", UUID.randomUUID().toString(),
                "debtorName", "Tan Wei Ming",
                "debtorAccount", "990000011",
                "creditorName", "Lim Hui Ling",
                "creditorAccount", "1188811"));
        for (int i = 0; i < changes.length; i += 2) {
            members.put(changes[i], changes[i + 1]);
        }
        return members.entrySet().stream()
                .map(member ->
                        "\"" + member.getKey() + "\":\"" + member.getValue().replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    /** The id of a message that cannot be read. */
    static UUID unreadable(ConsoleRig rig, String message) {
        Submission submission = rig.inward().submit(message.getBytes(UTF_8), "http", Duration.ZERO);
        assertThat(submission).isInstanceOf(Submission.Unreadable.class);
        return ((Submission.Unreadable) submission).deadLetter();
    }

    @Test
    void theDashboardCountsWhileSomebodyLooks() throws Exception {
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console");
            window.link("Service level").click();
            window.isAt("/console/inward");
            window.hasNoHorizontalOverflow();
            assertThat(window.page.locator("#live-state")).hasText("Live");
            window.page.evaluate("window.stayed = true");
            send(rig);
            // Counted some fifteen seconds after; the page brings it by itself.
            assertThat(window.page.locator("#received"))
                    .not()
                    .hasText("0", new LocatorAssertions.HasTextOptions().setTimeout(45_000));
            assertThat(window.page.locator("#compliance")).containsText("%");
            assertThat(window.page.locator("#stages tbody tr")).not().hasCount(0);
            assertThat(window.page.locator("#partners")).containsText("liquidity");
            assertThat(window.page.evaluate("window.stayed")).isEqualTo(true);
            window.link("last 24 hours").click();
            assertThat(window.page.locator("#heat tbody tr")).not().hasCount(0);
            window.hasNoHorizontalOverflow();
            window.link("Reports").click();
            assertThat(window.page.locator("#report tbody tr")).hasCount(7);
        }
    }

    @Test
    void aPaymentIsFoundAndShownWithItsAnswerAndItsTransaction() throws Exception {
        Answered answered = send(rig, "debtorAccount", "990000077", "creditorName", "<b>Lim & Co</b>");
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(422).expecting(404)) {
            window.page.navigate(rig.url() + "/console/inward/payments?account=990000077&currency=SGD&least=10.00");
            assertThat(window.page.locator("#payments tbody tr")).hasCount(1);
            window.page.locator("#payments tbody a").click();
            window.isAt("/console/inward/payments/" + answered.payment());
            window.hasNoHorizontalOverflow();
            assertThat(window.page.locator("#parties")).containsText("<b>Lim & Co</b>");
            assertThat(window.page.locator("#events")).containsText("payment execution");
            assertThat(window.page.locator("#checks")).containsText("passed");
            window.page.locator("#answered summary").click();
            assertThat(window.page.locator("#answered")).containsText("<TxSts>ACCC</TxSts>");
            window.page.locator("#transaction").click();
            window.isAt("/console/ledger/transactions/[0-9]+");

            window.page.navigate(rig.url() + "/console/inward/payments?least=5");
            assertThat(window.page.locator("#least-error")).hasText("needs a currency");
            window.page.navigate(rig.url() + "/console/inward/payments/" + UUID.randomUUID());
            window.shows("There is no payment");
        }
    }

    @Test
    void twoPeopleChangeAThresholdAndSeeBeforeWhatItWouldHaveDone() throws Exception {
        Answered answered = send(rig, "debtorAccount", "990000055");
        try (Window mary = chromium.login(rig, Role.OPERATOR, "mary").expecting(422);
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            mary.page.navigate(rig.url() + "/console/inward/fraud/settings");
            mary.page.fill("[name='weight.model']", "60");
            mary.page.fill("#reason", "rules know more");
            mary.button("Propose").click();
            mary.shows("must sum to 100, not 90");
            mary.page.fill("[name='weight.model']", "60");
            mary.page.fill("[name='weight.rules']", "35");
            mary.page.fill("#reason", "rules know more");
            mary.button("Propose").click();
            mary.isAt("/console/inward/fraud/changes/[0-9]+[?]done");
            mary.hasNoHorizontalOverflow();
            assertThat(mary.page.locator("#preview")).containsText("decisions");
            assertThat(mary.page.locator("#change")).containsText("yours: another person approves it");
            john.page.navigate(mary.page.url().replace("?done", ""));
            john.button("Approve").click();
            assertThat(john.page.locator("#change")).containsText("approved by john");
            john.page.navigate(rig.url() + "/console/inward/fraud/settings");
            assertThat(john.page.locator("#numbers")).containsText("60");
            assertThat(john.page.locator("#revision")).not().hasText("1");

            mary.page.navigate(rig.url() + "/console/inward/fraud/rules/card_testing");
            mary.page.fill("[name='rule.card_testing.payments']", "6");
            mary.page.fill("#reason", "too many");
            mary.button("Propose").click();
            assertThat(mary.page.locator("#change")).containsText("too many");

            mary.page.navigate(rig.url() + "/console/inward/fraud/lists");
            mary.page.fill("#name", "990000055");
            mary.page.fill("#until", "2027-12-31");
            mary.page.fill("#reason", "reported");
            mary.button("Propose").click();
            assertThat(mary.page.locator("#preview"))
                    .containsText(answered.payment().toString());
        }
    }

    @Test
    void theAccountsAroundAPaymentAreDrawn() throws Exception {
        Answered answered = send(rig, "debtorAccount", "990000066");
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/inward/fraud/payments/" + answered.payment());
            window.link("Accounts around it").click();
            assertThat(window.page.locator("#chart[data-drawn]")).hasCount(1);
            assertThat(window.page.locator("#chart").getAttribute("data-drawn")).isNotEqualTo("none");
            assertThat(window.page.locator("#edges tbody tr")).not().hasCount(0);
            window.hasNoHorizontalOverflow();
        }
    }

    @Test
    void theFileHasWhatWasFoundAndNothingThatASpreadsheetRuns() throws Exception {
        Answered answered = send(
                rig,
                "debtorAccount",
                "990000088",
                "messageId",
                "+1-" + UUID.randomUUID().toString().substring(0, 8));
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            APIResponse file =
                    window.page.context().request().get(rig.url() + "/console/inward/payments.csv?account=990000088");
            assertThat(file.headers().get("content-disposition")).contains("inward-payments.csv");
            assertThat(file.text().lines())
                    .hasSize(2)
                    .anyMatch(line -> line.startsWith(answered.payment() + ",PACS_008,"));
            assertThat(file.text()).contains(",'+1-");
            APIResponse report = window.page
                    .context()
                    .request()
                    .get(rig.url() + "/console/inward/reports.csv?kind=refusals&from=2026-01-01&until=2026-01-31");
            assertThat(report.text()).isEqualTo("day,reason,payments,percent_of_received\r\n");
        }
    }

    @Test
    void aPageSaysSinceWhenItIsNotLiveAndIsAgainByItself() {
        for (int width : new int[] {390, 1280}) {
            try (Window window = chromium.window(new Browser.NewContextOptions().setViewportSize(width, 800))
                    .expecting(503)) {
                window.login(rig, Role.AUDITOR);
                window.page.route(
                        "**/console/inward/stream**",
                        route -> route.fulfill(new Route.FulfillOptions().setStatus(503)));
                window.page.navigate(rig.url() + "/console/inward");
                assertThat(window.page.locator("#live-state"))
                        .hasText(Pattern.compile("Stopped at [0-9:]{8} UTC: the server answered 503\\. .*"));
                window.hasNoHorizontalOverflow();
                window.page.unroute("**/console/inward/stream**");
                assertThat(window.page.locator("#live-state")).hasText("Live");
            }
        }
    }

    @Test
    void aStreamEndsWithItsSession() {
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/inward");
            assertThat(window.page.locator("#live-state")).hasText("Live");
            com.microsoft.playwright.Page other = window.tab();
            other.navigate(rig.url() + "/console");
            window.page.bringToFront();
            other.locator("form[action='/console/logout'] button").click();
            window.page.waitForURL(address -> address.contains("/console/login"));
        }
    }

    @Test
    void whatOnePersonOrdersIsSeenByTheOtherAtOnce() {
        try (Window mary = chromium.login(rig, Role.OPERATOR, "mary");
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            john.page.navigate(rig.url() + "/console/inward/controls");
            assertThat(john.page.locator("#live-state")).hasText("Live");
            mary.page.navigate(rig.url() + "/console/inward/controls");
            mary.page.locator("#kind").selectOption("EMERGENCY_MODE");
            mary.page.locator("#currency").fill("JPY");
            mary.page.locator("#lastsSeconds").fill("60");
            mary.page.locator("#reason").fill("a drill");
            mary.button("Order").click();
            assertThat(john.page.locator("#proposed tbody tr")).containsText("a drill");
            john.page
                    .getByText("Approve", new com.microsoft.playwright.Page.GetByTextOptions().setExact(true))
                    .click();
            assertThat(mary.page.locator("#in-force tbody tr")).containsText("approved by john");
            assertThat(mary.page.locator("#in-force-count")).hasText("1");
            mary.page.getByText("End now").click();
            assertThat(john.page.locator("#in-force-count")).hasText("0");
            john.page.navigate(rig.url() + "/console/inward");
            assertThat(john.page.locator("#day-marks")).containsText("order: emergency mode");
            assertThat(john.page.locator("#trends .mark-order")).not().hasCount(0);
        }
    }

    @Test
    void manyProposalsAreApprovedAtOnceByAnotherPerson() {
        try (Window mary = chromium.login(rig, Role.OPERATOR, "mary");
                Window john = chromium.login(rig, Role.CONTROLLER, "john").expecting(422)) {
            for (String currency : new String[] {"THB", "PHP"}) {
                mary.page.navigate(rig.url() + "/console/inward/controls");
                mary.page.locator("#kind").selectOption("FRAUD_BYPASS");
                mary.page.locator("#currency").fill(currency);
                mary.page.locator("#lastsSeconds").fill("60");
                mary.page.locator("#reason").fill("a drill with two");
                mary.button("Order").click();
                mary.isAt("/console/inward/controls[?]proposed");
                mary.shows("it waits for another person to approve it");
                assertThat(mary.page.locator("#proposed tbody")).containsText(currency);
            }
            assertThat(mary.page.locator("#approvals, #proposed .pick")).hasCount(0);
            john.page.navigate(rig.url() + "/console/inward/controls");
            john.button("Approve those chosen").click();
            john.shows("must be 1 to 500 orders");
            john.hasNoHorizontalOverflow();
            for (String currency : new String[] {"THB", "PHP"}) {
                john.page
                        .locator("#proposed tbody tr:has-text('" + currency + "') .pick")
                        .check();
            }
            john.button("Approve those chosen").click();
            john.isAt("/console/inward/controls[?]done");
            for (String currency : new String[] {"THB", "PHP"}) {
                var line = john.page.locator("#in-force tbody tr:has-text('" + currency + "')");
                assertThat(line).containsText("approved by john");
                line.getByText("End now").click();
                assertThat(line).hasCount(0);
            }
        }
    }

    @Test
    void manyWaitingPaymentsAreSaidToBeHarmlessAtOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            // Four small ones within an hour are suspicious.
            send(rig, "debtorAccount", "990000079", "amount", "1.00");
        }
        try (Window window = chromium.login(rig, Role.OPERATOR, "mary")) {
            window.page.navigate(rig.url() + "/console/inward/fraud/queue");
            window.hasNoHorizontalOverflow();
            var picks = window.page.locator("tbody .pick");
            assertThat(picks).not().hasCount(0);
            String payment = picks.first().inputValue();
            picks.first().check();
            window.page.locator("#bulk-kind").selectOption("SAY_HARMLESS");
            window.page.locator("#note").fill("a kiosk");
            window.button("Preview").click();
            assertThat(window.page.locator("#would")).hasText("1");
            window.button("Say harmless: 1").click();
            assertThat(window.page.locator("#stands")).hasText("done: 1 of 1, 0 failed");
            window.page.navigate(rig.url() + "/console/inward/fraud/queue");
            assertThat(window.page.locator("input[value='" + payment + "']")).hasCount(0);
            window.page.navigate(rig.url() + "/console/inward/fraud/payments/" + payment);
            window.shows("a kiosk");
        }
    }

    @Test
    void aDeadLetterIsLookedAtMendedAndHandedInAgain() {
        String good = message();
        UUID letter = unreadable(rig, good.replace("{", "{\n<script>window.hit=1</script>"));
        try (Window window = chromium.login(rig, Role.OPERATOR, "mary")) {
            window.page.navigate(rig.url() + "/console");
            window.link("Dead letters").click();
            window.page.locator("#letters tbody a[href$='" + letter + "']").click();
            assertThat(window.page.locator("#reason")).containsText("FF01");
            assertThat(window.page.locator("#text pre")).containsText("<script>window.hit=1</script>");
            window.page.locator("#hex summary").click();
            assertThat(window.page.locator("#hex pre")).containsText("000000  7b 0a 3c 73");
            window.hasNoHorizontalOverflow();
            window.button("Hand in as it came").click();
            assertThat(window.page.locator("#again tbody")).containsText("unreadable again");
            window.page.locator("#message").fill(good);
            window.button("Hand in as mended").click();
            assertThat(window.page.locator("#again tbody tr")).hasCount(2);
            assertThat(window.page.locator("#again tbody tr").first()).containsText("mary");
            assertThat(window.page.locator("#again tbody tr").first()).containsText("ACCC");
            window.page.locator("#again tbody a").first().click();
            window.isAt("/console/inward/payments/.+");
            assertThat(window.page.evaluate("window.hit === undefined")).isEqualTo(true);
        }
        try (Window window = chromium.login(rig, Role.TELLER).expecting(403)) {
            window.page.navigate(rig.url() + "/console/inward/dead-letters/" + letter);
            window.shows("Your role does not allow this");
            // Why a payment was suspected is not for those who may speak to its payer.
            window.page.navigate(rig.url() + "/console/inward/fraud/queue");
            window.shows("Your role does not allow this");
            assertThat(window.page.locator("nav a[href^='/console/inward/fraud']"))
                    .hasCount(0);
        }
    }

    @Test
    void manyPaymentsAreAssignedAfterAPreviewAndFoundByWhomTheyAreAssignedTo() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(rig, "debtorAccount", "990000078");
        }
        try (Window window = chromium.login(rig, Role.OPERATOR, "mary").expecting(422)) {
            window.page.navigate(rig.url() + "/console/inward/payments?account=990000078");
            window.page.locator("#bulk-kind").selectOption("ASSIGN");
            window.page.locator("#assignee").fill("anna");
            window.button("Preview").click();
            window.shows("must be 1 to 500, not 0");
            window.page.navigate(rig.url() + "/console/inward/payments?account=990000078");
            window.page.locator("#payments tbody input").first().check();
            window.page.locator("#bulk-kind").selectOption("ASSIGN");
            window.page.locator("#scope").selectOption("found");
            window.page.locator("#assignee").fill("anna");
            window.page.locator("#bulk #note").fill("who is this?");
            window.button("Preview").click();
            assertThat(window.page.locator("#would")).hasText("3");
            window.hasNoHorizontalOverflow();
            window.button("Assign to anna: 3").click();
            assertThat(window.page.locator("#stands")).hasText("done: 3 of 3, 0 failed");
            APIResponse file = window.page.context().request().get(window.page.url() + "/file");
            assertThat(file.text().lines()).hasSize(4).anyMatch(line -> line.contains("assigned to anna"));
            window.page.navigate(rig.url() + "/console/inward/payments?reviewer=anna&stage=COMPLETED");
            assertThat(window.page.locator("#payments tbody tr")).hasCount(3);
            window.page.locator("#payments tbody a").first().click();
            assertThat(window.page.locator("#review")).containsText("who is this?");
            assertThat(window.page.locator("#conditions")).containsText("as shipped");

            // All of them have their answers.
            window.page.navigate(rig.url() + "/console/inward/payments?account=990000078");
            window.page.locator("#payments tbody input").first().check();
            window.page.locator("#bulk-kind").selectOption("ASK_AGAIN");
            window.button("Preview").click();
            assertThat(window.page.locator("#preview")).containsText("There is nothing to do");
            assertThat(window.page.locator("#preview button")).hasCount(0);
        }
    }

    @Test
    void aPaymentIsShownWithAnotherOfTheSameIds() throws Exception {
        String id = UUID.randomUUID().toString().substring(0, 8);
        String[] ids = {
            "messageId",
            "M-" + id,
            "transactionId",
            "T-" + id,
            "endToEndId",
            "E-" + id,
            "uetr",
            UUID.randomUUID().toString(),
            "amount",
            "10.00"
        };
        Answered first = send(rig, ids);
        ids[ids.length - 1] = "11.00";
        Answered second = send(rig, ids);
        assertThat(second.payment()).isNotEqualTo(first.payment());
        try (Window window = chromium.login(rig, Role.OPERATOR)) {
            window.page.navigate(rig.url() + "/console/inward/payments/" + second.payment());
            assertThat(window.page.locator("#reason")).containsText("AM05");
            assertThat(window.page.locator("#related tbody tr")).hasCount(1);
            assertThat(window.page.locator("#related .pick")).hasCount(0);
            window.page.locator("#related tbody a").click();
            window.isAt("/console/inward/payments/" + first.payment());
            assertThat(window.page.locator("#related tbody tr")).containsText("11.00");
        }
    }

    /** Sends a form as it stands, with the session's own token. */
    private static APIResponse post(Window window, String path, String body) {
        String token = window.page.locator("input[name=_csrf]").first().inputValue();
        return window.page
                .context()
                .request()
                .post(
                        rig.url() + "/console/inward" + path,
                        RequestOptions.create()
                                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                                .setData("_csrf=" + token + "&" + body));
    }

    private static void refused(Window window, int status, String text, String path, String body) {
        APIResponse response = post(window, path, body);
        assertThat(response.status()).as("%s %s", path, body).isEqualTo(status);
        assertThat(response.text()).contains(text);
    }

    @Test
    void oddInputIsRefusedAndTheFieldIsNamed() throws Exception {
        String feedback = "/fraud/payments/" + send(rig).payment() + "/feedback";
        String form = "form=" + UUID.randomUUID();
        String entry = form + "&name=990000011&reason=why";
        try (Window window = chromium.login(rig, Role.OPERATOR)) {
            String nul = "reason may not hold the character U+0000";
            refused(window, 400, "reference may not", "/bulks", "kind=SAY_FRAUD&scope=found&reference=%00");
            refused(window, 400, "note may not", feedback, "outcome=fraud&note=a%00b");
            refused(window, 400, nul, "/fraud/settings", form + "&reason=a%00");
            refused(window, 400, nul, "/fraud/lists", form + "&reason=%00");
            refused(window, 400, nul, "/fraud/lists/1/removal", form + "&reason=%00");
            refused(window, 400, nul, "/fraud/changes/1/rollback", form + "&reason=%00");
            for (String path : List.of("settings", "lists", "lists/1/removal", "changes/1/rollback")) {
                refused(window, 400, "The value of form", "/fraud/" + path, "form=x&reason=why");
            }
            refused(window, 422, "field list", "/fraud/lists", entry + "&list=zzz&kind=BANK&until=2027-01-01");
            refused(window, 422, "field kind", "/fraud/lists", entry + "&list=deny&kind=zzz&until=2027-01-01");
            refused(
                    window,
                    422,
                    "field until must be a day",
                    "/fraud/lists",
                    entry + "&list=deny&kind=ACCOUNT&until=%2B999999999-12-31");
            refused(window, 422, "field note must have at most 500", feedback, "outcome=fraud&note=" + "x".repeat(501));
            for (String path : List.of("/controls", "/configuration")) {
                refused(
                        window,
                        422,
                        "field reason must have at most 500",
                        path,
                        "kind=SLA_EXTENSION&lastsSeconds=60&key=sla.hard_ms&reason=" + "x".repeat(501));
            }
            APIResponse search =
                    window.page.context().request().get(rig.url() + "/console/inward/payments?riskLevel=NOPE");
            assertThat(search.status()).isEqualTo(422);
        }
    }

    @Test
    void ofManyOrdersItIsSaidWhichWereNotApprovedAndWhy() {
        try (Window mary = chromium.login(rig, Role.OPERATOR, "mary").expecting(422);
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            mary.page.navigate(rig.url() + "/console/inward/controls");
            mary.page.locator("#kind").selectOption("FRAUD_BYPASS");
            mary.page.locator("#currency").fill("HKD");
            mary.page.locator("#lastsSeconds").fill("9999");
            mary.page.locator("#reason").fill("a drill with <some>");
            mary.button("Order").click();
            mary.shows("Not sent");
            assertThat(mary.page.locator("#kind")).hasValue("FRAUD_BYPASS");
            assertThat(mary.page.locator("#currency")).hasValue("HKD");
            assertThat(mary.page.locator("#lastsSeconds")).hasValue("9999");
            assertThat(mary.page.locator("#order #reason")).hasValue("a drill with <some>");
            mary.page.locator("#lastsSeconds").fill("60");
            mary.button("Order").click();
            mary.isAt("/console/inward/controls[?]proposed");

            john.page.navigate(rig.url() + "/console/inward/controls");
            var pick = john.page.locator("#proposed tbody tr:has-text('HKD') .pick");
            String id = pick.inputValue();
            String approvals = "/controls/approvals";
            refused(mary, 403, "This takes the role controller:", approvals, "id=" + id);
            refused(john, 422, "must be 1 to 500 orders", approvals, "id=");
            refused(john, 422, "must be the number of an order", approvals, "id=" + id + "&id=x");
            john.page.reload();
            assertThat(pick).hasCount(1);
            APIResponse some = post(john, approvals, "id=" + id + "&id=999999999999");
            assertThat(some.status()).isEqualTo(409);
            assertThat(some.text())
                    .contains("1 of 2 approved")
                    .contains("Order 999999999999: there is no such measure.");
            refused(john, 409, "Order " + id + ": it was decided before.", approvals, "id=" + id);
            john.page.reload();
            john.page
                    .locator("#in-force tbody tr:has-text('HKD')")
                    .getByText("End now")
                    .click();
            john.shows("Done, and durable");
        }
    }

    @Test
    void aRefusedConfigurationIsGivenBackAndNoTwoPagesHaveTheSameShortcut() {
        try (Window window = chromium.login(rig, Role.ADMIN).expecting(422)) {
            window.page.navigate(rig.url() + "/console/inward/configuration");
            window.page.locator("#key").selectOption("sla.warning_ms");
            window.page.locator("#value").fill("soon");
            window.page.locator("#instance").fill("node-7");
            window.page.locator("#propose #reason").fill("slow banks");
            window.button("Propose").click();
            window.shows("must be a number such as 1500");
            assertThat(window.page.locator("#key")).hasValue("sla.warning_ms");
            assertThat(window.page.locator("#value")).hasValue("soon");
            assertThat(window.page.locator("#instance")).hasValue("node-7");
            assertThat(window.page.locator("#propose #reason")).hasValue("slow banks");
            Object keys = window.page.evaluate("[...document.querySelectorAll('[data-go]')].map(e => e.dataset.go)");
            assertThat((List<?>) keys).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        }
    }
}
