package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.List;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The console while the ledger's database is away, and after. */
@ExtendWith(BrowserWanted.class)
final class OutageTest {

    @Test
    void pagesSayWhatIsAwayAndAFormSurvivesUntilItIsBack() throws Exception {
        try (Chromium chromium = Chromium.launch();
                ConsoleRig rig = ConsoleRig.start()) {
            String cash = rig.open("cash", AccountType.ASSET, ConsoleRig.EUR, "");
            String alice = rig.open("alice", AccountType.LIABILITY, ConsoleRig.EUR, "");
            long first = rig.transfer(cash, alice, "100.00").id();
            try (Window window = chromium.login(rig, Role.OPERATOR)
                    .expecting(503)
                    .expecting(504)
                    .expecting("Error Code 503")) {
                assertThat(window.page.locator("#tx-" + first)).isVisible();
                Page form = window.tab();
                form.navigate(rig.url() + "/console/ledger/post");
                form.getByLabel("Debit account").fill(cash);
                form.getByLabel("Credit account").fill(alice);
                form.getByLabel("Amount").fill("25.00");
                String key = form.locator("#post input[name=key]").inputValue();

                rig.cutOff();
                assertThat(window.page.locator("#latest")).containsText("The books cannot be read right now");
                Page book = window.tab();
                book.navigate(rig.url() + "/console/ledger/trial-balance");
                assertThat(book.locator("main")).containsText("The books cannot be read right now");
                form.locator("#send").click();
                assertThat(form.locator(".alert-warning")).isVisible();
                assertThat(form.locator("#post input[name=key]")).hasValue(key);
                assertThat(form.getByLabel("Amount")).hasValue("25.00");

                rig.reconnect();
                assertThat(window.page.locator("#tx-" + first)).isVisible();
                while (!form.url().contains("/transactions/")) {
                    form.locator("#send").click();
                    assertThat(form.locator(".alert-warning, .t-accounts")).isVisible();
                }
                book.reload();
                assertThat(book.locator("#totals .good")).containsText("ties to zero");
            }
            assertThat(rig.posted(alice)).isEqualTo("125.00");
            assertThat(rig.ledger.lastSequence()).isEqualTo(first + 1);
        }
    }

    @Test
    void pagesOfFraudSayThatPaymentsCannotBeReadWhileTheirDatabaseIsAway() throws Exception {
        try (Chromium chromium = Chromium.launch();
                ConsoleRig rig = ConsoleRig.withInward();
                Window window = chromium.login(rig, Role.OPERATOR).expecting(503)) {
            rig.cutOff("inward");
            for (String path : List.of("", "/queue", "/settings", "/lists")) {
                window.page.navigate(rig.url() + "/console/inward/fraud" + path);
                window.shows("Payments cannot be read right now");
            }
            rig.reconnect("inward");
            for (String path : List.of("", "/queue")) {
                window.page.navigate(rig.url() + "/console/inward/fraud" + path);
                assertThat(window.page.locator("main")).not().containsText("cannot be read");
            }
        }
    }
}
