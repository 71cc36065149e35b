package org.exchequer.ledger.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A whole ledger goes through a file. */
@Timeout(120)
class JournalTransferTest {
    private static final TestLedger ORIGINAL = TestLedger.on(TestPostgres.freshDatabase());
    private static final List<Command> COMMANDS = new ArrayList<>();
    private static byte[] exported = {};

    @BeforeAll
    static void fill() throws Exception {
        ORIGINAL.open("cash", AccountType.ASSET);
        ORIGINAL.openDeposit("alice", 5_00);
        ORIGINAL.openDeposit("bob", 0);
        for (int i = 1; i <= 30; i++) {
            COMMANDS.add(transfer(key(), "cash", i % 2 == 0 ? "alice" : "bob", i * 100L));
        }
        COMMANDS.add(new Command.Transfer(
                UUID.randomUUID().toString(),
                "cash",
                "bob",
                eur(7),
                Details.reference("Überweisung \"7\" \\ 🙂 \u2028")));
        COMMANDS.add(new Command.Post(
                key(),
                List.of(Leg.debit("cash", eur(30)), Leg.credit("alice", eur(10)), Leg.credit("bob", eur(20))),
                Details.reference("three legs")));
        COMMANDS.add(transfer(key(), "alice", "nobody", 1));
        AccountChange wider = new AccountChange("bob", null, null, new Bounds(null, 900_00L), null);
        Command propose = new Command.ProposeAdjustment(key(), wider, "asked", "ann", Details.NONE);
        Outcome proposed = ORIGINAL.api().execute(propose);
        COMMANDS.add(propose);
        COMMANDS.add(new Command.DecideAdjustment(
                key(), ((Outcome.Proposed) proposed).adjustment().id(), true, "ben"));
        COMMANDS.add(transfer(key(), "bob", "alice", 1_000_000));
        // One after the other and together: batches of one and of many.
        COMMANDS.subList(0, 5).forEach(command -> ORIGINAL.api().execute(command));
        List<CompletableFuture<Outcome>> answers = COMMANDS.subList(5, COMMANDS.size()).stream()
                .map(command -> ORIGINAL.api().submit(command))
                .toList();
        answers.forEach(CompletableFuture::join);
        exported = export(ORIGINAL.connect());
    }

    @AfterAll
    static void close() {
        ORIGINAL.close();
    }

