package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.testing.NodeVictim;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.ChildJvm;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two processes on one database, both posting all the time; the one that writes is stopped, resumed, killed. */
@Timeout(120)
class LedgerTakeoverTest {
    /** What the ledger promises. */
    private static final Duration AFTER_A_KILL = Duration.ofSeconds(5);

    private static final Duration AFTER_A_STOP = Duration.ofSeconds(15);
    private static final Duration STEP = Duration.ofMillis(20);

    private final DatabaseAddress database = TestPostgres.freshDatabase();

    @Test
    void a_standby_takes_over_in_time_and_a_writer_that_was_stopped_writes_nothing_any_more() throws Exception {
        try (TestLedger setUp = TestLedger.on(database, "set-up")) {
            setUp.open("cash", AccountType.ASSET);
            setUp.open("capital", AccountType.EQUITY);
        }
        try (ChildJvm first = start("first");
                ChildJvm second = start("second")) {
            ChildJvm writer = nodeThatWrites().equals("first") ? first : second;
            ChildJvm standby = writer == first ? second : first;
            // Twice: each of them is once the one that is stopped.
            for (int round = 0; round < 2; round++) {
                long epoch = awaitWrites();
                signal("STOP", writer);
                System.out.printf("taken over %d ms after SIGSTOP%n", awaitTakeover(epoch, AFTER_A_STOP));
                long written = rows(epoch);
                signal("CONT", writer);
                awaitState(writer, "standby");
                awaitWrites();
                assertThat(rows(epoch)).as("rows of the deposed epoch").isEqualTo(written);
                ChildJvm deposed = writer;
                writer = standby;
                standby = deposed;
            }
            long epoch = awaitWrites();
            assertThat(writer.kill())
                    .as("ended by the kill, not by a bug before")
                    .isEqualTo(ChildJvm.KILLED);
            System.out.printf("taken over %d ms after kill -9%n", awaitTakeover(epoch, AFTER_A_KILL));
            assertThat(standby.kill())
                    .as("ended by the kill, not by a bug before")
                    .isEqualTo(ChildJvm.KILLED);
        }
        try (TestLedger after = TestLedger.on(database, "after")) {
            // The last of the two was killed as well; its lease has to lapse first.
            Awaitility.await()
                    .atMost(AFTER_A_KILL)
                    .pollInterval(STEP)
                    .until(() -> after.module().engine() != null);
            after.assertInvariantsHold();
            assertThat(after.posted("cash")).isPositive().isEqualTo(accepted());
        }
    }

    private ChildJvm start(String node) throws Exception {
        ChildJvm child = ChildJvm.start(
                List.of(),
                Map.of(NodeVictim.PASSWORD, database.password()),
                NodeVictim.class,
                database.jdbcUrl(),
                node);
        // Either, at first: it has looked.
        assertThat(child.nextLine()).isIn("writer", "standby");
        return child;
    }

    private static void awaitState(ChildJvm node, String state) throws Exception {
        String line = node.nextLine();
        while (!line.equals(state)) {
            line = node.nextLine();
        }
    }

    private static void signal(String name, ChildJvm node) throws Exception {
        Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + node.pid())
                .inheritIO()
                .start();
        assertThat(kill.waitFor()).isZero();
    }

    /** Until the epoch that writes now has written something more; returns it. */
    private long awaitWrites() {
        long before = number("SELECT last_sequence FROM ledger.writer");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(STEP)
                .until(() -> number("SELECT last_sequence FROM ledger.writer") > before + 100);
        return number("SELECT max(epoch) FROM ledger.batch");
    }

    /** Milliseconds until a batch of a later epoch is durable: not only is the role taken, it is played. */
    private long awaitTakeover(long epoch, Duration most) {
        long began = System.nanoTime();
        Awaitility.await()
                .atMost(most)
                .pollInterval(STEP)
                .until(() -> number("SELECT max(epoch) FROM ledger.batch") > epoch);
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    private String nodeThatWrites() {
        return query("SELECT node FROM ledger.writer");
    }

    private long rows(long epoch) {
        return number("SELECT sum(last_sequence - first_sequence + 1) FROM ledger.batch WHERE epoch = " + epoch);
    }

    private long accepted() {
        return number("SELECT count(*) FROM ledger.journal WHERE kind = 1 AND outcome = 0");
    }

    private long number(String sql) {
        return Long.parseLong(query(sql));
    }

    private String query(String sql) {
        try (Connection connection = TestPostgres.connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return String.valueOf(row.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
