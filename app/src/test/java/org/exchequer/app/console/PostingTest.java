package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.regex.Pattern;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Posting and reversing by form: once, whatever the browser does, and with a clear word when it is refused. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class PostingTest {
    /** Sends the form as it stands without leaving the page; answers where the server leads to. */
    private static final String SEND_IN_PAGE =
            "fetch('/console/ledger/post', {method: 'POST', body: new URLSearchParams(new FormData("
                    + "document.getElementById('post')))}).then(answer => answer.url)";

    private static Chromium chromium;
    private static ConsoleRig rig;
    private String cash;
    private String alice;
    private String bob;

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
        cash = rig.open(at + ".cash", AccountType.ASSET, ConsoleRig.EUR, "");
        alice = customer(at + ".alice");
        bob = customer(at + ".bob");
        rig.transfer(cash, alice, "100.00");
    }

    private static String customer(String code) {
        return rig.open(AccountSpec.posting(code, "Customer " + code, AccountType.LIABILITY, ConsoleRig.EUR, null)
                .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
    }

    private void transferForm(Window window, String debit, String credit, String amount) {
        window.page.navigate(rig.url() + "/console/ledger/post");
        window.page.getByLabel("Debit account").fill(debit);
        window.page.getByLabel("Credit account").fill(credit);
        window.page.getByLabel("Amount").fill(amount);
    }

    private static Locator account(Window window, String code) {
        return window.page.locator(".t-account").filter(new Locator.FilterOptions().setHasText(code));
    }

    @Test
    void aTransferShowsBothTAccountsAndTheBalancesChange() {
        try (Window window = chromium.login(rig, Role.TELLER)) {
            transferForm(window, alice, bob, "30.50");
            window.page.getByLabel("Reference").fill("rent");
            assertThat(window.page.locator("#preview")).containsText("EUR balanced");
            assertThat(window.page.locator("#preview")).containsText("69.50");
            window.button("Post").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.shows("Posted, and durable");
            assertThat(account(window, alice)).containsText(Pattern.compile("before\\s*100\\.00"));
            assertThat(account(window, alice).locator(".t-line td").first()).hasText("30.50");
            assertThat(account(window, alice)).containsText(Pattern.compile("after\\s*69\\.50"));
            assertThat(account(window, bob).locator(".t-line td").last()).hasText("30.50");
            assertThat(account(window, bob)).containsText(Pattern.compile("after\\s*30\\.50"));
            window.link(alice).click();
            assertThat(window.page.locator("#posted")).containsText("69.50");
            assertThat(window.page.locator("#statement")).containsText("rent");
        }
        assertThat(rig.posted(alice)).isEqualTo("69.50");
        assertThat(rig.posted(bob)).isEqualTo("30.50");
    }

    @Test
    void aDoubleClickAndASecondSendingPostOnce() {
        try (Window window = chromium.login(rig, Role.TELLER)) {
            transferForm(window, alice, bob, "10.00");
            long before = rig.ledger.lastSequence();
            Object both = window.page.evaluate("() => Promise.all([1, 2].map(() => " + SEND_IN_PAGE + "))");
            assertThat(both.toString()).matches("\\[(\\S+)\\?done, \\1\\?replayed]|\\[(\\S+)\\?replayed, \\2\\?done]");
            window.button("Post").dblclick();
            window.isAt("/console/ledger/transactions/[0-9]+\\?replayed");
            window.shows("nothing was done again");
            window.page.reload();
            assertThat(rig.ledger.lastSequence()).isEqualTo(before + 1);
            assertThat(rig.posted(bob)).isEqualTo("10.00");
        }
    }

    @Test
    void aUsedFormWithOtherContentsIsRefusedAndGetsANewKey() {
        try (Window window = chromium.login(rig, Role.TELLER).expecting(409)) {
            transferForm(window, alice, bob, "10.00");
            String key = window.page.locator("#post input[name=key]").inputValue();
            assertThat(window.page.evaluate("() => " + SEND_IN_PAGE).toString()).endsWith("?done");
            window.page.getByLabel("Amount").fill("11.00");
            window.button("Post").click();
            window.shows("Rejected: idempotency key reused");
            assertThat(window.link(key)).isVisible();
            assertThat(window.page.locator("#post input[name=key]").inputValue())
                    .isNotEqualTo(key);
            assertThat(rig.posted(bob)).isEqualTo("10.00");
        }
    }

    @Test
    void whatTheLedgerRejectsIsSaidAtTheFieldAndTheNextTryHasANewKey() {
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            transferForm(window, alice, bob, "100.01");
            String key = window.page.locator("#post input[name=key]").inputValue();
            window.button("Post").click();
            window.shows("Rejected: insufficient funds");
            window.shows("INSUFFICIENT_FUNDS");
            assertThat(window.page.getByLabel("Debit account")).hasAttribute("aria-invalid", "true");
            assertThat(window.page.getByLabel("Debit account")).isFocused();
            assertThat(rig.ledger.outcome(key)).get().isInstanceOf(Outcome.Rejected.class);
            window.page.getByLabel("Amount").fill("100.00");
            window.button("Post").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
        }
        assertThat(rig.posted(alice)).isEqualTo("0.00");
    }

    @Test
    void everyFieldAtFaultIsNamedAndNothingIsSent() {
        long before = rig.ledger.lastSequence();
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            transferForm(window, "nobody", bob, "10.005");
            assertThat(window.page.locator("#preview")).containsText("Debit account: no account has this code");
            window.button("Post").click();
            window.shows("Not sent. Correct the marked fields.");
            assertThat(window.page.locator("#debitAccount-error")).hasText("no account has this code");
            assertThat(window.page.locator("#amount-error")).hasText("EUR has 2 decimals, the amount has 3");
            transferForm(window, alice, bob, "-5");
            window.button("Post").click();
            assertThat(window.page.locator("#amount-error")).hasText("must be more than zero");
            transferForm(window, alice, bob, "1e3");
            window.button("Post").click();
            assertThat(window.page.locator("#amount-error")).containsText("plain decimal number");
            transferForm(window, alice, bob, "99999999999999999999");
            window.button("Post").click();
            assertThat(window.page.locator("#amount-error")).isVisible();
            transferForm(window, alice, bob, "1.00");
            window.page.getByLabel("Labels").fill("no equals sign");
            window.button("Post").click();
            assertThat(window.page.locator("#metadata-error")).hasText("line 1 must be name=value");
        }
        assertThat(rig.ledger.lastSequence()).isEqualTo(before);
    }

    @Test
    void severalLegsAreCheckedWhileTypingAndRefusedWhenUnbalanced() {
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            window.page.navigate(rig.url() + "/console/ledger/post?kind=journal");
            leg(window, 1, cash, "50.00", "");
            leg(window, 2, alice, "", "30.00");
            assertThat(window.page.locator("#preview")).containsText("EUR not balanced: 20.00 too much on the debit");
            window.button("Post").click();
            window.shows("Rejected: unbalanced");
            assertThat(window.page.locator("#legs-error")).isVisible();
            window.button("Add leg").click();
            assertThat(window.page.getByLabel("Account of leg 3")).isFocused();
            assertThat(window.page.getByLabel("Debit of leg 1")).hasValue("50.00");
            window.button("Add leg").click();
            assertThat(window.page.getByLabel("Account of leg 4")).isFocused();
            leg(window, 3, bob, "", "20.00");
            window.button("Remove leg 4").click();
            assertThat(window.page.getByLabel("Account of leg 4")).hasCount(0);
            assertThat(window.page.locator("#preview")).containsText("EUR balanced");
            window.button("Post").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            assertThat(window.page.locator(".t-account")).hasCount(3);
        }
        assertThat(rig.posted(bob)).isEqualTo("20.00");
    }

    @Test
    void aFormLongerThanThePageMakesIsRefusedAndNotCut() {
        long before = rig.ledger.lastSequence();
        try (Window window = chromium.login(rig, Role.TELLER).expecting(400).expecting("Error Code 400")) {
            window.page.navigate(rig.url() + "/console/ledger/post?kind=journal");
            leg(window, 1, cash, "1.00", "");
            leg(window, 2, alice, "", "1.00");
            window.page.evaluate("""
                    () => {
                      const leg = document.querySelectorAll('fieldset.leg')[1];
                      for (let i = 0; i < 100; i++) {
                        leg.after(leg.cloneNode(true));
                      }
                    }""");
            window.button("Post").click();
            window.shows("legs: must be at most 100");
        }
        assertThat(rig.ledger.lastSequence()).isEqualTo(before);
    }

    private static void leg(Window window, int number, String code, String debit, String credit) {
        window.page.getByLabel("Account of leg " + number).fill(code);
        window.page.getByLabel("Debit of leg " + number).fill(debit);
        window.page.getByLabel("Credit of leg " + number).fill(credit);
    }

    @Test
    void aTransactionIsReversedOnceAndTheSecondTimeRefused() {
        long id = rig.transfer(alice, bob, "40.00").id();
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(422)) {
            String address = rig.url() + "/console/ledger/transactions/" + id;
            window.page.navigate(address);
            Page late = window.tab();
            late.navigate(address);
            window.page.getByLabel("Reason").fill("typed twice");
            window.button("Reverse this transaction").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.shows("typed twice");
            window.link("transaction " + id).click();
            assertThat(window.button("Reverse this transaction")).hasCount(0);
            window.shows("Reversed by");
            late.getByLabel("Reason").fill("me too");
            late.locator("#reverse button").click();
            assertThat(late.locator("main")).containsText("Rejected: already reversed");
            assertThat(late.locator("main")).containsText("Reversed by");
        }
        assertThat(rig.posted(alice)).isEqualTo("100.00");
        assertThat(rig.posted(bob)).isEqualTo("0.00");
    }

    @Test
    void aTransactionIsReversedInPartsUntilNothingIsLeft() {
        long id = rig.transfer(alice, bob, "40.00").id();
        String address = rig.url() + "/console/ledger/transactions/" + id;
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(422)) {
            window.page.navigate(address);
            window.page.getByLabel("Amount").fill("15.00");
            window.page.getByLabel("Reason").fill("first part");
            window.button("Reverse this transaction").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.page.navigate(address);
            window.shows("partly reversed");
            assertThat(window.page.locator("#reversals")).containsText("25.00 EUR not reversed yet");
            assertThat(window.page.locator("#reversals tbody tr")).containsText("first part");
            window.page.getByLabel("Amount").fill("25.01");
            window.button("Reverse this transaction").click();
            window.shows("Rejected: exceeds reversible amount");
            assertThat(window.page.getByLabel("Amount")).hasAttribute("aria-invalid", "true");
            window.page.getByLabel("Amount").fill("1,5");
            window.button("Reverse this transaction").click();
            window.shows("The field amount must be a plain decimal number");
            window.page.getByLabel("Amount").fill("");
            window.button("Reverse this transaction").click();
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
            window.page.navigate(address);
            assertThat(window.page.locator("#reversals tbody tr")).hasCount(2);
            assertThat(window.button("Reverse this transaction")).hasCount(0);
        }
        assertThat(rig.posted(alice)).isEqualTo("100.00");
    }

    @Test
    void postingNeedsNoMouse() {
        try (Window window = chromium.login(rig, Role.TELLER)) {
            window.page.keyboard().press("g");
            window.page.keyboard().press("p");
            window.isAt("/console/ledger/post");
            assertThat(window.page.getByLabel("Debit account")).isFocused();
            window.page.keyboard().type(alice);
            window.page.keyboard().press("Tab");
            window.page.keyboard().type(bob);
            window.page.keyboard().press("Tab");
            window.page.keyboard().type("5.00");
            window.page.keyboard().press("Enter");
            window.isAt("/console/ledger/transactions/[0-9]+\\?done");
        }
        assertThat(rig.posted(bob)).isEqualTo("5.00");
    }

    @Test
    void anOutcomeThatIsNotKnownIsAskedAgainUnderTheSameKey() {
        rig.faults.arm("ledger.commit.after", point -> {
            rig.faults.disarm(point);
            throw new IllegalStateException("the answer got lost");
        });
        try (Window window = chromium.login(rig, Role.TELLER).expecting(504).expecting(503)) {
            transferForm(window, alice, bob, "12.00");
            String key = window.page.locator("#post input[name=key]").inputValue();
            window.button("Post").click();
            while (!window.page.url().contains("/transactions/")) {
                // Not known, or not taken while the ledger finds its feet again: either way the same form stands.
                assertThat(window.page.locator(".alert-warning")).isVisible();
                assertThat(window.page.locator("#post input[name=key]")).hasValue(key);
                window.button("Post").click();
            }
            window.isAt("/console/ledger/transactions/[0-9]+\\?(done|replayed)");
        } finally {
            rig.faults.disarmAll();
        }
        assertThat(rig.posted(bob)).isEqualTo("12.00");
    }
}
