package org.exchequer.lab.stage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.shards.ShardedEvidence.Cut;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks ten times a second where the journal of each shard ends, one after the other and then all again, past all
 * proxies. Journals only grow, so this orders what no clock could.
 */
public final class Cuts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Cuts.class);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final long EVERY_MS = 100;
    private static final String END = "SELECT last_sequence FROM ledger.writer";

    private final List<Postgres> databases;
    private final Ticker ticker;
    private final long origin;
    private final List<@Nullable Connection> connections = new ArrayList<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    // Guarded by this.
    private final List<Cut> cuts = new ArrayList<>();

    private Cuts(List<Postgres> databases, Ticker ticker) {
        this.databases = databases;
        this.ticker = ticker;
        this.origin = ticker.nanos();
        databases.forEach(database -> connections.add(null));
        this.thread = Thread.ofPlatform().name("cuts").daemon().unstarted(this::run);
    }

    /** Begins to look. */
    public static Cuts start(List<Postgres> databases, Ticker ticker) {
        Cuts cuts = new Cuts(databases, ticker);
        cuts.thread.start();
        return cuts;
    }

    /** All so far, in order of time. */
    public synchronized List<Cut> all() {
        return List.copyOf(cuts);
    }

    private void run() {
        try {
            do {
                Cut cut = new Cut(TimeUnit.NANOSECONDS.toMillis(ticker.nanos() - origin), ends(), ends());
                synchronized (this) {
                    cuts.add(cut);
                }
            } while (!stop.await(EVERY_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (int shard = 0; shard < databases.size(); shard++) {
            drop(shard);
        }
    }

    private List<Long> ends() {
        List<Long> ends = new ArrayList<>();
        for (int shard = 0; shard < databases.size(); shard++) {
            ends.add(end(shard));
        }
        return ends;
    }

    private long end(int shard) {
        try {
            Connection connection = connections.get(shard);
            if (connection == null) {
                connection = databases.get(shard).connect(PATIENCE);
                connections.set(shard, connection);
            }
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(END)) {
                return row.next() ? row.getLong(1) : -1;
            }
        } catch (SQLException away) {
            // That it does not answer is what half of the faults are about: the cut says so.
            LOG.debug("no end of shard {}: {}", shard, away.getMessage());
            drop(shard);
            return -1;
        }
    }

    private void drop(int shard) {
        Connection connection = connections.set(shard, null);
        if (connection != null) {
            try {
                connection.close();
            } catch (SQLException away) {
                LOG.debug("shard {} was gone already: {}", shard, away.getMessage());
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
