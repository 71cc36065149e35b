package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.store.Recovery;
import org.exchequer.ledger.testing.CrashVictim;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The writer, PostgreSQL, or both at once are killed with signal 9 again and again under load; then the books are held
 * against the answers that were given. {@code -Dexchequer.test.kills=100} makes it longer.
 */
class LedgerCrashLoopTest {
    private static final int KILLS = Integer.getInteger("exchequer.test.kills", 16);
    private static final long SEED = Long.getLong("exchequer.test.seed", 20_260_101);

    private enum Victim {
        WRITER,
        POSTGRES,
        BOTH
    }

    @Test
    @Timeout(1_800)
    void every_answered_command_is_there_once_and_none_by_half() throws Exception {
        Path folder = TestFolders.create("crash-loop");
        Path postgres = folder.resolve("postgres");
        Path log = folder.resolve("acknowledged");
        SplittableRandom random = new SplittableRandom(SEED);
        int kills = 0;
        for (int life = 0; kills < KILLS; life++) {
            Process program = start(postgres, log, life);
            try (BufferedReader output = program.inputReader()) {
                awaitServing(output, log, life);
                Victim victim = Victim.POSTGRES;
                while (victim == Victim.POSTGRES && kills < KILLS) {
                    // It is killed after so many further answers, not after a time: each kill bites, however slow.
                    awaitAnswers(log, Files.size(log) + 2_000 + random.nextInt(40_000));
                    victim = Victim.values()[random.nextInt(3)];
                    if (victim != Victim.WRITER) {
                        killPostgres(postgres);
                    }
                    kills++;
                }
            } finally {
                program.destroyForcibly();
                assertThat(program.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        verify(postgres, log);
        TestFolders.delete(folder);
    }

    private static void awaitServing(BufferedReader output, Path log, int life) throws IOException {
        String line = output.readLine();
        while (line != null && !line.equals("serving")) {
            line = output.readLine();
        }
        assertThat(line)
                .as("life %d serves; its last words:%n%s", life, lastWords(log))
                .isEqualTo("serving");
    }

    private static void killPostgres(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            Path lock = files.filter(file -> file.endsWith("postmaster.pid"))
                    .findFirst()
                    .orElseThrow();
            long pid = Long.parseLong(Files.readAllLines(lock).getFirst());
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static Process start(Path postgres, Path log, int life) throws IOException {
        Files.writeString(log, "", java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.APPEND);
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashVictim.class.getName(),
                        postgres.toString(),
                        log.toString(),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.appendTo(errors(log).toFile()))
                .start();
    }

    private static Path errors(Path log) {
        return log.resolveSibling("errors");
    }

    private static String lastWords(Path log) throws IOException {
        List<String> lines = Files.readAllLines(errors(log));
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    private static void awaitAnswers(Path log, long size) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Files.size(log) < size) {
            assertThat(System.nanoTime()).as("the victim answers").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void verify(Path folder, Path log) throws IOException, SQLException {
        List<String> acknowledged = Files.readAllLines(log, StandardCharsets.UTF_8);
        assertThat(acknowledged).doesNotHaveDuplicates().hasSizeGreaterThan(KILLS * 1_000);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
                TestLedger ledger = TestLedger.on(postgres.address());
                Connection connection = ledger.connect()) {
            ledger.assertInvariantsHold();
            Expected expected = new Expected();
            try (Statement s = connection.createStatement();
                    ResultSet row = s.executeQuery(
                            "SELECT kind, idempotency_key, amount, pending FROM journal WHERE outcome = 0")) {
                while (row.next()) {
                    expected.take(
                            row.getInt("kind"),
                            row.getString("idempotency_key"),
                            row.getLong("amount"),
                            row.getLong("pending"));
                }
            }
            assertThat(expected.keys.values()).containsOnly(1);
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(expected.keys.keySet());
            assertThat(lost).as("acknowledged and not in the journal").isEmpty();
            for (int i = 0; i < CrashVictim.ACCOUNTS; i++) {
                String account = CrashVictim.account(i);
                Balance balance = ledger.api().balance(account).orElseThrow();
                assertThat(List.of(
                                balance.debits() - balance.credits(),
                                balance.pendingDebits(),
                                balance.pendingCredits()))
                        .as(account)
                        .isEqualTo(List.of(
                                expected.posted.getOrDefault(account, 0L),
                                expected.pendingDebits.getOrDefault(account, 0L),
                                expected.pendingCredits.getOrDefault(account, 0L)));
            }
            long last = ledger.api().lastSequence();
            assertThat(Recovery.load(connection, last).snapshot())
                    .usingRecursiveComparison()
                    .isEqualTo(Recovery.replayAll(connection, last).snapshot());
        }
    }

    /** What the books must hold, by the keys alone. */
    private static final class Expected {
        final Map<String, Integer> keys = new HashMap<>();
        final Map<String, Long> posted = new HashMap<>();
        final Map<String, Long> pendingDebits = new HashMap<>();
        final Map<String, Long> pendingCredits = new HashMap<>();

        void take(int kind, String key, long amount, long pending) {
            keys.merge(key, 1, Integer::sum);
            int slash = key.indexOf('/');
            String deed = slash < 0 ? key : key.substring(0, slash);
            long whole = CrashVictim.amount(deed);
            boolean restIsVoided = CrashVictim.deed(deed) == CrashVictim.Deed.HOLD_POST_AND_VOID;
            switch (kind) {
                case 1 -> {
                    assertThat(amount).isEqualTo(whole);
                    move(deed, whole, 0);
                }
                case 6 -> {
                    assertThat(pending).isEqualTo(whole);
                    move(deed, 0, whole);
                }
                case 7 -> {
                    assertThat(amount).isEqualTo(CrashVictim.posted(deed));
                    assertThat(-pending).isEqualTo(restIsVoided ? amount : whole);
                    move(deed, amount, pending);
                }
                case 8 -> {
                    assertThat(-pending).isEqualTo(whole - CrashVictim.posted(deed));
                    move(deed, 0, pending);
                }
                default -> assertThat(kind).isEqualTo(4);
            }
        }

        private void move(String deed, long amount, long pending) {
            String debit = CrashVictim.account(CrashVictim.debit(deed));
            String credit = CrashVictim.account(CrashVictim.credit(deed));
            posted.merge(debit, amount, Long::sum);
            posted.merge(credit, -amount, Long::sum);
            pendingDebits.merge(debit, pending, Long::sum);
            pendingCredits.merge(credit, pending, Long::sum);
        }
    }
}
