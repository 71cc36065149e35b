package org.exchequer.lab.stage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the database ten times a second, past all proxies: who the writer is, where the journal ends, how far it was
 * published. When a new epoch has written, it counts what the earlier ones have: it must stay that.
 */
public final class Watch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final long EVERY_MS = 100;

    private static final String LOOK = """
            SELECT w.epoch, w.node, w.last_sequence,
                   coalesce((SELECT position FROM ledger.relay_position WHERE relay = 'ledger.relay'), 0) AS published,
                   coalesce((SELECT epoch FROM ledger.batch ORDER BY first_sequence DESC LIMIT 1), 0) AS last_epoch
              FROM ledger.writer w""";

    private static final String ROWS = """
            SELECT epoch, sum(last_sequence - first_sequence + 1) AS entries FROM ledger.batch GROUP BY epoch""";

    private final Postgres postgres;
    private final Ticker ticker;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    // Guarded by this.
    private final List<Look> looks = new ArrayList<>();
    private final List<Takeover> takeovers = new ArrayList<>();
    private long lastEpoch;

    /**
     * One look.
     *
     * @param nanos when, by the ticker
     * @param epoch of the writer
     * @param node identity of the writer's node
     * @param end last position of the journal
     * @param published last position that is on the topic
     */
    public record Look(long nanos, long epoch, String node, long end, long published) {}

    /**
     * A new epoch has written.
     *
     * @param nanos when that was seen
     * @param epoch the new one
     * @param node identity of its node
     * @param entries of each earlier epoch, at that moment
     */
    public record Takeover(long nanos, long epoch, String node, Map<Long, Long> entries) {}

    private Watch(Postgres postgres, Ticker ticker) {
        this.postgres = postgres;
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("watch").daemon().unstarted(this::run);
    }

    /** Begins to look. */
    public static Watch start(Postgres postgres, Ticker ticker) {
        Watch watch = new Watch(postgres, ticker);
        watch.thread.start();
        return watch;
    }

    /** The last look, or null before the first. */
    public synchronized @Nullable Look last() {
        return looks.isEmpty() ? null : looks.getLast();
    }

    /** All looks so far. */
    public synchronized List<Look> looks() {
        return List.copyOf(looks);
    }

    /** Epochs that have written since the watch began, in order, the first one included. */
    public synchronized List<Takeover> takeovers() {
        return List.copyOf(takeovers);
    }

    /** Entries of each epoch as they stand in the database now. */
    public static Map<Long, Long> entries(Connection connection) throws SQLException {
        Map<Long, Long> entries = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(ROWS)) {
            while (rows.next()) {
                entries.put(rows.getLong("epoch"), rows.getLong("entries"));
            }
        }
        return entries;
    }

    private void run() {
        try {
            do {
                watchUntilItFails();
            } while (!stop.await(EVERY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watchUntilItFails() throws InterruptedException {
        try (Connection connection = postgres.connect(PATIENCE)) {
            do {
                look(connection);
            } while (!stop.await(EVERY_MS, TimeUnit.MILLISECONDS));
        } catch (SQLException away) {
            // That the database does not answer is what half of the faults are about: the gap in the looks says so.
            LOG.debug("cannot look: {}", away.getMessage());
        }
    }

    private void look(Connection connection) throws SQLException {
        Look seen;
        long wrote;
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(LOOK)) {
            if (!row.next()) {
                return;
            }
            seen = new Look(
                    ticker.nanos(),
                    row.getLong("epoch"),
                    row.getString("node"),
                    row.getLong("last_sequence"),
                    row.getLong("published"));
            wrote = row.getLong("last_epoch");
        }
        boolean fresh;
        synchronized (this) {
            looks.add(seen);
            fresh = wrote > lastEpoch;
        }
        if (fresh) {
            Map<Long, Long> earlier = new HashMap<>(entries(connection));
            earlier.keySet().removeIf(epoch -> epoch >= wrote);
            synchronized (this) {
                lastEpoch = wrote;
                takeovers.add(new Takeover(ticker.nanos(), wrote, seen.node(), Map.copyOf(earlier)));
            }
        }
    }

    /** Looks no more. */
    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
