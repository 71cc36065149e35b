package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Dates: reports as of one, value dates, and the end of day. */
@SuppressWarnings("NullAway.Init") // set up before all tests
@ExtendWith(BrowserWanted.class)
final class DaysTest {
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

    @Test
    void reportsCountByTheDateAskedFor() throws IOException {
        LocalDate today = rig.ledger.businessDate();
        LocalDate valued = today.minusDays(40);
        String at = rig.fresh();
        rig.summary(at, AccountType.ASSET, "");
        String cash = rig.open(at + ".cash", AccountType.ASSET, ConsoleRig.EUR, at);
        String fees = rig.open(at + ".fees", AccountType.INCOME, ConsoleRig.EUR, "");
        rig.transfer(cash, fees, "1000.00", Details.reference("late fee").valued(valued));
        rig.transfer(cash, fees, "234.50");
        String then = "?basis=value&date=" + valued;
        try (Window window = chromium.login(rig, Role.AUDITOR).expecting(422)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + cash);
            assertThat(window.page.locator("#posted")).containsText("1,234.50");
            assertThat(window.page.locator("#statement tbody tr").last()).containsText(valued.toString());
            window.page.locator("#date").fill(valued.toString());
            window.page.getByLabel("Counted by").selectOption("value");
            window.button("Show").click();
            assertThat(window.page.locator("#posted")).containsText("1,000.00");
            assertThat(window.page.locator("#available")).hasCount(0);
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + at + then);
            assertThat(window.page.locator(".tiles")).containsText(Pattern.compile("1,000\\.00\\s*EUR"));
            window.page.navigate(rig.url() + "/console/ledger/accounts" + then);
            assertThat(window.page.locator(".tree")).containsText("1,000.00");
            assertThat(window.page.locator(".tree")).not().containsText("1,234.50");

            window.page.navigate(rig.url() + "/console/ledger/trial-balance" + then);
            assertThat(window.page.locator("#totals .good")).containsText("ties to zero");
            Download file = window.page.waitForDownload(
                    () -> window.link("Download CSV").click());
            assertThat(file.suggestedFilename()).isEqualTo("trial-balance-" + valued + "-by-value-date.csv");
            assertThat(Files.readString(file.path())).contains(cash + ",EUR,1000.00,0.00,1000.00,debit,");

            window.page.navigate(rig.url() + "/console/ledger/balance-sheet" + then);
            assertThat(window.page.locator("#sheet-0")).containsText("ties to zero");
            assertThat(window.page.locator("#sheet-0")).containsText(Pattern.compile("Result so far .*\\s*1,000\\.00"));
            window.page.navigate(rig.url() + "/console/ledger/balance-sheet?basis=booking&date=" + valued);
            window.shows("No entries by then");

