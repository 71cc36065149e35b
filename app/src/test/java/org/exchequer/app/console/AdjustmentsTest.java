package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Corrections need four eyes: proposed by one, decided by another, once. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class AdjustmentsTest {
    private static Chromium chromium;
    private static ConsoleRig rig;
    private String fees;
    private String alice;

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
        fees = rig.open(at + ".fees", AccountType.INCOME, ConsoleRig.EUR, "");
        alice = rig.open(at + ".alice", AccountType.LIABILITY, ConsoleRig.EUR, "");
    }

    /** Fills in and sends the form; the number of the adjustment. */
    private long propose(Window window, String reason) {
        window.page.navigate(rig.url() + "/console/ledger/adjustments");
        window.link("Propose adjustment").click();
        window.page.getByLabel("Account of leg 1").fill(fees);
        window.page.getByLabel("Debit of leg 1").fill("9.90");
        window.page.getByLabel("Account of leg 2").fill(alice);
        window.page.getByLabel("Credit of leg 2").fill("9.90");
        window.page.getByLabel("Reason").fill(reason);
        window.button("Propose").click();
        window.isAt("/console/ledger/adjustments/[0-9]+\\?done");
        window.shows("Somebody else has to approve it");
        return Long.parseLong(window.page.url().replaceAll(".*/|\\?.*", ""));
    }

    @Test
    void whoProposesCannotApproveAndSomebodyElseCan() {
        try (Window mary = chromium.login(rig, Role.ADMIN, "mary").expecting(422);
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            long id = propose(mary, "fee was waived");
            assertThat(mary.button("Approve and post")).isDisabled();
            mary.shows("You proposed it, so you cannot approve it");
            mary.page.evaluate("document.querySelector('#approve').submit()");
            mary.shows("Rejected: approver is author");
            mary.shows("APPROVER_IS_AUTHOR");
            assertThat(rig.posted(alice)).isEqualTo("0.00");

            john.page.navigate(rig.url() + "/console/ledger/adjustments");
            assertThat(john.page.locator("#open")).containsText("fee was waived");
            assertThat(john.page.locator("#open")).containsText("mary");
            john.page.navigate(rig.url() + "/console/ledger/adjustments/" + id);
            Page late = john.tab();
            late.navigate(john.page.url());
            john.button("Approve and post").click();
            john.isAt("/console/ledger/transactions/[0-9]+\\?done");
            john.link("adjustment " + id).click();
            john.shows("Approved by");
            john.shows("Approved at");
            john.shows("john");
            assertThat(john.button("Approve and post")).hasCount(0);
            john.page.navigate(rig.url() + "/console/trace?q=" + id);
            assertThat(john.page.locator("#adjustment-" + id)).containsText("found by number");
            assertThat(john.page.locator("[id^=hit-]")).containsText("found by adjustment " + id);
            john.expecting(422);
            late.locator("#reject button").click();
            assertThat(late.locator("main")).containsText("Rejected: adjustment already decided");
        }
        assertThat(rig.posted(alice)).isEqualTo("9.90");
    }

    @Test
    void aTellerProposesAndAControllerRejects() {
        try (Window teller = chromium.login(rig, Role.TELLER, "tess");
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            long id = propose(teller, "typing error");
            teller.shows("Waits for a controller other than you");
            assertThat(teller.button("Reject")).hasCount(0);
            john.page.navigate(rig.url() + "/console/ledger/adjustments/" + id);
            john.page.getByLabel("Why it is rejected").fill("no receipt");
            john.button("Reject").click();
            john.isAt("/console/ledger/adjustments/[0-9]+\\?done");
            assertThat(john.page.locator(".state-rejected")).isVisible();
            john.shows("Rejected at");
            john.shows("no receipt");
            john.shows("Journal position");
            john.page.navigate(rig.url() + "/console/ledger/adjustments");
            assertThat(john.page.locator("#decided")).containsText("typing error");
            assertThat(john.page.locator("#decided")).containsText("by john");
            assertThat(rig.ledger.adjustment(id).orElseThrow().state()).isEqualTo(Adjustment.State.REJECTED);
        }
        assertThat(rig.posted(alice)).isEqualTo("0.00");
    }

    @Test
    void aProposalNeedsAReasonAndBalance() {
        long before = rig.ledger.lastSequence();
        try (Window window = chromium.login(rig, Role.TELLER).expecting(422)) {
            window.page.navigate(rig.url() + "/console/ledger/post?kind=adjustment");
            window.page.getByLabel("Account of leg 1").fill(fees);
            window.page.getByLabel("Debit of leg 1").fill("9.90");
            window.page.getByLabel("Account of leg 2").fill(alice);
            window.page.getByLabel("Credit of leg 2").fill("9.80");
            window.button("Propose").click();
            assertThat(window.page.locator("#reason-error")).hasText("say why the books need it");
            assertThat(rig.ledger.lastSequence()).isEqualTo(before);
            window.page.getByLabel("Reason").fill("rounding");
            window.button("Propose").click();
            window.shows("Rejected: unbalanced");
            assertThat(window.page.getByLabel("Reason")).hasValue("rounding");
        }
        assertThat(rig.ledger.adjustments(true, null, 10).items())
                .noneMatch(open -> open.reason().equals("rounding"));
    }
}
