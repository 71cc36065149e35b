package org.exchequer.ledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.jobs.Committer.Connector;
import org.exchequer.ledger.store.BatchEncoder;
import org.exchequer.ledger.store.JournalEntry;
import org.exchequer.ledger.store.JournalWriter;
import org.exchequer.ledger.store.JournalWriter.DeposedException;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.JournalWriter.KeyTakenException;
import org.exchequer.ledger.store.WriterLease;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The writer's way to the journal, over as many connections as it takes: what it is asked for happens, or is refused
 * by the database, or another epoch has begun. Used by one thread at a time.
 */
final class JournalSession {
    private static final Logger LOG = LoggerFactory.getLogger(JournalSession.class);
    private static final long RECONNECT_MS = 200;

    /** Told again and again while the database is away; ends the waiting by throwing. */
    @FunctionalInterface
    interface Patience {
        /** @param nanos how long it has been waited for */
        void databaseAway(long nanos) throws InterruptedException;
    }

    @FunctionalInterface
    interface Query<T> {
        T run(Connection connection) throws SQLException;
    }

    /** The database will not have this, however often it is tried. */
    static final class RejectedByDatabaseException extends Exception {
        private static final long serialVersionUID = 1L;

        final transient SQLException cause;

        RejectedByDatabaseException(SQLException cause) {
            super(cause);
            this.cause = cause;
        }

        boolean isOutOfRoom() {
            return DatabaseTrouble.isOutOfRoom(cause);
        }
    }

    private final Connector connector;
    private final Ticker ticker;
    private final Faults faults;
    private final long leaseMs;
    private final LedgerMeters meters;
    private Head head;
    private boolean inDoubt;
    private @Nullable JournalWriter writer;
    private @Nullable Connection connection;
    private WriterLease.@Nullable Session session;
    private volatile long leaseSeenNanos;

    JournalSession(
            Head head,
            long leaseSeenNanos,
            Connector connector,
            Ticker ticker,
            Faults faults,
            long leaseMs,
            LedgerMeters meters) {
        this.head = head;
        this.leaseSeenNanos = leaseSeenNanos;
        this.connector = connector;
        this.ticker = ticker;
        this.faults = faults;
        this.leaseMs = leaseMs;
        this.meters = meters;
    }

    /** Where the journal ends. */
    Head head() {
        return head;
    }

    /** The ticker before the lease was last renewed, by a batch or otherwise. For any thread. */
    long leaseSeenNanos() {
        return leaseSeenNanos;
    }

    /** Whether the fate of the last batch was open when {@link #append} ended. */
    boolean inDoubt() {
        return inDoubt;
    }

    /**
     * Writes until the batch is durable. When the connection breaks, the fate of the batch is unknown: it is looked up
     * on a new connection, and written again if it did not get in.
     *
     * @throws RejectedByDatabaseException when the database refuses something in the batch itself; nothing was written
     */
    void append(List<JournalEntry> entries, BatchEncoder encoded, Head after, Patience patience)
            throws InterruptedException, DeposedException, KeyTakenException, RejectedByDatabaseException {
        long started = ticker.nanos();
        inDoubt = false;
        while (true) {
            try {
                JournalWriter current = writer();
                if (inDoubt) {
                    Head actual = current.head();
                    if (actual.lastSequence() == after.lastSequence()) {
                        inDoubt = false;
                        head = actual;
                        return;
                    }
                    inDoubt = false;
                }
                long sent = ticker.nanos();
                current.append(head, entries, encoded, after.hash());
                head = after;
                leaseSeenNanos = sent;
                return;
            } catch (KeyTakenException taken) {
                throw taken;
            } catch (SQLException e) {
                // A server that dies for want of room leaves it open; one that lives on has rolled back.
                boolean noRoom = DatabaseTrouble.isOutOfRoom(e) && connectionLives();
                close();
                if (!inDoubt && (noRoom || !DatabaseTrouble.isPassing(e))) {
                    throw new RejectedByDatabaseException(e);
                }
                inDoubt = true;
                LOG.warn("batch {}..{} in doubt: {}", head.lastSequence() + 1, after.lastSequence(), e.getMessage());
                meters.connectionLost();
                patience.databaseAway(ticker.nanos() - started);
                pause();
            }
        }
    }

    /** Reads on the writer's connection. */
    <T> T read(Query<T> query, Patience patience)
            throws InterruptedException, DeposedException, RejectedByDatabaseException {
        long started = ticker.nanos();
        while (true) {
            try {
                writer();
                Connection open = connection;
                if (open == null) {
                    throw new SQLException("no connection", "08003");
                }
                return query.run(open);
            } catch (SQLException e) {
                LOG.warn("cannot read the journal: {}", e.getMessage());
                close();
                if (!DatabaseTrouble.isPassing(e)) {
                    throw new RejectedByDatabaseException(e);
                }
                patience.databaseAway(ticker.nanos() - started);
                pause();
            }
        }
    }

    /** Extends the lease where no batch has done so for a while. */
    void renewIfDue() throws DeposedException, InterruptedException {
        long now = ticker.nanos();
        if (now - leaseSeenNanos < TimeUnit.MILLISECONDS.toNanos(leaseMs / 3)) {
            return;
        }
        try {
            writer().renewLease();
            leaseSeenNanos = now;
        } catch (SQLException e) {
            LOG.warn("cannot renew the lease: {}", e.getMessage());
            close();
            pause();
        }
    }

    /** The writer's connection. A new one first sees to it that the session of the lost one has ended. */
    private JournalWriter writer() throws SQLException {
        JournalWriter open = writer;
        if (open == null) {
            Connection fresh = connector.connect();
            try {
                if (session != null) {
                    WriterLease.end(fresh, session);
                }
                session = WriterLease.session(fresh);
                open = new JournalWriter(fresh, faults, head.epoch(), leaseMs);
            } catch (SQLException e) {
                fresh.close();
                throw e;
            }
            connection = fresh;
            writer = open;
        }
        return open;
    }

    private boolean connectionLives() {
        try {
            return connection != null && connection.isValid(1);
        } catch (SQLException e) {
            LOG.debug("the writer's connection cannot be asked", e);
            return false;
        }
    }

    void close() {
        JournalWriter open = writer;
        if (open != null) {
            open.close();
            writer = null;
            connection = null;
        }
    }

    private static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(RECONNECT_MS);
    }
}
