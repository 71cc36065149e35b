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
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.store.Recovery;
import org.exchequer.ledger.testing.CrashVictim;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole program is killed with signal 9 again and again under load; then the books are held against its answers.
 */
class LedgerCrashLoopTest {
    private static final int LIVES = 20;
    private static final long SEED = 20_260_101;

    @Test
    @Timeout(600)
    void every_answered_transfer_is_there_once_and_none_by_half() throws Exception {
        Path folder = TestFolders.create("crash-loop");
        Path log = folder.resolve("acknowledged");
        SplittableRandom random = new SplittableRandom(SEED);
        for (int life = 0; life < LIVES; life++) {
            Process victim = start(folder.resolve("postgres"), log, life);
            try (BufferedReader output = victim.inputReader()) {
                String line = output.readLine();
                while (line != null && !line.equals("serving")) {
                    line = output.readLine();
                }
                assertThat(line)
                        .as("life %d serves; its last words:%n%s", life, lastWords(log))
                        .isEqualTo("serving");
                // It is killed after so many further answers, not after a time: each life bites, however slow.
                awaitAnswers(log, Files.size(log) + 2_000 + random.nextInt(60_000));
            } finally {
                victim.destroyForcibly();
                assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
            }
        }
        verify(folder.resolve("postgres"), log);
        TestFolders.delete(folder);
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
        assertThat(acknowledged).doesNotHaveDuplicates().hasSizeGreaterThan(LIVES * 100);
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
                TestLedger ledger = TestLedger.on(postgres.address());
                Connection connection = ledger.connect()) {
            ledger.assertInvariantsHold();
            Map<String, Integer> journal = new HashMap<>();
            Map<String, Long> balances = new HashMap<>();
            try (Statement s = connection.createStatement();
                    ResultSet row = s.executeQuery(
                            "SELECT idempotency_key, amount FROM journal WHERE kind = 1 AND outcome = 0")) {
                while (row.next()) {
                    String key = row.getString(1);
                    journal.merge(key, 1, Integer::sum);
                    assertThat(row.getLong(2)).isEqualTo(CrashVictim.amount(key));
                    balances.merge(CrashVictim.account(CrashVictim.debit(key)), CrashVictim.amount(key), Long::sum);
                    balances.merge(CrashVictim.account(CrashVictim.credit(key)), -CrashVictim.amount(key), Long::sum);
                }
            }
            assertThat(journal.values()).containsOnly(1);
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(journal.keySet());
            assertThat(lost).as("acknowledged and not in the journal").isEmpty();
            balances.forEach((account, balance) ->
                    assertThat(ledger.posted(account)).as(account).isEqualTo(balance));
            long last = ledger.api().lastSequence();
            Books.Snapshot recovered = Recovery.load(connection, last).snapshot();
            Books.Snapshot replayed = Recovery.replayAll(connection, last).snapshot();
            assertThat(recovered.debits()).isEqualTo(replayed.debits());
            assertThat(recovered.credits()).isEqualTo(replayed.credits());
        }
    }
}
