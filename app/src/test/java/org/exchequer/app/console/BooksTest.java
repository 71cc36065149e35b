package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Looking things up: trace, tree, account, trial balance; and the changes an operator makes to accounts. */
@SuppressWarnings("NullAway.Init") // set up before all tests
@ExtendWith(BrowserWanted.class)
final class BooksTest {
    private static Chromium chromium;
    private static ConsoleRig rig;

    @BeforeAll
    static void open() {
        chromium = Chromium.launch();
        rig = ConsoleRig.start();
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

    private static void trace(Window window, String id) {
        window.page.getByLabel("Trace money by any id").fill(id);
        window.page.getByLabel("Trace money by any id").press("Enter");
        window.page.waitForURL(Pattern.compile(".*/console/trace\\?q=.*"));
    }

    @Test
    void traceFindsByEveryKindOfId() {
        String at = rig.fresh();
        String asset = rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        String debt = rig.open(AccountSpec.posting(at + ".b", "Debtor", AccountType.LIABILITY, ConsoleRig.EUR, null)
                .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
        Details details = new Details(at + "/invoice 7", at + "-correlation", Map.of());
        Transaction posted = rig.transfer(asset, debt, "7.00", details);
        Outcome reversal = rig.ledger.execute(new Command.Reverse(at + "-undo", posted.id(), Details.NONE));
        long undo = ((Outcome.Posted) reversal).transaction().id();
        rig.ledger.execute(
                new Command.Transfer(at + "-refused", debt, asset, Money.parse("1.00", ConsoleRig.EUR), Details.NONE));
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            for (Map.Entry<String, String> id : Map.of(
                            Long.toString(posted.id()),
                            "number",
                            posted.key(),
                            "idempotency key",
                            at + "/invoice 7",
                            "reference",
                            at + "-correlation",
                            "correlation id")
                    .entrySet()) {
                trace(window, id.getKey());
                assertThat(window.page.locator("#hit-" + posted.id())).containsText("found by " + id.getValue());
                assertThat(window.page.locator("#hit-" + undo)).containsText("found by reversal of " + posted.id());
            }
            trace(window, at + "-undo");
            assertThat(window.page.locator("#hit-" + posted.id())).containsText("found by reversed by " + undo);
            trace(window, at + "-refused");
            window.shows("Rejected: insufficient funds");
            window.shows("INSUFFICIENT_FUNDS");
            trace(window, asset);
            window.shows("Name of " + asset);
            trace(window, "open-" + asset);
            window.shows("Opened or changed an account");
            trace(window, at);
            window.shows("Accounts whose code starts so");
            trace(window, "<b>nothing</b> of the kind");
            window.shows("Nothing is known under this id");
        }
    }

    @Test
    void theTreeAddsUpOpensInPlaceAndIsWalkedByArrowKeys() {
        String at = rig.fresh();
        rig.summary(at, AccountType.ASSET, "");
        rig.summary(at + ".cash", AccountType.ASSET, at);
        rig.summary(at + ".deep", AccountType.ASSET, at + ".cash");
        String one = rig.open(at + ".cash.1", AccountType.ASSET, ConsoleRig.EUR, at + ".deep");
        String two = rig.open(at + ".cash.2", AccountType.ASSET, ConsoleRig.EUR, at + ".cash");
        String dollars = rig.open(at + ".usd", AccountType.ASSET, ConsoleRig.USD, at);
        String equity = rig.open(at + "x", AccountType.EQUITY, ConsoleRig.EUR, "");
        String equityUsd = rig.open(at + "y", AccountType.EQUITY, ConsoleRig.USD, "");
        rig.transfer(one, equity, "1000.25");
        rig.transfer(two, equity, "234.50");
        rig.transfer(dollars, equityUsd, "77.00");
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts");
            Locator top = row(window, "Group " + at);
            assertThat(top).containsText(Pattern.compile("1,234\\.75\\s*EUR\\s*Dr"));
            assertThat(top).containsText(Pattern.compile("77\\.00\\s*USD\\s*Dr"));
            Locator cash = row(window, "Group " + at + ".cash");
            assertThat(cash).containsText("1,234.75");
            assertThat(window.page.getByText("Name of " + two)).hasCount(0);
            cash.getByRole(AriaRole.LINK).focus();
            window.page.keyboard().press("ArrowRight");
            assertThat(window.page.getByText("Name of " + two)).isVisible();
            Locator deep = row(window, "Group " + at + ".deep");
            assertThat(deep).containsText("1,000.25");
            window.page.keyboard().press("ArrowDown");
            window.page.keyboard().press("ArrowDown");
            assertThat(deep.getByRole(AriaRole.LINK)).isFocused();
            window.page.keyboard().press("ArrowLeft");
            assertThat(cash.getByRole(AriaRole.LINK)).isFocused();
            window.page.keyboard().press("ArrowLeft");
            assertThat(window.page.getByText("Name of " + two)).not().isVisible();
            assertThat(cash.getByRole(AriaRole.BUTTON)).hasAttribute("aria-expanded", "false");
            cash.click();
            assertThat(window.page.getByText("Name of " + two)).isVisible();
        }
    }

