package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerModuleTest {
    private TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase());

    @BeforeEach
    void openAccounts() {
        ledger.open("cash", AccountType.ASSET);
        ledger.openDeposit("alice", 0);
        ledger.openDeposit("bob", 0);
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void a_transfer_moves_money_and_shows_everywhere() {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        Outcome.Posted posted = ledger.expectPosted(new Command.Transfer(
                key(), "alice", "bob", eur(4_00), new Details("rent", "case-7", Map.of("note", "May"))));
        Transaction transaction = posted.transaction();
        assertThat(transaction.entries())
                .containsExactly(
                        new Transaction.Entry(Leg.debit("alice", eur(4_00)), -6_00),
                        new Transaction.Entry(Leg.credit("bob", eur(4_00)), -4_00));

        assertThat(ledger.posted("cash")).isEqualTo(10_00);
        assertThat(ledger.posted("alice")).isEqualTo(6_00);
        assertThat(ledger.posted("bob")).isEqualTo(4_00);
        assertThat(ledger.api().transaction(transaction.id())).contains(transaction);
        assertThat(ledger.api().byReference("rent", null, 10).items()).containsExactly(transaction);
        assertThat(ledger.api().byReference("case-7", null, 10).items()).containsExactly(transaction);
        assertThat(ledger.api().outcome(transaction.key())).contains(new Outcome.Posted(transaction, true));
        assertThat(ledger.api().latest(null, 1).items()).containsExactly(transaction);
        assertThat(ledger.api().trialBalance().ties()).isTrue();
        assertThat(ledger.api().trialBalance().totals().getFirst().debits()).isEqualTo(14_00);
        ledger.assertInvariantsHold();
    }

    @Test
    void the_same_key_gets_the_same_answer_and_has_one_effect() {
        Command.Transfer command = transfer(key(), "cash", "alice", 10_00);
        Outcome.Posted first = ledger.expectPosted(command);
        assertThat(ledger.expectPosted(command)).isEqualTo(new Outcome.Posted(first.transaction(), true));

        Command.Transfer refused = transfer(key(), "alice", "bob", 99_00);
        Outcome.Rejected no = ledger.expectRejected(refused);
        assertThat(no.reason()).isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
        assertThat(no.detail()).isEqualTo("alice: available 10.00 EUR, needed 99.00 EUR");
        ledger.expectPosted(transfer(key(), "cash", "alice", 100_00));
        assertThat(ledger.expectRejected(refused))
                .as("a rejection is remembered, though there is money now")
                .isEqualTo(new Outcome.Rejected(no.reason(), no.field(), no.detail(), no.sequence(), true));

        Outcome.Rejected reused = ledger.expectRejected(transfer(command.key(), "cash", "alice", 10_01));
        assertThat(reused.reason()).isEqualTo(RejectionReason.IDEMPOTENCY_KEY_REUSED);
        assertThat(ledger.posted("alice")).isEqualTo(110_00);
        ledger.assertInvariantsHold();
    }

    @Test
    void a_storm_of_one_key_has_one_effect() {
        String key = key();
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            answers.add(ledger.api().submit(transfer(key, "cash", "alice", i % 5 == 4 ? 2_00 : 1_00)));
        }
        List<Outcome> outcomes = answers.stream().map(CompletableFuture::join).toList();
        assertThat(outcomes)
                .filteredOn(o -> o instanceof Outcome.Posted p && !p.replayed())
                .hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.Posted.class::isInstance).hasSize(400);
        assertThat(outcomes)
                .filteredOn(
                        o -> o instanceof Outcome.Rejected r && r.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED)
                .hasSize(100);
        assertThat(ledger.posted("alice")).isEqualTo(1_00);
    }

    @Test
    void racing_withdrawals_never_overdraw() {
        ledger.expectPosted(transfer(key(), "cash", "alice", 100_00));
        List<CompletableFuture<Outcome>> answers = IntStream.range(0, 300)
                .parallel()
                .mapToObj(i -> ledger.api().submit(transfer("race-" + i, "alice", "bob", 1_00)))
                .toList();
        long posted = answers.stream()
                .map(CompletableFuture::join)
                .filter(Outcome.Posted.class::isInstance)
                .count();
        assertThat(posted).isEqualTo(100);
        assertThat(ledger.posted("alice")).isZero();
        assertThat(ledger.posted("bob")).isEqualTo(100_00);
        ledger.assertInvariantsHold();
    }

    @Test
    void a_transaction_is_reversed_once_whoever_races() {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        long id = ledger.expectPosted(new Command.Post(
                        key(),
                        List.of(
                                Leg.debit("alice", eur(3_00)),
                                Leg.credit("bob", eur(2_00)),
                                Leg.credit("cash", eur(1_00))),
                        Details.NONE))
                .transaction()
                .id();
        List<Outcome> outcomes = IntStream.range(0, 20)
                .mapToObj(i -> ledger.api().submit(new Command.Reverse("undo-" + i, id, Details.NONE)))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        assertThat(outcomes).filteredOn(Outcome.Posted.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(o -> o instanceof Outcome.Rejected r && r.reason() == RejectionReason.ALREADY_REVERSED)
                .hasSize(19);
        Transaction reversal = ((Outcome.Posted) outcomes.stream()
                        .filter(Outcome.Posted.class::isInstance)
                        .findFirst()
                        .orElseThrow())
                .transaction();
        assertThat(reversal.reversalOf()).isEqualTo(id);
        assertThat(reversal.entries())
                .extracting(e -> e.leg().side())
                .containsExactly(Side.CREDIT, Side.DEBIT, Side.DEBIT);
        assertThat(ledger.api().reversalsOf(id)).containsExactly(reversal.id());
        assertThat(ledger.expectRejected(new Command.Reverse(key(), reversal.id(), Details.NONE))
                        .reason())
                .isEqualTo(RejectionReason.NOT_REVERSIBLE);
        assertThat(ledger.posted("alice")).isEqualTo(10_00);
        assertThat(ledger.posted("bob")).isZero();
    }

    @Test
    void a_statement_runs_in_pages_with_its_balance() {
        for (int i = 1; i <= 25; i++) {
            ledger.expectPosted(new Command.Transfer(key(), "cash", "alice", eur(i), Details.reference("r" + i)));
        }
        List<StatementLine> lines = new ArrayList<>();
        String cursor = null;
        do {
            Page<StatementLine> page =
                    ledger.api().statement("alice", cursor, 10).orElseThrow();
            lines.addAll(page.items());
            cursor = page.next();
        } while (cursor != null);
        assertThat(lines).hasSize(25);
        assertThat(lines.getFirst().balanceAfter()).isEqualTo(eur(325));
        assertThat(lines.getFirst().reference()).isEqualTo("r25");
        for (int i = 0; i + 1 < lines.size(); i++) {
            assertThat(lines.get(i).balanceAfter().minus(lines.get(i).amount()))
                    .isEqualTo(lines.get(i + 1).balanceAfter());
        }
        assertThat(ledger.api().statement("nobody", null, 10)).isEmpty();
        assertThatThrownBy(() -> ledger.api().statement("alice", "'; DROP", 10)).hasMessageContaining("next");
    }

    @Test
    void what_was_answered_is_there_after_a_restart() {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        Command.Transfer command = transfer(key(), "alice", "bob", 4_00);
        Outcome.Posted first = ledger.expectPosted(command);
        ledger.expectChanged(new Command.ChangeAccount(key(), "bob", AccountState.FROZEN, null));
        long sequence = ledger.api().lastSequence();
        DatabaseAddress database = ledger.database();
        ledger.close();

        ledger = TestLedger.on(database);
        assertThat(ledger.api().lastSequence()).isEqualTo(sequence);
        assertThat(ledger.posted("alice")).isEqualTo(6_00);
        assertThat(ledger.expectPosted(command)).isEqualTo(new Outcome.Posted(first.transaction(), true));
        assertThat(ledger.expectRejected(transfer(key(), "alice", "bob", 1)).reason())
                .isEqualTo(RejectionReason.ACCOUNT_FROZEN);
        ledger.assertInvariantsHold();
    }

    @Test
    void the_journal_takes_no_change_from_anyone() throws SQLException {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        DatabaseAddress admin = ledger.database();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            assertThatThrownBy(() -> s.execute("UPDATE ledger.journal SET amount = 1"))
                    .hasMessageContaining("append-only");
            assertThatThrownBy(() -> s.execute("DELETE FROM ledger.journal")).hasMessageContaining("append-only");
            assertThatThrownBy(() -> s.execute("TRUNCATE ledger.journal")).hasMessageContaining("append-only");
            assertThatThrownBy(() -> s.execute("UPDATE ledger.batch SET hash = '\\x00'"))
                    .hasMessageContaining("append-only");
        }
        try (Connection c = ledger.connect();
                Statement s = c.createStatement()) {
            assertThatThrownBy(() -> s.execute("UPDATE journal SET amount = 1"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> s.execute("DELETE FROM journal")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> s.execute("DELETE FROM statement_page")).hasMessageContaining("permission denied");
        }
    }

    @Test
    void tampering_by_a_superuser_is_found() throws SQLException {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        long id = ledger.expectPosted(transfer(key(), "alice", "bob", 4_00))
                .transaction()
                .id();
        DatabaseAddress admin = ledger.database();
        ledger.close();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute("ALTER TABLE ledger.journal DISABLE TRIGGER ALL");
            s.execute("UPDATE ledger.journal SET reference = 'forged' WHERE sequence = " + id);
        }
        ledger = TestLedger.on(admin);
        assertThat(ledger.module().checkInvariants())
                .filteredOn(result -> !result.holds())
                .singleElement()
                .satisfies(result -> {
                    assertThat(result.statement()).isEqualTo("hash chain unbroken");
                    assertThat(result.detail()).isEqualTo("batch " + id + ".." + id + " does not match its hash");
                });
    }

    @Test
    void a_journal_whose_end_was_cut_off_is_found() throws SQLException {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        long last = ledger.expectPosted(transfer(key(), "alice", "bob", 4_00))
                .transaction()
                .id();
        assertThat(violationsAfter(
                        "ALTER TABLE ledger.journal DISABLE TRIGGER ALL; ALTER TABLE ledger.batch DISABLE TRIGGER ALL;"
                                + "DELETE FROM ledger.journal WHERE sequence = " + last
                                + "; DELETE FROM ledger.batch WHERE last_sequence = " + last))
                .containsExactly(
                        "EUR balances add up to something else than the entries",
                        "the last batch ends at " + (last - 1) + ", the writer's row names " + last
                                + " or another hash");
    }

    @Test
    void an_edit_of_what_was_checked_before_is_found_as_long_as_it_stands() throws SQLException {
        long first = ledger.expectPosted(transfer(key(), "cash", "alice", 10_00))
                .transaction()
                .id();
        ledger.expectPosted(transfer(key(), "alice", "bob", 4_00));
        ledger.assertInvariantsHold();
        ledger.assertInvariantsHold();
        String edit = "ALTER TABLE ledger.journal DISABLE TRIGGER ALL; UPDATE ledger.journal SET reference = ";
        asSuperuser(edit + "'forged' WHERE sequence = " + first);
        String broken = "batch " + first + ".." + first + " does not match its hash";
        assertThat(violations()).containsExactly(broken);
        assertThat(violations()).containsExactly(broken);
        asSuperuser(edit + "NULL WHERE sequence = " + first);
        ledger.assertInvariantsHold();
        assertThat(ledger.module().checkInvariants())
                .extracting(InvariantResult::detail)
                .contains("0 newly checked, 4 once more, 4 in all, up to sequence 5")
                .contains("0 newly checked, 5 once more, 5 in all, up to sequence 5");
    }

    @Test
    void a_wrong_snapshot_of_any_closed_day_is_found_as_long_as_it_stands() throws SQLException {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        for (String day : List.of("2026-01-01", "2026-01-02", "2026-01-03")) {
            assertThat(ledger.api().execute(new Command.CloseDay(key(), LocalDate.parse(day), "me")))
                    .isInstanceOf(Outcome.DayClosed.class);
        }
        ledger.api().trialBalance(); // so that the projection includes everything
        String wrong = "INSERT INTO ledger.day_balance VALUES ('2026-01-02', 3, 1, 0)";
        asSuperuser(wrong);
        assertThat(violations()).hasSize(1);
        assertThat(violations()).singleElement().asString().startsWith("the snapshot of 2026-01-02");
        asSuperuser("DELETE FROM ledger.day_balance WHERE account_id = 3");
        for (int check = 0; check < 3; check++) {
            ledger.assertInvariantsHold();
        }
        asSuperuser(wrong);
        assertThat(IntStream.range(0, 4).mapToObj(i -> violations()))
                .as("each check looks at one of the three once more, and stays where something is wrong")
                .satisfiesExactly(
                        list -> assertThat(list).isEmpty(),
                        list -> assertThat(list).hasSize(1),
                        list -> assertThat(list).hasSize(1),
                        list -> assertThat(list).hasSize(1));
    }

    private void asSuperuser(String sql) throws SQLException {
        DatabaseAddress admin = ledger.database();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    private List<String> violations() {
        return ledger.module().checkInvariants().stream()
                .filter(result -> !result.holds())
                .map(InvariantResult::detail)
                .toList();
    }

    /** What is found after a superuser has run this while the ledger was down. */
    private List<String> violationsAfter(String sql) throws SQLException {
        ledger.api().trialBalance(); // so that the projection includes everything
        DatabaseAddress admin = ledger.database();
        ledger.close();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
        ledger = TestLedger.on(admin);
        return violations();
    }

    @Test
    void books_that_do_not_follow_from_the_journal_are_not_opened() throws SQLException {
        ledger.expectPosted(transfer(key(), "cash", "alice", 10_00));
        ledger.api().trialBalance();
        DatabaseAddress admin = ledger.database();
        ledger.close();
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute("ALTER TABLE ledger.journal DISABLE TRIGGER ALL");
            s.execute("UPDATE ledger.journal SET amount = amount + 1 WHERE amount IS NOT NULL");
            s.execute("UPDATE ledger.projection SET sequence = 0");
            s.execute("DELETE FROM ledger.balance");
        }
        assertThatThrownBy(() -> TestLedger.on(admin)).hasMessageContaining("does not lead to the balance");
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute("UPDATE ledger.journal SET amount = amount - 1 WHERE amount IS NOT NULL");
            s.execute("DELETE FROM ledger.statement_page");
        }
        ledger = TestLedger.on(admin);
        assertThat(ledger.posted("alice")).isEqualTo(10_00);
    }
}
