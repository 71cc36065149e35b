package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Holds by form: reserved, posted in parts, voided, and what they do to the accounts meanwhile. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class HoldsTest {
    private static Chromium chromium;
    private static ConsoleRig rig;
    private String alice;
    private String shop;

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

    @BeforeEach
    void accounts() {
        String at = rig.fresh();
        String cash = rig.open(at + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        alice = rig.open(AccountSpec.posting(at + ".alice", "Alice", AccountType.LIABILITY, ConsoleRig.EUR, null)
                .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
        shop = rig.open(at + ".shop", AccountType.LIABILITY, ConsoleRig.EUR, "");
        rig.transfer(cash, alice, "100.00");
    }

    private void holdForm(Window window, String amount) {
        window.page.navigate(rig.url() + "/console/ledger/post?kind=hold&debit=" + alice + "&credit=" + shop);
        window.page.getByLabel("Amount").fill(amount);
    }

    private Locator holds(Window window, String account) {
        window.page.navigate(rig.url() + "/console/ledger/accounts/" + account);
        return window.page.locator("#holds tbody tr");
    }

    @Test
    void anAmountIsReservedPostedInPartAndTheRestReleased() {
        try (Window window = chromium.login(rig, Role.TELLER)) {
            holdForm(window, "70.00");
            window.page.getByLabel("Expires after").fill("2");
            window.page.getByLabel("Unit of the time").selectOption("hours");
            window.page.getByLabel("Reference").fill("hotel");
            assertThat(window.page.locator("#preview"))
                    .containsText("70.00 EUR reserved to be debited, available then 30.00");
            window.button("Hold").click();
            window.isAt("/console/ledger/holds/[0-9]+\\?done");
            window.shows("Reserved, and durable");
            assertThat(window.page.locator("#remaining")).containsText("70.00");
            assertThat(window.page.locator("main time")).hasCount(2);
            String hold = window.page.url();

            Locator row = holds(window, alice);
            assertThat(row).hasCount(1);
            assertThat(row).containsText("hotel");
            assertThat(window.page.locator("#posted")).containsText("100.00");
            assertThat(window.page.locator("#held")).containsText(Pattern.compile("to be debited\\s*70\\.00"));
            assertThat(window.page.locator("#available")).containsText("30.00");

            window.page.navigate(hold.replace("?done", ""));
            window.page.getByLabel("Amount").fill("20.00");
            window.page.getByLabel("Keep the rest reserved").check();
            window.button("Post this hold").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.shows("from a hold");
            assertThat(window.page.locator(".t-account")).hasCount(2);
            window.link("hotel").click();
            assertThat(window.page.locator(".hit")).hasCount(2);
            assertThat(window.page.locator("[id^=hold-]")).containsText(Pattern.compile("Still reserved\\s*50\\.00"));

            holds(window, alice);
            window.page
                    .getByRole(
                            AriaRole.BUTTON, new Page.GetByRoleOptions().setName(Pattern.compile("Void hold [0-9]+")))
                    .click();
            window.isAt("/console/ledger/holds/[0-9]+\\?done");
            assertThat(window.page.locator(".state-voided")).isVisible();
            assertThat(window.button("Post this hold")).hasCount(0);
            assertThat(window.page.locator("#postings tbody tr")).hasCount(1);
            assertThat(window.page.locator("#postings")).containsText("20.00 EUR");
            assertThat(holds(window, alice)).hasCount(0);
            assertThat(window.page.locator("#available")).containsText("80.00");
        }
        assertThat(rig.posted(shop)).isEqualTo("20.00");
    }

    @Test
    void fromTheAccountAHoldIsPostedInFullByOneButton() {
        long id = rig.hold(alice, shop, "40.00");
        try (Window window = chromium.login(rig, Role.TELLER)) {
            holds(window, shop);
            window.button("Post hold " + id + " in full").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.link("hold " + id).click();
            assertThat(window.page.locator(".state-posted")).isVisible();
        }
        assertThat(rig.posted(alice)).isEqualTo("60.00");
    }

    @Test
    void holdsOfTheWholeLedgerAreListedByStateAndReference() {
        long open = rig.hold(alice, shop, "1.00");
        String reference = "stay " + open;
        Command named = new Command.Hold(
                "named-" + open, alice, shop, Money.of(2_00, "EUR"), null, Details.reference(reference));
        long ended = ((Outcome.Held) rig.ledger.execute(named)).pending().id();
        rig.ledger.execute(new Command.VoidPending("void-" + open, ended, Details.NONE));
        try (Window window = chromium.login(rig, Role.AUDITOR).expecting(422)) {
            window.page.keyboard().press("g");
            window.page.keyboard().press("h");
            window.isAt("/console/ledger/holds");
            Locator rows = window.page.locator("#holds tbody tr");
            assertThat(rows.first()).containsText("1.00 EUR");
            assertThat(window.page.locator("#holds")).not().containsText(reference);
            window.page.locator("#state").selectOption("all");
            window.page.getByLabel("Reference or correlation id").fill(reference);
            window.button("Show").click();
            assertThat(rows).hasCount(1);
            assertThat(rows).containsText("voided");
            window.page.navigate(rig.url() + "/console/ledger/holds?cursor=holds~" + open);
            assertThat(window.link("Newest holds")).isVisible();
            window.page.navigate(rig.url() + "/console/trace?q=" + reference);
            assertThat(window.page.locator("#hold-" + ended)).containsText("found by reference");
        }
    }

    @Test
    void whatIsHeldCannotBeSpentAndTheFormsSayWhatIsWrong() {
        long id = rig.hold(alice, shop, "80.00");
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            holdForm(window, "30.00");
            window.button("Hold").click();
            window.shows("Rejected: insufficient funds");
            assertThat(window.page.getByLabel("Debit account")).isFocused();
            window.page.getByLabel("Amount").fill("20.00");
            for (String bad : new String[] {"0", "-1", "1.5", "soon"}) {
                window.page.getByLabel("Expires after").fill(bad);
                window.button("Hold").click();
                assertThat(window.page.locator("#timeout-error")).containsText("whole number of at least 1");
            }
            window.page.getByLabel("Expires after").fill("3651");
            window.button("Hold").click();
            assertThat(window.page.locator("#timeout-error")).containsText("from 1 to 315360000");

            window.page.navigate(rig.url() + "/console/ledger/holds/" + id);
            window.page.getByLabel("Amount").fill("80.01");
            window.button("Post this hold").click();
            window.shows("Rejected: exceeds pending amount");
            assertThat(window.page.getByLabel("Amount")).hasAttribute("aria-invalid", "true");
            assertThat(window.page.getByLabel("Amount")).hasValue("80.01");
            window.page.getByLabel("Amount").fill("0");
            window.button("Post this hold").click();
            window.shows("The field amount must be more than zero");
        }
        assertThat(rig.ledger.pending(id).orElseThrow().remaining().toDecimal()).isEqualTo("80.00");
    }

    @Test
    void aHoldEndsOnceWhateverOldTabsSay() {
        long id = rig.hold(alice, shop, "10.00");
        String address = rig.url() + "/console/ledger/holds/" + id;
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            window.page.navigate(address);
            Page late = window.tab();
            late.navigate(address);
            window.button("Void this hold").click();
            window.isAt("/console/ledger/holds/[0-9]+\\?done");
            late.getByText("Post this hold").click();
            assertThat(late.locator("main")).containsText("Rejected: pending already voided");
            assertThat(late.locator(".state-voided")).isVisible();
        }
        assertThat(rig.posted(shop)).isEqualTo("0.00");
    }
}
