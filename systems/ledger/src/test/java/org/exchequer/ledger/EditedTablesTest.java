package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.store.AccountFold;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A superuser edits what is derived from the journal: it is not obeyed, and what was edited is named. */
class EditedTablesTest {
    private TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());

    @BeforeEach
    void openAccounts() {
        ledger.open("cash", AccountType.ASSET);
        ledger.openDeposit("alice", 500_00);
        ledger.openDeposit("bob", 0);
        ledger.expectPosted(transfer(key(), "cash", "alice", 100_00));
        ledger.expectPosted(transfer(key(), "cash", "bob", 20_00));
        ledger.assertInvariantsHold();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            overdraft_limit = 100000000      | alice: overdraftLimit is 1000000.00 EUR in the database, 500.00 EUR by
            minimum_balance = -1             | alice: minimumBalance is -0.01 EUR in the database, nothing by
            rule = 'NONE', overdraft_limit = 0 | alice: rule is NONE in the database, DEBITS_MAY_NOT_EXCEED_CREDITS by
            state = 'FROZEN'                 | alice: state is FROZEN in the database, OPEN by
            name = 'Mallory'                 | alice: name is another in the database than by
            metadata = '{"subject":"bob"}'   | alice: metadata is another in the database than by
            code = 'alicia'                  | alice: code is alicia in the database, alice by
            overdraft_limit = -5             | alice in the database is no account: overdraftLimit must not be negative
            state = 'OPENISH'                | alice in the database is no account: its type
            """)
    void an_account_that_was_edited_is_named_and_not_obeyed(String set, String says) throws SQLException {
        DatabaseAddress database = ledger.database();
        execute("UPDATE account SET " + set + " WHERE code = 'alice'");
        assertThat(broken())
                .singleElement()
                .satisfies(one -> assertThat(one.detail()).startsWith(says).doesNotContain("Mallory"));

        try (Connection idle = ledger.connect()) {
            assertThat(AccountFold.compareAll(idle).violation()).startsWith(says);
        }

        ledger.close();
        assertThatThrownBy(() -> TestLedger.on(database))
                .isInstanceOf(CorruptBooksException.class)
                .hasMessageStartingWith(says);
    }

    @Test
    void an_account_that_was_added_or_removed_is_named() throws SQLException {
        execute("""
                INSERT INTO account SELECT 4, 'eve', 'Eve', type, normal_side, currency, parent, rule, overdraft_limit,
                       minimum_balance, maximum_balance, metadata, state, opened_at FROM account WHERE id = 3""");
        assertThat(broken())
                .extracting(InvariantResult::detail)
                .contains("eve is in the database, but no entry of the journal opened it");
        execute("DELETE FROM account WHERE code IN ('bob', 'eve')");
        assertThat(broken())
                .extracting(InvariantResult::detail)
                .anyMatch(detail -> detail.startsWith("account number 3 of journal entry 3 is not in the database"));
    }

    @Test
    void accounts_that_were_changed_as_they_may_be_are_what_the_journal_says() {
        ledger.expectChanged(new Command.ChangeAccount(key(), "bob", AccountState.FROZEN, null));
        Outcome.Proposed proposed = (Outcome.Proposed) ledger.api()
                .execute(new Command.ProposeAdjustment(
                        key(),
                        new AccountChange("alice", null, 900_00L, new Bounds(-800_00L, null), null),
                        "a better customer",
                        "ann",
                        Details.NONE));
        ledger.expectChanged(
                new Command.DecideAdjustment(key(), proposed.adjustment().id(), true, "ben", ""));
        DatabaseAddress database = ledger.database();
        ledger.assertInvariantsHold();
        ledger.close();
        ledger = TestLedger.on(database);
        ledger.assertInvariantsHold();
        assertThat(ledger.api().account("alice").orElseThrow().spec().overdraftLimit())
                .isEqualTo(900_00);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE balance SET credits = credits + 100000 WHERE account_id = 2 | alice: the projected balance is 1100.00
            UPDATE balance SET credits = credits + 1000 * (5 - 2 * account_id) WHERE account_id > 1 | the projected
            UPDATE balance SET pending_debits = -700 WHERE account_id = 2 | alice: reserved are -7.00 EUR debit and 0.00
            """)
    void a_balance_that_was_edited_is_named_and_not_served(String edit, String says) throws SQLException {
        DatabaseAddress database = ledger.database();
        execute(edit);
        assertThat(broken()).extracting(InvariantResult::detail).anyMatch(detail -> detail.contains(says));

        ledger.close();
        assertThatThrownBy(() -> TestLedger.on(database))
                .isInstanceOf(CorruptBooksException.class)
                .hasMessageContaining(says);
    }

    @Test
    void what_is_reserved_for_holds_is_taken_over() {
        ledger.api()
                .execute(new Command.Hold(
                        key(), "alice", "bob", TestLedger.eur(30_00), Duration.ofDays(1), Details.NONE));
        ledger.assertInvariantsHold();
        DatabaseAddress database = ledger.database();
        ledger.close();
        ledger = TestLedger.on(database);
        assertThat(ledger.api().balance("alice").orElseThrow().pendingDebits()).isEqualTo(30_00);
        ledger.assertInvariantsHold();
    }

    @Test
    void who_proposed_and_who_decided_an_erasure_stays_as_it_was() throws SQLException {
        execute("""
                INSERT INTO subject_master VALUES (1, '\\x00') ON CONFLICT DO NOTHING;
                INSERT INTO subject_key (name, wrapped, generation)
                    SELECT repeat('a', 32), '\\x00', generation FROM subject_master;
                INSERT INTO subject_erasure (name, subject, author, reason)
                    VALUES (repeat('a', 32), 'cust-1', 'ann', 'request 77')""");
        String refused = "append-only";
        assertThatThrownBy(() -> execute("UPDATE subject_erasure SET author = 'bob'"))
                .hasMessageContaining(refused);
        assertThatThrownBy(
                        () -> execute("UPDATE subject_erasure SET author = 'bob', approved = true, decided_by = 'ann',"
                                + " decided_at = now()"))
                .hasMessageContaining(refused);
        execute("SELECT decide_erasure(id, true, 'ben', '') FROM subject_erasure");
        for (String edit : List.of(
                "UPDATE subject_erasure SET author = 'ben', decided_by = 'ann'",
                "UPDATE subject_erasure SET approved = NULL, decided_by = NULL, decided_at = NULL",
                "DELETE FROM subject_erasure",
                "TRUNCATE subject_erasure")) {
            assertThatThrownBy(() -> execute(edit)).as(edit).hasMessageContaining(refused);
        }
    }

    private List<InvariantResult> broken() {
        return ledger.module().checkInvariants().stream()
                .filter(result -> !result.holds())
                .toList();
    }

    private void execute(String sql) throws SQLException {
        DatabaseAddress admin = ledger.database();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute("SET search_path = ledger");
            s.execute(sql);
        }
    }
}
