package org.exchequer.lab.fault;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.fault.Injection.Proof;
import org.exchequer.lab.stage.Node;
import org.exchequer.lab.stage.Stage;

/** Clocks put wrong, disks full and slow. */
final class MachineFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Below it a flush is not slow. */
    private static final long SLOW_FLUSH_MS = 80;

    private static final int LOOKS = 120;
    private static final long LOOK_EVERY_MS = 60;

    private final Stage stage;
    private final Ticker ticker;

    MachineFaults(Stage stage, Ticker ticker) {
        this.stage = stage;
        this.ticker = ticker;
    }

    /**
     * A token tells what a node's clock says: put forward, it takes one that is not valid yet; put back, it refuses one
     * that is.
     */
    Injection clockSkew(Node node, Duration skew) throws IOException, InterruptedException {
        node.skewClock(skew);
        Duration half = skew.dividedBy(2);
        boolean forward = !skew.isNegative();
        boolean taken = !forward;
        // The node looks at its skew many times a second.
        for (int look = 0; look < LOOKS && taken != forward; look++) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
            taken = takes(node, half, taken);
        }
        Proof proof = Proof.of(
                taken == forward,
                node.name() + (taken ? " took" : " refused") + " a token that holds from "
                        + half.abs().toSeconds() + (forward ? " s in the future on" : " s ago on"));
        return new Injection(node.name(), () -> {
            node.skewClock(Duration.ZERO);
            return proof;
        });
    }

    /** A node that is only just starting does not answer yet. */
    private boolean takes(Node node, Duration fromNow, boolean otherwise) throws InterruptedException {
        try {
            return stage.takesTokenFrom(node, fromNow);
        } catch (IOException notYet) {
            return otherwise;
        }
    }

    Injection diskFull() throws IOException {
        long left = stage.fillDisk();
        return new Injection("PostgreSQL's disk", () -> {
            stage.emptyDisk();
            return Proof.of(left < 1 << 20, "filled up to the last " + left / 1_024 + " KiB");
        });
    }

    Injection diskSlow(int shard) throws SQLException {
        long before = flushMs(shard);
        stage.postgres(shard).slowDisk(true);
        return new Injection("PostgreSQL's disk", () -> {
            long during = flushMs(shard);
            stage.postgres(shard).slowDisk(false);
            return Proof.of(
                    during >= SLOW_FLUSH_MS,
                    "commits of the lab's own took %d ms (median), %d ms before".formatted(during, before));
        });
    }

    /** Milliseconds that a small commit takes, the median of five: some are carried to the disk by another's flush. */
    private long flushMs(int shard) throws SQLException {
        long[] times = new long[5];
        try (Connection connection = stage.postgres(shard).connect(PATIENCE);
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < times.length; i++) {
                long began = ticker.nanos();
                statement.execute("SELECT pg_logical_emit_message(true, 'exchequer-lab', 'probe')");
                times[i] = TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - began);
            }
        }
        Arrays.sort(times);
        return times[times.length / 2];
    }
}
