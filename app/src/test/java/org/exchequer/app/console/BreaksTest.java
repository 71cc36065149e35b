package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Details;
import org.exchequer.platform.module.Role;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStatus;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The workbench: a break is found, looked at beside what it may belong to, assigned, and settled by two people. */
@SuppressWarnings("NullAway.Init") // set up before the tests
@ExtendWith(BrowserWanted.class)
final class BreaksTest {
    private static Chromium chromium;
    private static ConsoleRig rig;
    private String nostro;
    private String fees;

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
        nostro = rig.open(at + ".nostro", AccountType.ASSET, ConsoleRig.EUR, "");
        fees = rig.open(at + ".fees", AccountType.EXPENSE, ConsoleRig.EUR, "");
    }

    /** The bank charged a fee that we did not book, and does not know a payment that we did. */
    private long run() {
        rig.transfer(nostro, fees, "7.77", Details.reference("LATE"));
        return rig.reconcile(
                nostro, new Line("bank-1", rig.ledger.businessDate().minusDays(4), -300, "FEE"));
    }

    private TrackedBreak found(String reference) {
        return rig
                .reconciliations()
                .breaks(new BreakFilter(null, nostro, false, null, null, null), null, 10)
                .items()
                .stream()
                .filter(each -> Stream.of(each.ours(), each.theirs())
                        .anyMatch(line -> line != null && line.reference().equals(reference)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void twoPeopleSettleAnAdjustment() {
        long run = run();
        try (Window mary = chromium.login(rig, Role.TELLER, "mary");
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            mary.page.navigate(rig.url() + "/console/reconciliation/runs");
            mary.page.locator("#runs").getByText(nostro).waitFor();
            mary.page.navigate(rig.url() + "/console/reconciliation/runs/" + run);
            mary.shows("2 new breaks");
            mary.hasNoHorizontalOverflow();
            mary.page.navigate(rig.url() + "/console/reconciliation/breaks?account=" + nostro + "&days=3");
            assertThat(mary.page.locator("#breaks tbody tr")).hasCount(1);
            mary.page.locator("#breaks tbody a").click();
            assertThat(mary.page.locator("#theirs")).containsText("FEE");
            assertThat(mary.page.locator("#ours")).containsText("The ledger has no such line.");
            assertThat(mary.page.locator("#candidates")).containsText("LATE");
            mary.hasNoHorizontalOverflow();
            mary.page.getByLabel("Owner").fill("john");
            mary.button("Assign").click();
            mary.shows("made the owner john");
            mary.page.getByLabel("Against account").fill(fees);
            mary.page.getByLabel("Reason of the adjustment").fill("bank charges");
            mary.page.locator("#adjust button").click();
            mary.shows("Waits for a controller other than you");

            john.page.navigate(rig.url() + "/console/reconciliation/breaks?owner=john");
            john.page.locator("#breaks tbody a").click();
            john.shows("bank charges");
            john.button("Approve").click();
            john.isAt("/console/reconciliation/breaks/[0-9]+\\?done");
            john.shows("Posted as");
        }
        assertThat(found("FEE").status()).isEqualTo(BreakStatus.ADJUSTED);
        assertThat(rig.posted(nostro)).isEqualTo("4.77");
    }

    @Test
    void aStatementIsUploadedAndABadOneIsRefusedByLineAndRule() {
        rig.transfer(nostro, fees, "7.77", Details.reference("LATE"));
        String today = rig.ledger.businessDate().toString();
        try (Window mary =
                        chromium.login(rig, Role.TELLER, "mary").expecting(422).expecting(413);
                Window auditor = chromium.login(rig, Role.AUDITOR)) {
            mary.link("Upload statement").click();
            mary.page.getByLabel("Account of the ledger").fill(nostro);
            upload(mary, "bank.csv", "date,amount\n" + today + ",-3.00\nsoon,1\n");
            mary.shows("line 3: date must be a day such as 2026-03-31");
            upload(mary, "bank.xml", "<Document/>");
            mary.shows("BAD_STATEMENT");
            upload(mary, "bank.csv", "x".repeat(2 << 20));
            mary.shows("The body is larger than 1048576 bytes.");
            upload(mary, "bank.csv", "date,amount,reference\n" + today + ",-3.00,FEE\n");
            mary.isAt("/console/reconciliation/runs/[0-9]+");
            mary.shows("2 new breaks");
            assertThat(auditor.link("Upload statement")).hasCount(0);
        }
        assertThat(found("FEE").account()).isEqualTo(nostro);
    }

    private static void upload(Window window, String name, String contents) {
        window.page
                .getByLabel("Statement", new Page.GetByLabelOptions().setExact(true))
                .setInputFiles(new FilePayload(name, "text/plain", contents.getBytes(StandardCharsets.UTF_8)));
        window.button("Reconcile").click();
    }

    @Test
    void whoProposesCannotApproveAndAClosedBreakStaysInTheList() {
        run();
        long id = found("LATE").id();
        try (Window mary = chromium.login(rig, Role.ADMIN, "mary").expecting(422);
                Window john = chromium.login(rig, Role.CONTROLLER, "john")) {
            mary.page.navigate(rig.url() + "/console/reconciliation/breaks/" + id);
            mary.page.getByLabel("Reason to leave it").fill("in transit");
            mary.button("Propose to close it").click();
            assertThat(mary.button("Approve")).isDisabled();
            mary.page.evaluate("document.querySelector('#approve').submit()");
            mary.shows("APPROVER_IS_AUTHOR");
            john.page.navigate(rig.url() + "/console/reconciliation/breaks/" + id);
            john.button("Reject").click();
            john.shows("rejected");
            mary.page.navigate(rig.url() + "/console/reconciliation/breaks/" + id);
            mary.page.getByLabel("Reason to leave it").fill("in transit");
            mary.button("Propose to close it").click();
            john.page.navigate(rig.url() + "/console/reconciliation/breaks/" + id);
            john.button("Approve").click();
            john.isAt("/console/reconciliation/breaks/[0-9]+\\?done");
            john.page.navigate(rig.url() + "/console/reconciliation/breaks?account=" + nostro);
            assertThat(john.page.locator("#breaks tbody tr")).hasCount(1);
            john.page.locator("#which").selectOption("all");
            john.button("Show").click();
            assertThat(john.page.locator("#breaks tbody tr")).hasCount(2);
            assertThat(john.page.locator(".state-closed")).isVisible();
        }
    }
}
