package org.exchequer.app.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.exchequer.app.cli.ledger.Shell.Done;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Holds, adjustments, dates and reports from the command line. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ControlCommandTest {
    private final LedgerServer server = LedgerServer.start();
    private final Shell shell = Shell.operator(server);
    private final Shell second = new Shell(
            Map.of("EXCHEQUER_URL", server.url(), "EXCHEQUER_TOKEN", server.token("second", Role.CONTROLLER)));

    @BeforeAll
    void open() {
        done("account open 1 --name Assets --type ASSET");
        done("account open cash --name Cash --type ASSET --currency EUR --parent 1");
        done("account open vault --name Vault --type ASSET --currency BTC/8 --parent 1");
        done("account open alice --name Alice --type LIABILITY --currency EUR"
                + " --rule DEBITS_MAY_NOT_EXCEED_CREDITS --opening-balance 100 --contra cash");
        done("account open fees --name Fees --type INCOME --currency EUR");
    }

    @AfterAll
    void close() throws Exception {
        server.close();
    }

    private Done done(String line) {
        return done(shell, line);
    }

    private static Done done(Shell who, String line) {
        Done done = who.ledger(line.split(" "));
        assertThat(done.exitCode()).as(line + ": " + done.err()).isZero();
        return done;
    }

    @Test
    void holds_are_made_posted_in_part_and_voided() {
        String id = done("hold alice fees 5 EUR --timeout 7d --reference card --json")
                .json()
                .path("id")
                .asString();
        assertThat(done("holds alice").out()).contains(id, "card");
        assertThat(done("holds --reference card").out()).contains(id, "pending");
        assertThat(done("balance alice").out()).contains("5.00 Dr");
        assertThat(done("post-hold " + id + " --amount 2 --currency EUR --keep-rest")
                        .out())
                .contains("hold id " + id);
        assertThat(done("show-hold " + id).out()).contains("pending", "remaining 3.00, posted 2.00", "posted by ");
        assertThat(done("void-hold " + id).out()).contains("3.00 EUR released");
        assertThat(done("show-hold " + id).out()).contains("voided");
        assertThat(done("holds --reference card").out()).doesNotContain(id + " ");
        assertThat(done("holds --all --reference card").out()).contains(id, "voided");
        done("hold alice fees 1 EUR");
        assertThat(done("holds --all --limit 1").out()).contains("--cursor");
        assertThat(shell.ledger("holds", "alice", "--all").exitCode()).isEqualTo(64);
        Done again = shell.ledger("post-hold", id);
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("PENDING_ALREADY_VOIDED");
        assertThat(shell.ledger("hold", "alice", "fees", "1", "EUR", "--timeout", "soon")
                        .err())
                .contains("--timeout");
        assertThat(shell.ledger("post-hold", id, "--amount", "1").err()).contains("--currency");
        assertThat(shell.ledger("show-hold", "999999").exitCode()).isEqualTo(1);
    }

    @Test
    void an_adjustment_takes_two_people() {
        String id = done("adjustment propose --reason fee --leg debit:fees:1:EUR --leg credit:alice:1:EUR --json")
                .json()
                .path("id")
                .asString();
        assertThat(done("adjustment list --open").out()).contains("adjustment " + id + " is proposed");
        Done own = shell.ledger("adjustment", "approve", id);
        assertThat(own.exitCode()).isEqualTo(1);
        assertThat(own.err()).contains("APPROVER_IS_AUTHOR");
        assertThat(done(second, "adjustment approve " + id).out()).contains("adjustment id " + id);
        assertThat(done("adjustment show " + id).out())
                .containsPattern("approved by second at 2[^ ]+Z, transaction [0-9]+: fee");
        String other = done("adjustment propose --reason x --leg debit:fees:1:EUR --leg credit:alice:1:EUR --json")
                .json()
                .path("id")
                .asString();
        assertThat(done("adjustment reject " + other + " --reason unproved").out())
                .contains("rejected");
        assertThat(done("adjustment show " + other).out())
                .containsPattern("rejected by [^ ]+ at 2[^ ]+Z, sequence [0-9]+, because unproved: x");
        String next =
                done("adjustment list --limit 1 --json").json().path("next").asString();
        assertThat(done("adjustment list --limit 1 --cursor " + next).out()).contains("adjustment " + id);
        assertThat(shell.ledger("adjustment", "propose", "--reason", "x").err()).contains("--leg");
        assertThat(shell.ledger("adjustment").exitCode()).isEqualTo(64);
    }

    @Test
    void money_moves_on_dates_and_back_in_parts() {
        String id = done("transfer cash alice 10 EUR --value-date 2026-01-31 --json")
                .json()
                .path("id")
                .asString();
        assertThat(done("transaction " + id).out())
                .containsPattern("booked 2[^ ]+Z, booking date 2[0-9-]{9}, value date 2026-01-31");
        assertThat(done("statement alice").out()).containsPattern(id + "  2[^ ]+Z  2[0-9-]{9}  2026-01-31 ");
        assertThat(done("statement alice --to 2020-01-01 --json").json().path("items"))
                .isEmpty();
        assertThat(done("statement alice --from 2020-01-01 --to 2999-01-01").out())
                .contains("2026-01-31");
        assertThat(shell.ledger("statement", "alice", "--from", "2026-02-02", "--to", "2026-02-01")
                        .err())
                .contains("to must not be before from");
        done("reverse " + id + " --amount 4 --currency EUR --reason mistake");
        done("reverse " + id);
        assertThat(done("transaction " + id).out()).contains("reversed by");
        assertThat(shell.ledger("reverse", id).err()).contains("ALREADY_REVERSED");
        assertThat(done("balance alice --value-date 2026-01-31").out())
                .containsPattern("alice +0.00 +10.00 +10.00  Cr +EUR")
                .doesNotContain("AVAILABLE");
        assertThat(done("close-day 2025-12-31").out()).contains("closed through 2025-12-31");
        assertThat(done("days").out()).contains("booking into", "2025-12-31");
        assertThat(done("days --cursor days~2025-12-31 --json").json().path("items"))
                .isEmpty();
        assertThat(done("days --json").json().has("businessDate")).isTrue();
        Done closed = shell.ledger("transfer", "cash", "alice", "1", "EUR", "--value-date", "2025-12-30");
        assertThat(closed.err()).contains("VALUE_DATE_CLOSED");
        assertThat(shell.ledger("transfer", "cash", "alice", "1", "EUR", "--value-date", "yesterday")
                        .exitCode())
                .isEqualTo(64);
        assertThat(shell.ledger("close-day", "2025-12-31").err()).contains("DAY_ALREADY_CLOSED");
        assertThat(shell.ledger("close-day", "tomorrow").exitCode()).isEqualTo(64);
    }

    @Test
    void reports_are_drawn_up_for_a_date() {
        assertThat(done("rollup 1").out()).contains("EUR");
        assertThat(done("trial-balance --booking-date 2020-01-01 --json").json().path("rows"))
                .isEmpty();
        assertThat(done("trial-balance --value-date 2999-12-31").out()).contains("valued until 2999-12-31");
        assertThat(done("balance-sheet").out()).contains("ASSETS", "LIABILITIES", "DIFFERENCE");
        done("transfer cash fees 3 EUR --value-date 2026-02-01");
        assertThat(done("income-statement --from 2026-02-01 --to 2026-02-01 --basis value")
                        .out())
                .containsPattern("INCOME +3.00");
        assertThat(done("history alice --from 2025-01-01 --to 2034-01-01 --json")
                        .json()
                        .path("items"))
                .isNotEmpty();
        assertThat(shell.ledger("balance", "alice", "--booking-date", "2026-01-01", "--value-date", "2026-01-01")
                        .err())
                .contains("--value-date");
        assertThat(shell.ledger("income-statement", "--from", "2026-02-01").err())
                .contains("--to");
        assertThat(shell.ledger("balance-sheet", "--booking-date", "1.2.2026").err())
                .contains("bookingDate");
    }

    @Test
    void accounts_are_frozen_by_side_and_bounded() {
        done("account open bob --name Bob --type LIABILITY --currency EUR --maximum 50");
        assertThat(shell.ledger("transfer", "cash", "bob", "51", "EUR").err()).contains("ABOVE_MAXIMUM_BALANCE");
        assertThat(done("account bounds bob --minimum 0 --maximum 50 --currency EUR")
                        .out())
                .contains("the minimum 0.00 and the maximum 50.00");
        assertThat(shell.ledger("transfer", "bob", "cash", "1", "EUR").err()).contains("BELOW_MINIMUM_BALANCE");
        assertThat(shell.ledger("account", "bounds", "bob").err()).contains("APPROVAL_REQUIRED");
        String[] propose = {"account", "bounds", "bob", "--reason", "bob is a friend"};
        Done proposed = shell.ledger(propose);
        assertThat(proposed.out()).contains("is proposed", "account bob: minimum none, maximum none");
        String id = proposed.out().split(" ")[1];
        assertThat(shell.ledger("adjustment", "approve", id).err()).contains("APPROVER_IS_AUTHOR");
        assertThat(done(second, "adjustment approve " + id).out()).contains("account bob (Bob) is changed");
        done("account freeze bob --side debit");
        assertThat(shell.ledger("transfer", "bob", "cash", "1", "EUR").err()).contains("ACCOUNT_FROZEN");
        done("transfer cash bob 1 EUR");
        assertThat(done("account freeze bob").out()).contains("is frozen");
        assertThat(shell.ledger(("account open carl --name C --type LIABILITY --currency EUR --opening-balance 5"
                                        + " --contra nobody")
                                .split(" "))
                        .err())
                .contains("ACCOUNT_NOT_FOUND");
        assertThat(shell.ledger("account", "open", "x", "--name", "X", "--type", "ASSET", "--contra", "cash")
                        .err())
                .contains("--opening-balance");
    }

    @Test
    void a_whole_ledger_says_that_it_has_no_shards() {
        Done done = shell.run("shards", "list");
        assertThat(done.exitCode()).isEqualTo(1);
        assertThat(done.err()).contains("is one database", "--shards 2");
    }
}
