package org.exchequer.lab.scenario;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Postgres;
import org.exchequer.lab.stage.Stage;

/** Waits, once every fault is over, until nothing is in doubt over several shards any more, and no slot moves. */
final class Settling {
    /** As the program's documentation has it: 10 s until undecided ones are over, and then as long as a look takes. */
    private static final Duration BOUND = Duration.ofSeconds(15);

    private static final Duration MOST = Duration.ofSeconds(90);
    private static final Duration MOST_MOVES = Duration.ofMinutes(4);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration STEP = Duration.ofMillis(100);

    /** What is reserved for transactions over several shards, once the projection has come to the journal's end. */
    private static final String LEFT = """
            SELECT (SELECT count(*)
                      FROM ledger.pending_transaction p
                      JOIN ledger.journal j ON j.sequence = p.id
                     WHERE p.remaining > 0 AND j.idempotency_key LIKE '~2pc:%')
                 + CASE WHEN (SELECT last_sequence FROM ledger.writer) = (SELECT sequence FROM ledger.projection)
                        THEN 0 ELSE 1 END""";

    private final Stage stage;
    private final Ticker ticker;

    Settling(Stage stage, Ticker ticker) {
        this.stage = stage;
        this.ticker = ticker;
    }

    /** Returns how long it took from now on. */
    Healing await() throws SQLException, InterruptedException {
        long began = ticker.nanos();
        List<Connection> connections = new ArrayList<>();
        try {
            for (Postgres postgres : stage.databases()) {
                connections.add(postgres.connect(PATIENCE));
            }
            long left = left(connections);
            while (left > 0 && ticker.nanos() - began < MOST.toNanos()) {
                Thread.sleep(STEP);
                left = left(connections);
            }
            long took = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - began);
            return new Healing(took, BOUND.toMillis(), left);
        } finally {
            for (Connection connection : connections) {
                connection.close();
            }
        }
    }

    private static long left(List<Connection> connections) throws SQLException {
        long left = 0;
        for (Connection connection : connections) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(LEFT)) {
                row.next();
                left += row.getLong(1);
            }
        }
        return left;
    }

    /** Until no node moves slots: what is read of the journals afterwards belongs together. */
    void awaitMoves() throws InterruptedException {
        long began = ticker.nanos();
        while (moving() && ticker.nanos() - began < MOST_MOVES.toNanos()) {
            Thread.sleep(STEP);
        }
    }

    private boolean moving() throws InterruptedException {
        for (Node node : stage.nodes()) {
            try {
                if (node.get("/ledger/api/v1/shards/moves", stage.token()).contains("\"running\":true")) {
                    return true;
                }
            } catch (IOException notNow) {
                return true;
            }
        }
        return false;
    }
}
