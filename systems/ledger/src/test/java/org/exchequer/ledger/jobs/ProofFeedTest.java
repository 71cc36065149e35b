package org.exchequer.ledger.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.store.HashChain;
import org.exchequer.ledger.store.JournalTuples;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.prooflog.LogComparison;
import org.exchequer.prooflog.MalformedNoteException;
import org.exchequer.prooflog.ProofBundle;
import org.exchequer.prooflog.verify.Verifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProofFeedTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final DatabaseAddress database = TestPostgres.freshDatabase();

    private TestLedger start() {
        return TestLedger.on(database, "a", "http://127.0.0.1:1", folder);
    }

    private Path log() {
        return folder.resolve("prooflog/ledger");
    }

    private static void accounts(TestLedger ledger) {
        ledger.open("cash", AccountType.ASSET);
        ledger.open("alice", AccountType.LIABILITY);
    }

    private static long post(TestLedger ledger, int count) {
        long last = 0;
        for (int i = 0; i < count; i++) {
            last = ledger.expectPosted(transfer(key(), "cash", "alice", 100 + i))
                    .transaction()
                    .id();
        }
        return last;
    }

    private static ProofBundle bundle(Proofs proofs, long position) throws MalformedNoteException {
        Proofs.Proof proof = proofs.prove(position);
        assertThat(proof).isInstanceOf(Proofs.Proof.Bundle.class);
        return ProofBundle.parse(((Proofs.Proof.Bundle) proof).text());
    }

    private String verify(Object... more) {
        StringWriter text = new StringWriter();
        Verifier.run(
                Stream.concat(Stream.of(log()), Stream.of(more))
                        .map(String::valueOf)
                        .toList(),
                new PrintWriter(text));
        return text.toString();
    }

    @Test
    void every_entry_of_the_journal_is_proved_with_its_own_bytes() throws Exception {
        long last;
        try (TestLedger ledger = start()) {
            accounts(ledger);
            last = post(ledger, 20);
            Proofs proofs = ledger.module().proofs();
            for (long position = last; position > 0; position--) {
                ProofBundle bundle = bundle(proofs, position);
                assertThat(bundle.index()).isEqualTo(position - 1);
                try (Connection connection = ledger.connect();
                        JournalTuples rows = new JournalTuples(connection, position - 1, position)) {
                    assertThat(bundle.entry()).isEqualTo(rows.next());
                }
            }
            assertThat(proofs.prove(last + 1)).isInstanceOf(Proofs.Proof.NotReady.class);
            Path file = folder.resolve("one.tlog-proof");
            Files.writeString(file, ((Proofs.Proof.Bundle) proofs.prove(last)).text());
            StringWriter text = new StringWriter();
            String vkey = proofs.key().orElseThrow();
            assertThat(Verifier.run(List.of("--bundle", file.toString(), "--key", vkey), new PrintWriter(text)))
                    .as(text.toString())
                    .isZero();
            assertThat(new String(proofs.resource("checkpoint").orElseThrow(), StandardCharsets.UTF_8))
                    .startsWith("exchequer/a/ledger\n");
        }
        assertThat(verify()).startsWith("OK: " + last + " entries");
    }

    @Test
    void it_goes_on_after_a_restart_and_takes_entries_too_long_for_the_log() throws Exception {
        long last;
        try (TestLedger ledger = start()) {
            accounts(ledger);
            last = post(ledger, 3);
            bundle(ledger.module().proofs(), last);
        }
        try (TestLedger ledger = start()) {
            String text = "x".repeat(500);
            Map<String, String> metadata = new TreeMap<>();
            List<Leg> legs = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                legs.add(new Leg("cash", Side.DEBIT, TestLedger.eur(1)));
                legs.add(new Leg("alice", Side.CREDIT, TestLedger.eur(1)));
            }
            for (int i = 0; i < 10; i++) {
                metadata.put("label" + i, text);
            }
            Details details = new Details(null, null, null, metadata);
            last = ledger.expectPosted(new Command.Post(key(), legs, details))
                    .transaction()
                    .id();
            assertThat(bundle(ledger.module().proofs(), last).index()).isEqualTo(last - 1);
        }
        assertThat(verify()).startsWith("OK: " + last + " entries");
        byte[] large = new byte[70_000];
        assertThat(ProofFeed.entry(large)).hasSize(2 + 32 + 4).startsWith(0xff, 0xff);
    }

    /** As a superuser does it: past triggers and roles. */
    private void rewrite(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(sql);
        }
    }

    @Test
    void a_journal_that_was_changed_is_noticed_at_the_next_start_and_the_log_shows_what_was() throws Exception {
        ProofBundle before;
        try (TestLedger ledger = start()) {
            accounts(ledger);
            assertThat(post(ledger, 4)).isEqualTo(6);
            before = bundle(ledger.module().proofs(), 6);
        }
        rewrite("UPDATE ledger.journal SET reference = 'other' WHERE sequence = 5");
        assertTrouble(database, "position 4: another entry is there already", before);
        rewrite("UPDATE ledger.journal SET reference = NULL WHERE sequence = 5");
        try (TestLedger ledger = start()) {
            assertThat(bundle(ledger.module().proofs(), post(ledger, 1)).index())
                    .isEqualTo(6);
        }
        assertTrouble(TestPostgres.freshDatabase(), "position 0: the journal ends here", before);
    }

    private void assertTrouble(DatabaseAddress on, String detail, ProofBundle before) throws Exception {
        try (TestLedger ledger = TestLedger.on(on, "a", "http://127.0.0.1:1", folder)) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(following(ledger).detail()).startsWith(detail));
            assertThat(following(ledger).holds()).isFalse();
            assertThat(bundle(ledger.module().proofs(), 6).entry()).isEqualTo(before.entry());
        }
    }

    /** A superuser's edit, and the first position where it must be found. */
    private record Edit(String sql, long position) {}

    @Test
    void whatever_a_superuser_does_to_the_journal_the_log_contradicts() throws Exception {
        try (TestLedger ledger = start()) {
            accounts(ledger);
            long last = post(ledger, 60);
            bundle(ledger.module().proofs(), last);
        }
        List<Edit> edits = List.of(
                new Edit("UPDATE journal SET amount = amount + 1 WHERE sequence = 17", 16),
                new Edit(
                        "UPDATE journal SET recorded_at = recorded_at + interval '1 microsecond' WHERE sequence = 1",
                        0),
                new Edit(
                        "DELETE FROM journal WHERE sequence = 30;"
                                + "UPDATE journal SET sequence = sequence - 1 WHERE sequence > 30",
                        29),
                new Edit(
                        "UPDATE journal SET sequence = sequence + 1000 WHERE sequence >= 40;"
                                + "UPDATE journal SET sequence = sequence - 999 WHERE sequence >= 1040;"
                                + "INSERT INTO journal SELECT 40, recorded_at, kind, outcome, gen_random_uuid(),"
                                + " request_digest, 'new', debit_account, credit_account, amount FROM journal"
                                + " WHERE sequence = 39",
                        39),
                new Edit(
                        "UPDATE journal SET sequence = 1000 WHERE sequence = 20;"
                                + "UPDATE journal SET sequence = 20 WHERE sequence = 50;"
                                + "UPDATE journal SET sequence = 50 WHERE sequence = 1000",
                        19),
                new Edit("DELETE FROM journal WHERE sequence > 45", 45),
                new Edit("UPDATE journal SET amount = amount * 2 WHERE sequence >= 25 AND amount IS NOT NULL", 24));
        try (Connection connection =
                        DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                Statement superuser = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (Edit edit : edits) {
                superuser.execute("SET LOCAL session_replication_role = replica; SET LOCAL search_path = ledger");
                assertThat(compare(connection)).isEmpty();
                superuser.execute(edit.sql());
                forgeChain(connection);
                assertThat(HashChain.verify(connection, HashChain.beginning(), 1_000)
                                .violation())
                        .as("the forged chain agrees with itself")
                        .isNull();
                assertThat(compare(connection).map(LogComparison.Difference::position))
                        .as(edit.sql())
                        .hasValue(edit.position());
                connection.rollback();
            }
        }
    }

    private Optional<LogComparison.Difference> compare(Connection connection) throws Exception {
        try (LogComparison comparison = LogComparison.open(log(), Optional.empty())) {
            return ProofAudit.compare(connection, comparison, compared -> {});
        }
    }

    /** Makes the hash chain fit the journal as it is now: one batch with the right hash. */
    private static void forgeChain(Connection connection) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update(new byte[32]);
        long rows = 0;
        try (JournalTuples tuples = new JournalTuples(connection, 0, 1_000)) {
            for (byte[] tuple = tuples.next(); tuple != null; tuple = tuples.next()) {
                digest.update(tuple);
                rows++;
            }
        }
        try (Statement s = connection.createStatement()) {
            s.execute("DELETE FROM batch");
            s.execute("INSERT INTO batch VALUES (1, " + rows + ", 1, decode('"
                    + HexFormat.of().formatHex(digest.digest()) + "', 'hex'))");
        }
    }

    private static InvariantResult following(TestLedger ledger) {
        return ledger.module().checkInvariants().getLast();
    }
}