    @Test
    void comes_back_with_the_same_ids_hashes_balances_and_answers() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        JournalExport.Summary summary = importInto(database, exported);
        assertThat(summary.entries()).isEqualTo(ORIGINAL.api().lastSequence());
        try (TestLedger copy = TestLedger.on(database)) {
            assertThat(copy.api().trialBalance()).isEqualTo(ORIGINAL.api().trialBalance());
            assertThat(copy.api().accounts("", null, 100))
                    .isEqualTo(ORIGINAL.api().accounts("", null, 100));
            assertThat(copy.api().statement("bob", null, 100))
                    .isEqualTo(ORIGINAL.api().statement("bob", null, 100));
            assertThat(copy.api().byReference("three legs", null, 10).items()).hasSize(1);
            for (Command command : COMMANDS) {
                Outcome replay = copy.api().execute(command);
                assertThat(ORIGINAL.api().outcome(command.key())).contains(replay);
            }
            assertThat(chain(copy)).isEqualTo(chain(ORIGINAL));
            assertThat(copy.api().lastSequence()).isEqualTo(summary.entries());
            assertThat(export(copy.connect())).isEqualTo(exported);
            copy.assertInvariantsHold();
            assertThat(copy.expectPosted(transfer(key(), "cash", "bob", 1))
                            .transaction()
                            .id())
                    .isEqualTo(summary.entries() + 1);
        }
    }

    @Test
    void the_same_journal_becomes_the_same_bytes() throws Exception {
        assertThat(export(ORIGINAL.connect())).isEqualTo(exported);
        assertThat(lines(exported).getFirst())
                .startsWith("{\"format\":\"exchequer-journal\",\"version\":1,\"columns\":[[\"sequence\",\"bigint\"],");
        assertThat(lines(exported).getLast()).startsWith("{\"end\":{\"entries\":\"");
    }

    @Test
    void is_exported_as_of_one_moment_while_others_post() throws Exception {
        try (TestLedger busy = TestLedger.on(TestPostgres.freshDatabase())) {
            busy.open("cash", AccountType.ASSET);
            busy.open("capital", AccountType.EQUITY);
            List<CompletableFuture<Outcome>> answers = Collections.synchronizedList(new ArrayList<>());
            Consumer<Long> post = at -> {
                for (int i = 0; i < 1_000; i++) {
                    answers.add(busy.api().submit(transfer(key(), "cash", "capital", 1)));
                }
            };
            for (int i = 0; i < 15; i++) {
                post.accept(0L);
            }
            answers.forEach(CompletableFuture::join);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            long entries;
            try (Connection connection = busy.connect()) {
                // Called in the middle, after 10,000.
                entries = JournalExport.write(connection, out, post::accept).entries();
            }
            answers.forEach(CompletableFuture::join);
            assertThat(busy.api().lastSequence()).isGreaterThan(entries);
            assertThat(importInto(TestPostgres.freshDatabase(), out.toByteArray())
                            .entries())
                    .isEqualTo(entries);
        }
    }

    @Test
    void a_file_that_was_cut_is_refused_wherever_it_was() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        for (int tenths = 0; tenths < 10; tenths++) {
            byte[] cut = Arrays.copyOf(exported, exported.length * tenths / 10);
            assertThatThrownBy(() -> importInto(database, cut)).isInstanceOf(BadJournalException.class);
        }
        List<String> lines = lines(exported);
        assertRefused(database, lines.subList(0, lines.size() - 1), "line " + lines.size() + ": the closing line");
        assertThat(importInto(database, exported).entries()).isPositive();
    }

    @Test
    void a_file_that_was_changed_is_refused_and_the_line_named() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        int row = indexOf("Überweisung");
        assertRefused(database, changed(row, "Überweisung", "Überweisung2"), "do not match the batch's hash");
        assertRefused(database, changed(row, "\"7\"", "\"8\""), "do not match the batch's hash");
        assertRefused(database, changed(row, "[\"", "[\"9"), "line " + (row + 1) + ": entry 9");
        assertRefused(database, changed(row, "\"7\"", "7"), "line " + (row + 1) + ": column amount is not a bigint");
        assertRefused(database, changed(0, "\"version\":1", "\"version\":2"), "line 1: the file is of version 2");
        assertRefused(database, changed(0, "debit_account", "debtor"), "line 1: the file's columns are");
        assertRefused(database, changed(0, "exchequer-journal", "something"), "is not an exported journal");

        List<String> swapped = lines(exported);
        Collections.swap(swapped, 1, 3);
        assertRefused(database, swapped, "line 2: entry 2 stands where 1 must");
        List<String> missing = lines(exported);
        missing.remove(row);
        assertRefused(database, missing, "line " + (row + 1) + ": ");
        List<String> longer = lines(exported);
        longer.add("{}");
        assertRefused(database, longer, "nothing may follow");
        List<String> nonsense = lines(exported);
        nonsense.set(2, "{]");
        assertRefused(database, nonsense, "line 3: not JSON");

        byte[] flipped = exported.clone();
        flipped[flipped.length / 2] ^= 0x10;
        assertThatThrownBy(() -> importInto(database, flipped)).isInstanceOf(BadJournalException.class);
        assertThatThrownBy(() -> importInto(database, "sequence;amount".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(BadJournalException.class)
                .hasMessageContaining("not in gzip format");
        // After all that the ledger is as empty as it was.
        assertThat(importInto(database, exported).entries()).isPositive();
    }

    @Test
    void only_an_empty_ledger_that_nobody_uses_takes_one() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger used = TestLedger.on(database)) {
            assertThatThrownBy(() -> importInto(database, exported))
                    .isInstanceOf(JournalImport.NotPossibleException.class)
                    .hasMessageContaining("the ledger is in use");
            used.open("cash", AccountType.ASSET);
        }
        assertThatThrownBy(() -> importInto(database, exported))
                .isInstanceOf(JournalImport.NotPossibleException.class)
                .hasMessageContaining("is not empty: it has 1 journal entries");
    }

    @Test
    void no_other_writer_begins_while_it_runs() throws Exception {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (Database schema = Database.open(database, "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
                Connection importing = schema.connect();
                Connection rival = schema.connect();
                TestLedger big = TestLedger.on(TestPostgres.freshDatabase())) {
            big.open("cash", AccountType.ASSET);
            big.open("capital", AccountType.EQUITY);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                answers.add(big.api().submit(transfer(key(), "cash", "capital", 1)));
            }
            answers.forEach(CompletableFuture::join);
            byte[] file = export(big.connect());
            List<Boolean> refused = new ArrayList<>();
            JournalImport.read(importing, new ByteArrayInputStream(file), at -> {
                try {
                    if (refused.isEmpty()) {
                        expireLease(database);
                        refused.add(WriterLease.acquire(rival, "rival", "", "", 1_000) == null);
                    }
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(refused).containsExactly(true);
            assertThat(WriterLease.acquire(rival, "rival", "", "", 1_000)).isNotNull();
        }
    }

    /** Without waiting for the row, which the import holds: whoever waits for it is not the writer. */
    private static void expireLease(DatabaseAddress database) throws SQLException {
        try (Connection admin = TestPostgres.connect(database);
                Statement s = admin.createStatement()) {
            s.execute("SET lock_timeout = 100");
            assertThatThrownBy(() -> s.execute("UPDATE ledger.writer SET lease_until = '-infinity'"))
                    .hasMessageContaining("lock timeout");
        }
    }

    private static void assertRefused(DatabaseAddress database, List<String> lines, String message) {
        assertThatThrownBy(() -> importInto(database, pack(lines)))
                .isInstanceOf(BadJournalException.class)
                .hasMessageContaining(message);
    }

    private static int indexOf(String text) {
        List<String> lines = lines(exported);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(text)) {
                return i;
            }
        }
        throw new IllegalArgumentException(text);
    }

    private static List<String> changed(int line, String from, String to) {
        List<String> lines = lines(exported);
        assertThat(lines.get(line)).contains(from);
        lines.set(line, lines.get(line).replaceFirst(java.util.regex.Pattern.quote(from), to));
        return lines;
    }

    private static byte[] export(Connection connection) throws Exception {
        try (connection) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            JournalExport.write(connection, out, at -> {});
            return out.toByteArray();
        }
    }

    private static JournalExport.Summary importInto(DatabaseAddress database, byte[] file) throws Exception {
        try (Database schema = Database.open(database, "ledger", new SimpleMeterRegistry(), OpenTelemetry.noop());
                Connection connection = schema.connect()) {
            return JournalImport.read(connection, new ByteArrayInputStream(file), at -> {});
        }
    }

    private static String chain(TestLedger ledger) throws SQLException {
        try (Connection connection = ledger.connect();
                Statement s = connection.createStatement();
                ResultSet row =
                        s.executeQuery("SELECT string_agg(batch::text, ';' ORDER BY first_sequence) FROM batch")) {
            row.next();
            return row.getString(1);
        }
    }

    private static List<String> lines(byte[] file) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(file))) {
            // Only line feeds end lines; the text holds other characters that some take for such.
            return new ArrayList<>(List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pack(List<String> lines) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
