package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The frame: login, overview, roles, errors, keyboard. */
@SuppressWarnings("NullAway.Init") // set up before all tests
@ExtendWith(BrowserWanted.class)
final class ConsoleTest {
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
    void aLoginLinkOpensOneSession() {
        String link = rig.link(Role.AUDITOR);
        try (Window first = chromium.window();
                Window second = chromium.window()) {
            first.page.navigate(link);
            first.isAt("/console");
            assertThat(first.heading("Overview")).isVisible();
            second.page.navigate(link);
            second.isAt("/console/login\\?error");
            second.shows("used before or has expired");
            second.shows("./exchequer token --login");
        }
    }

    @Test
    void withoutSessionEveryPageLeadsToLogin() {
        try (Window window = chromium.window()) {
            window.page.navigate(rig.url() + "/console/ledger/trial-balance");
            window.isAt("/console/login");
            assertThat(window.page.getByRole(AriaRole.NAVIGATION)).hasCount(0);
        }
    }

    @Test
    void logoutEndsTheSessionAndAPollingPageNotices() {
        try (Window window = chromium.login(rig, Role.AUDITOR).expecting(401)) {
            Page other = window.tab();
            other.navigate(rig.url() + "/console");
            window.button("Log out").click();
            window.isAt("/console/login\\?logout");
            window.shows("You are logged out");
            other.waitForURL(rig.url() + "/console/login");
        }
    }