    private static Locator row(Window window, String name) {
        return window.page
                .locator(".tree-row")
                .filter(new Locator.FilterOptions()
                        .setHas(window.page.getByText(name, new Page.GetByTextOptions().setExact(true))));
    }

    @Test
    void manyChildrenComeInPagesAndAPrefixFinds() {
        String at = rig.fresh();
        rig.summary(at, AccountType.LIABILITY, "");
        for (int i = 0; i < 230; i++) {
            rig.open("%s.%04d".formatted(at, i), AccountType.LIABILITY, ConsoleRig.EUR, at);
        }
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + at);
            Locator items = window.page.locator(".tree-list > li:not(.tree-more)");
            assertThat(items).hasCount(100);
            window.page.getByText("Show more").click();
            assertThat(items).hasCount(200);
            window.page.getByText("Show more (30 left)").click();
            assertThat(items).hasCount(230);
            window.page.navigate(rig.url() + "/console/ledger/accounts");
            window.page.getByLabel("Code starts with").fill(at + ".02");
            assertThat(window.page.locator("#accounts tbody tr")).hasCount(30);
            window.page.getByLabel("Code starts with").fill("no-such-prefix");
            window.shows("No account's code starts with");
        }
    }

    @Test
    void aLongStatementIsTurnedOverWithItsRunningBalance() {
        String at = rig.fresh();
        String asset = rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        String equity = rig.open(at + ".b", AccountType.EQUITY, ConsoleRig.EUR, "");
        for (int i = 1; i <= 60; i++) {
            rig.transfer(asset, equity, "1.00", Details.reference("step " + i));
        }
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + asset);
            Locator rows = window.page.locator("#statement tbody tr");
            assertThat(rows).hasCount(50);
            assertThat(rows.first()).containsText("60.00");
            assertThat(rows.last()).containsText("11.00");
            assertThat(window.page.locator("#chart canvas")).isVisible();
            assertThat(window.page.locator("#chart"))
                    .hasAttribute("aria-label", Pattern.compile("From 0\\.00 before .* to 60\\.00 at the end of .*"));
            window.page.getByText("As a table").click();
            assertThat(window.page.locator(".chart-table tbody tr")).hasCount(1);
            assertThat(window.page.locator(".chart-table tbody tr")).containsText("60.00");
            window.link("Older entries").click();
            assertThat(rows).hasCount(10);
            assertThat(rows.first()).containsText("10.00");
            assertThat(rows.last()).containsText("step 1");
            window.link("Back to newest").click();
            assertThat(rows).hasCount(50);
        }
    }

    @Test
    void theTrialBalanceTiesOnScreenAndInTheFile() throws IOException {
        String at = rig.fresh();
        String asset = rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        String equity = rig.open(at + ".b", AccountType.EQUITY, ConsoleRig.EUR, "");
        rig.transfer(asset, equity, "1234.56");
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/ledger/trial-balance");
            assertThat(window.page.locator("#totals .good").first()).containsText("ties to zero");
            assertThat(window.page.locator("#totals .bad")).hasCount(0);
            window.shows("1,234.56");
            Download file = window.page.waitForDownload(
                    () -> window.link("Download CSV").click());
            assertThat(file.suggestedFilename()).matches("trial-balance-[0-9]+\\.csv");
            List<String> lines = Files.readAllLines(file.path());
            assertThat(lines.getFirst())
                    .isEqualTo("account,currency,debits,credits,balance,normal_side,as_of_sequence");
            BigDecimal net = lines.stream()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .filter(fields -> fields[1].equals("EUR"))
                    .map(fields -> new BigDecimal(fields[2]).subtract(new BigDecimal(fields[3])))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(net).isEqualByComparingTo("0");
            assertThat(lines).anyMatch(line -> line.startsWith(asset + ",EUR,1234.56,0.00,1234.56,debit,"));
        }
    }

    @Test
    void aTransactionNamesTheOtherItemsOfItsLinkedBatch() {
        String at = rig.fresh();
        String cash = rig.open(at + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        List<Outcome> outcomes = rig.ledger
                .submitLinked(List.of(
                        new Command.OpenAccount(
                                at + "-open",
                                AccountSpec.posting(at + ".dora", "Dora", AccountType.LIABILITY, ConsoleRig.EUR, null)),
                        new Command.Transfer(at + "-in", cash, at + ".dora", Money.of(1_200, "EUR"), Details.NONE),
                        new Command.Hold(at + "-hold", at + ".dora", cash, Money.of(300, "EUR"), null, Details.NONE)))
                .join();
        long id = ((Outcome.Posted) outcomes.get(1)).transaction().id();
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.navigate(rig.url() + "/console/ledger/transactions/" + id);
            Locator items = window.page.locator("#linked tbody tr");
            assertThat(items).hasCount(3);
            assertThat(items.nth(0)).containsText("account " + at + ".dora");
            assertThat(items.nth(1)).containsText("transaction " + id + " (this one)");
            assertThat(items.nth(1)).containsText("12.00 EUR");
            items.nth(2).getByRole(AriaRole.LINK).click();
            window.isAt("/console/ledger/holds/" + (id + 1));
        }
    }

    @Test
    void anOperatorOpensFreezesLimitsAndClosesAccounts() {
        String at = rig.fresh();
        rig.summary(at, AccountType.LIABILITY, "");
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(422);
                Window controller = chromium.login(rig, Role.CONTROLLER, "cora")) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + at);
            window.link("Open account under it").click();
            window.page.getByLabel("Code").fill(at + ".carol");
            window.button("Open account").click();
            assertThat(window.page.locator("#name-error")).containsText("1 to 200 characters");
            window.page.locator("#name").fill("Carol");
            window.page.getByLabel("Balance rule").selectOption("DEBITS_MAY_NOT_EXCEED_CREDITS");
            window.page.getByLabel("Overdraft limit").fill("50");
            window.button("Open account").click();
            window.isAt("/console/ledger/accounts/" + at + "\\.carol\\?done");
            assertThat(window.page.locator("#available")).containsText("50.00");

            window.page.getByLabel("Overdraft limit").fill("75.5");
            window.button("Set").click();
            window.shows("Rejected: approval required");
            window.page.locator("#reason-limit").fill("agreed with the branch");
            window.button("Set").click();
            window.isAt("/console/ledger/adjustments/[0-9]+\\?done");
            window.shows("75.50 EUR");
            approve(controller, window.page.url());
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + at + ".carol");
            assertThat(window.page.locator("#available")).containsText("75.50");
            window.page.getByLabel("Overdraft limit").fill("-1");
            window.button("Set").click();
            window.shows("must not be negative");
            window.page.locator("#state").selectOption("debit_frozen");
            window.button("Change").click();
            window.isAt("/console/ledger/accounts/" + at + "\\.carol\\?done");
            assertThat(window.page.locator(".state-debit-frozen")).isVisible();
            assertThat(window.link("Debit…")).hasCount(0);
            assertThat(window.link("Credit…")).isVisible();
            window.page.locator("#state").selectOption("open");
            window.page.locator("#reason-state").fill("the court lifted it");
            window.button("Change").click();
            window.isAt("/console/ledger/adjustments/[0-9]+\\?done");
            approve(controller, window.page.url());
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + at + ".carol");
            assertThat(window.link("Debit…")).isVisible();
            window.button("Change").click();
            window.shows("Rejected: state change not allowed");
            assertThat(window.page.locator("#state")).hasAttribute("aria-invalid", "true");
            window.page.getByText("Close this account…").click();
            window.button("Close it").click();
            window.shows("This account is closed.");
            window.page.locator("#reason-reopen").fill("closed by mistake");
            window.button("Propose to open it again").click();
            window.shows("Somebody else has to approve it");

            window.page.navigate(rig.url() + "/console/ledger/open");
            window.page.getByLabel("Code").fill(at + ".carol");
            window.page.locator("#name").fill("Carol again");
            window.button("Open account").click();
            window.shows("Rejected: account exists");
            assertThat(window.page.getByLabel("Code")).hasAttribute("aria-invalid", "true");
        }
        assertThat(rig.ledger.account(at + ".carol").orElseThrow().state()).isEqualTo(AccountState.CLOSED);
    }

    private static void approve(Window controller, String adjustment) {
        controller.page.navigate(adjustment);
        controller.button("Approve and change").click();
        controller.isAt("/console/ledger/accounts/.*\\?done");
    }

    @Test
    void boundsAreSetCheckedAndTaken() {
        String at = rig.fresh();
        String cash = rig.open(at + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(422)) {
            window.page.navigate(rig.url() + "/console/ledger/open");
            window.page.getByLabel("Code").fill(at + ".savings");
            window.page.locator("#name").fill("Savings");
            window.page.locator("#type").selectOption("LIABILITY");
            window.page.getByLabel("Minimum balance").fill("20");
            window.page.getByLabel("Maximum balance").fill("10");
            window.button("Open account").click();
            assertThat(window.page.locator("#minimumBalance-error")).containsText("must not exceed maximumBalance");
            window.page.getByLabel("Minimum balance").fill("10");
            window.page.getByLabel("Maximum balance").fill("100");
            window.button("Open account").click();
            window.isAt("/console/ledger/accounts/" + at + "\\.savings\\?done");
            rig.transfer(cash, at + ".savings", "50.00");
            window.page.reload();
            assertThat(window.page.locator("#available")).containsText("40.00");

            window.page.getByLabel("Minimum balance").fill("60");
            window.button("Set bounds").click();
            window.shows("Rejected: limit below balance");
            assertThat(window.page.getByLabel("Minimum balance")).hasValue("60");
            window.page.getByLabel("Minimum balance").fill("ten");
            window.button("Set bounds").click();
            window.shows("The field minimumBalance must be a plain decimal number");
            assertThat(window.page.getByLabel("Minimum balance")).hasAttribute("aria-invalid", "true");
            window.page.getByLabel("Minimum balance").fill("10");
            window.page.getByLabel("Maximum balance").fill("70.5");
            window.button("Set bounds").click();
            window.isAt("/console/ledger/accounts/" + at + "\\.savings\\?done");
            window.shows("70.50 EUR");

            window.page.navigate(rig.url() + "/console/ledger/post?debit=" + cash + "&credit=" + at + ".savings");
            window.page.getByLabel("Amount").fill("30");
            window.button("Post").click();
            window.shows("Rejected: above maximum balance");
        }
        assertThat(rig.ledger.account(at + ".savings").orElseThrow().spec().bounds())
                .isEqualTo(new Bounds(1_000L, 7_050L));
    }
}
