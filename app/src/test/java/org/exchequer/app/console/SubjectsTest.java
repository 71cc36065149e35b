package org.exchequer.app.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.exchequer.app.console.Chromium.Window;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A person is erased by two admins, on a page that shows nothing of what is sealed; both are in the access log. */
@ExtendWith(BrowserWanted.class)
final class SubjectsTest {
    @Test
    void onePersonProposesToEraseAndAnotherApproves() throws Exception {
        try (Chromium chromium = Chromium.launch();
                ConsoleRig rig = ConsoleRig.start();
                Window auditor = chromium.login(rig, Role.AUDITOR, "ann");
                Window mary = chromium.login(rig, Role.ADMIN, "mary").expecting(409);
                Window john = chromium.login(rig, Role.ADMIN, "john")) {
            AccountSpec plain = AccountSpec.posting("ada", "Ada Lovelace", AccountType.LIABILITY, ConsoleRig.EUR, null);
            AccountSpec ada = new AccountSpec(
                    plain.code(),
                    plain.name(),
                    plain.type(),
                    plain.normalSide(),
                    plain.currency(),
                    null,
                    plain.rule(),
                    0,
                    Map.of("subject", "cust-1"));
            assertThat(rig.ledger.execute(new Command.OpenAccount("open", ada)))
                    .isInstanceOf(Outcome.AccountChanged.class);

            mary.page.navigate(rig.url() + "/console");
            mary.link("Personal data").click();
            assertThat(mary.page.locator("#sealed")).hasText("1");
            mary.page.getByLabel("Person, by the reference").fill("cust-1");
            mary.button("Look up").click();
            mary.page.getByLabel("Why it is to be erased").fill("request 77");
            mary.button("Propose to erase").click();
            mary.isAt("/console/ledger/subjects\\?subject=cust-1&done");
            assertThat(mary.page.locator("#open")).containsText("another admin approves it");
            assertThat(mary.page.locator("#open form[action$=approval]")).hasCount(0);
            mary.page.evaluate(
                    "const f = document.querySelector('#open form'); f.action = f.action.replace('rejection',"
                            + " 'approval'); f.submit()");
            mary.shows("APPROVER_IS_AUTHOR");
            assertThat(rig.ledger.account("ada").orElseThrow().spec().name()).isEqualTo("Ada Lovelace");

            auditor.page.navigate(rig.url() + "/console/ledger/subjects?subject=cust-1");
            assertThat(auditor.page.locator("#open")).containsText("waits for another admin");
            assertThat(auditor.page.locator("main form[method=post]")).hasCount(0);
            assertThat(auditor.page.locator("main")).not().containsText("Lovelace");

            john.page.navigate(rig.url() + "/console/ledger/subjects");
            assertThat(john.page.locator("#open")).containsText("request 77");
            john.button("Erase cust-1 for good").click();
            john.isAt("/console/ledger/subjects\\?subject=cust-1&done");
            assertThat(john.page.locator("#erased")).hasText("1");
            assertThat(john.page.locator("#decided")).containsText("by john");
            john.page.navigate(rig.url() + "/console/ledger/accounts/ada");
            john.shows("(erased)");

            auditor.page.navigate(rig.url() + "/console/access?act=subjects/cust-1/erasures");
            assertThat(auditor.page.locator("#entries")).containsText("mary");
            assertThat(auditor.page.locator("#entries"))
                    .containsText("/console/ledger/subjects/cust-1/erasures/1/approval");
            assertThat(auditor.page.locator("#entries")).containsText("john");
        }
    }
}