    @Test
    void overviewShowsInvariantsAndChecksAgain() {
        String at = rig.fresh();
        rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        rig.open(at + ".b", AccountType.LIABILITY, ConsoleRig.EUR, "");
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            Pattern debitsAreCredits =
                    Pattern.compile("debits = credits in every currency:\\s*yes,\\s*([0-9,]+) entries\\s*checked");
            assertThat(window.page.locator("#invariants")).containsText(debitsAreCredits);
            window.page.waitForResponse(
                    response -> response.url().endsWith("/console/invariants"),
                    () -> window.button("Check again").click());
            int before = entries(window, debitsAreCredits);
            rig.transfer(at + ".a", at + ".b", "1.00");
            window.button("Check again").click();
            assertThat(window.page.locator("#invariants"))
                    .containsText(Pattern.compile("yes,\\s*" + (before + 2) + " entries\\s*checked"));
            assertThat(window.page.locator(".verdict-no")).hasCount(0);
        }
    }

    private static int entries(Window window, Pattern pattern) {
        Matcher text =
                pattern.matcher(window.page.locator("#invariants").textContent().replaceAll("\\s+", " "));
        assertThat(text.find()).isTrue();
        return Integer.parseInt(text.group(1).replace(",", ""));
    }

    @Test
    void overviewRefreshesItselfAndKeepsTheFocus() {
        String at = rig.fresh();
        rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        rig.open(at + ".b", AccountType.LIABILITY, ConsoleRig.EUR, "");
        long first = rig.transfer(at + ".a", at + ".b", "1.00").id();
        try (Window window = chromium.login(rig, Role.AUDITOR)) {
            window.page.locator("#tx-" + first).focus();
            long second = rig.transfer(at + ".a", at + ".b", "2.50").id();
            assertThat(window.page.locator("#latest")).containsText("2.50 EUR");
            assertThat(window.page.locator("#tx-" + second)).isVisible();
            assertThat(window.page.locator("#tx-" + first)).isFocused();
        }
    }

    @Test
    void rolesSeeAndDoOnlyTheirOwn() {
        String at = rig.fresh();
        String asset = rig.open(at + ".a", AccountType.ASSET, ConsoleRig.EUR, "");
        String debt = rig.open(at + ".b", AccountType.LIABILITY, ConsoleRig.EUR, "");
        long id = rig.transfer(asset, debt, "1.00").id();
        String transaction = rig.url() + "/console/ledger/transactions/" + id;
        try (Window auditor = chromium.login(rig, Role.AUDITOR).expecting(403);
                Window teller = chromium.login(rig, Role.TELLER).expecting(403);
                Window operator = chromium.login(rig, Role.OPERATOR)) {
            assertThat(auditor.link("Post")).hasCount(0);
            assertThat(teller.link("Post")).isVisible();
            assertThat(teller.link("Open account")).hasCount(0);
            assertThat(operator.link("Open account")).isVisible();
            for (Window window : List.of(auditor, teller)) {
                window.page.navigate(transaction);
                assertThat(window.button("Reverse this transaction")).hasCount(0);
                window.page.navigate(rig.url() + "/console/ledger/accounts/" + asset);
                assertThat(window.button("Change")).hasCount(0);
            }
            operator.page.navigate(transaction);
            assertThat(operator.button("Reverse this transaction")).isVisible();

            auditor.page.navigate(rig.url() + "/console/ledger/post");
            auditor.shows("Your role does not allow this");
            long before = rig.ledger.lastSequence();
            send(teller, "/console/ledger/transactions/" + id + "/reversal");
            teller.shows("Your role does not allow this");
            send(auditor, "/console/ledger/post");
            auditor.shows("Your role does not allow this");
            for (String path : List.of("/adjustments/1/approval", "/adjustments/1/rejection", "/days")) {
                send(teller, "/console/ledger" + path);
                teller.shows("Your role does not allow this");
            }
            for (String path : List.of("/holds/1/post", "/holds/1/void", "/accounts/" + asset + "/bounds")) {
                send(auditor, "/console/ledger" + path);
                auditor.shows("Your role does not allow this");
            }
            auditor.page.navigate(rig.url() + "/console/ledger/days");
            assertThat(auditor.button("Close…")).hasCount(0);
            assertThat(rig.ledger.lastSequence()).isEqualTo(before);
        }
    }

    /** Sends a form that the page does not show, with the session's own CSRF token. */
    private static void send(Window window, String path) {
        window.page.navigate(rig.url() + "/console");
        window.page.waitForNavigation(() -> window.page.evaluate("""
                path => {
                  const form = document.createElement('form');
                  form.method = 'post';
                  form.action = path;
                  form.append(document.querySelector('input[name=_csrf]').cloneNode());
                  for (const [name, value] of [['key', 'forged-1'], ['reason', 'none']]) {
                    const field = document.createElement('input');
                    field.name = name;
                    field.value = value;
                    form.append(field);
                  }
                  document.body.append(form);
                  form.submit();
                }""", path));
    }

    @Test
    void aFormWithoutItsTokenIsRefused() {
        String at = rig.fresh();
        String code = rig.open(at, AccountType.ASSET, ConsoleRig.EUR, "");
        try (Window window = chromium.login(rig, Role.OPERATOR).expecting(403)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + code);
            window.page.evaluate("document.querySelectorAll('input[name=_csrf]').forEach(f => f.remove())");
            window.page.locator("#state").selectOption("frozen");
            window.button("Change").click();
            window.shows("This form has expired");
            assertThat(rig.ledger.account(code).orElseThrow().state()).isEqualTo(AccountState.OPEN);
        }
    }

    @Test
    void whatDoesNotExistIsSaidKindly() {
        try (Window window = chromium.login(rig, Role.AUDITOR).expecting(404).expecting(400)) {
            window.page.navigate(rig.url() + "/console/ledger/accounts/no.such.account");
            window.shows("No account has the code no.such.account");
            window.page.navigate(rig.url() + "/console/ledger/transactions/999999999");
            window.shows("No transaction has the number 999999999");
            window.page.navigate(rig.url() + "/console/ledger/transactions/one");
            window.shows("No transaction has the number one");
            window.page.navigate(rig.url() + "/console/ledger/holds/999999999");
            window.shows("No hold has the number 999999999");
            window.page.navigate(rig.url() + "/console/ledger/adjustments/x");
            window.shows("No adjustment has the number x");
            window.page.navigate(rig.url() + "/console/ledger/trial-balance.csv?date=soon");
            window.shows("must be a date such as 2026-03-01");
            window.page.navigate(rig.url() + "/console/nowhere");
            window.shows("There is no such page");
            String code = rig.open(rig.fresh(), AccountType.ASSET, ConsoleRig.EUR, "");
            window.page.navigate(rig.url() + "/console/ledger/accounts/" + code + "?cursor=made-up");
            window.shows("The address does not make sense");
            assertThat(window.link("Overview").first()).isVisible();
        }
    }

    @Test
    void keyboardLeadsEverywhere() {
        try (Window window = chromium.login(rig, Role.OPERATOR)) {
            window.page.keyboard().press("Tab");
            assertThat(window.link("Skip to content")).isFocused();
            window.page.keyboard().press("Enter");
            window.page.keyboard().press("/");
            assertThat(window.page.getByLabel("Trace money by any id")).isFocused();
            window.page.keyboard().press("?");
            assertThat(window.page.locator("#help")).not().isVisible();
            window.page.locator("main").focus();
            window.page.keyboard().press("?");
            assertThat(window.page.locator("#help")).isVisible();
            window.page.keyboard().press("Escape");
            assertThat(window.page.locator("#help")).not().isVisible();
            window.page.locator("main").focus();
            window.page.keyboard().press("g");
            window.page.keyboard().press("b");
            window.isAt("/console/ledger/trial-balance");
        }
    }
}