            window.page.navigate(
                    rig.url() + "/console/ledger/income-statement?basis=value&from=" + valued + "&to=" + valued);
            assertThat(window.page.locator(".sheet")).containsText(Pattern.compile("Profit\\s*1,000\\.00"));
            window.page.locator("#to").fill(today.toString());
            window.button("Show").click();
            assertThat(window.page.locator(".sheet")).containsText(Pattern.compile("Profit\\s*1,234\\.50"));
            window.page.locator("#from").fill(today.plusDays(1).toString());
            window.button("Show").click();
            assertThat(window.page.locator("#period-error")).containsText("'from' must not be after 'to'");
            for (String page : new String[] {"trial-balance", "balance-sheet", "accounts", "accounts/" + cash}) {
                window.page.navigate(rig.url() + "/console/ledger/" + page + "?date=2026-02-30");
                assertThat(window.page.locator("#date-error")).containsText("'2026-02-30' must be a date");
                assertThat(window.page.locator("#totals, .sheet, .tree, #posted"))
                        .hasCount(0);
            }
        }
    }

    private static long propose(ConsoleRig own, String debit, String credit, LocalDate valueDate) {
        List<Leg> legs = List.of(Leg.debit(debit, Money.of(1, "EUR")), Leg.credit(credit, Money.of(1, "EUR")));
        Command propose = new Command.ProposeAdjustment("late", legs, "a cent", "ann", Details.NONE.valued(valueDate));
        return ((Outcome.Proposed) own.ledger.execute(propose)).adjustment().id();
    }

    /** One after the other, since a closed day stays closed for all that follows. */
    @Test
    void aDayIsClosedAfterAWordOfWarningAndThenStaysAsItIs() throws Exception {
        try (ConsoleRig own = ConsoleRig.start();
                Window window = chromium.login(own, Role.CONTROLLER, "mary").expecting(422)) {
            LocalDate today = own.ledger.businessDate();
            LocalDate yesterday = today.minusDays(1);
            String cash = own.open("cash", AccountType.ASSET, ConsoleRig.EUR, "");
            String alice = own.open("alice", AccountType.LIABILITY, ConsoleRig.EUR, "");
            own.transfer(cash, alice, "10.00", Details.NONE.valued(yesterday));

            window.page.keyboard().press("g");
            window.page.keyboard().press("e");
            window.isAt("/console/ledger/days");
            assertThat(window.page.locator("#business-date")).hasText(today.toString());
            assertThat(window.page.locator("#closed-through")).hasText("no day yet");
            assertThat(window.page.locator("#day")).hasValue(yesterday.toString());
            window.page.navigate(own.url() + "/console/ledger/days/close?day=soon");
            assertThat(window.page.locator("#day-error")).containsText("must be a date such as");

            window.page.locator("#day").fill(today.plusDays(1).toString());
            window.button("Close…").click();
            window.button("Close " + today.plusDays(1) + " for good").click();
            window.shows("Rejected: day not reached");

            long adjustment = propose(own, cash, alice, yesterday);

            window.page.navigate(own.url() + "/console/ledger/days");
            window.button("Close…").click();
            window.shows("every day before it");
            window.shows("debits equal credits in every currency");
            assertThat(own.ledger.closes(null, 1).items()).isEmpty();
            window.button("Close " + yesterday + " for good").click();
            window.isAt("/console/ledger/days\\?closed=.*");
            window.shows("is closed, durably");
            assertThat(window.page.locator("#closed-through")).hasText(yesterday.toString());
            assertThat(window.page.locator("tbody tr")).containsText("mary");

            window.page.navigate(own.url() + "/console/ledger/days/close?day=" + yesterday);
            window.button("Close " + yesterday + " for good").click();
            window.shows("Rejected: day already closed");

            window.page.navigate(own.url() + "/console/ledger/days?cursor=days~" + yesterday);
            assertThat(window.page.locator("#closed-through")).hasText(yesterday.toString());
            assertThat(window.link("Newest days")).isVisible();

            window.page.navigate(own.url() + "/console/ledger/adjustments/" + adjustment);
            assertThat(window.button("Approve and post")).isDisabled();
            window.shows("It can only be rejected");
            window.page.evaluate("document.querySelector('#approve').submit()");
            window.shows("Rejected: value date closed");
            window.shows("cannot be approved any more, only rejected");
            window.button("Reject").click();
            window.isAt("/console/ledger/adjustments/[0-9]+\\?done");

            window.login(own, Role.OPERATOR);
            window.page.navigate(own.url() + "/console/ledger/post?debit=cash&credit=alice");
            window.page.getByLabel("Amount").fill("5");
            window.page.getByLabel("Value date").fill(yesterday.toString());
            window.button("Post").click();
            window.shows("Rejected: value date closed");
            assertThat(window.page.getByLabel("Value date")).hasAttribute("aria-invalid", "true");
            window.page.getByLabel("Value date").fill(today.toString());
            window.button("Post").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            assertThat(own.ledger.closes(null, 10).items()).hasSize(1);
            assertThat(own.posted(alice)).isEqualTo("15.00");
        }
    }
}
