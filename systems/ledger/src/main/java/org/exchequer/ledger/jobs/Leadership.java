package org.exchequer.ledger.jobs;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.LedgerQueries;
import org.exchequer.ledger.store.Projection;
import org.exchequer.ledger.store.Recovery;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.exchequer.ledger.store.WriterLease;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.platform.module.Foundation;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether this process is the writer. Standby: looks every half second whether the lease has lapsed. Writer:
 * recovers the books from the database and runs committer and projector until stopped or deposed; then standby again.
 */
public final class Leadership {
    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    /** A writer that has not renewed for so long is taken for dead. */
    private static final long LEASE_MS = 3_000;

    private static final long LOOK_MS = 500;

    /** What runs while this process is the writer. */
    public record Engine(Books books, Committer committer, Projector projector) {}

    private final Foundation foundation;
    private final Committer.Connector writerConnector;
    private final Committer.Connector connector;
    private final JournalReader reader;
    private final LedgerMeters meters;
    private final CountDownLatch settled = new CountDownLatch(1);
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Engine engine;
    private volatile @Nullable Holder otherWriter;
    private volatile @Nullable String token;
    private volatile @Nullable RuntimeException broken;

    /**
     * @param writerConnector opens the writer's own connection, named {@link WriterLease#WRITER_SESSION}
     * @param connector opens any other
     */
    public Leadership(
            Foundation foundation,
            Committer.Connector writerConnector,
            Committer.Connector connector,
            JournalReader reader,
            LedgerMeters meters) {
        this.foundation = foundation;
        this.writerConnector = writerConnector;
        this.connector = connector;
        this.reader = reader;
        this.meters = meters;
        this.thread = Thread.ofPlatform().name("ledger-leadership").unstarted(this::run);
    }

    /** Starts, and returns once this process is the writer or has seen that another is. */
    public void start() throws InterruptedException {
        thread.start();
        settled.await();
        RuntimeException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    /** The running engine when this process is the writer, else null. */
    public @Nullable Engine engine() {
        Engine running = engine;
        return running != null && running.committer().end() == null ? running : null;
    }

    /** Who else is the writer, as last seen; null when this process is, or nobody. */
    public @Nullable Holder otherWriter() {
        return engine() == null ? otherWriter : null;
    }

    /** Why this process will never be the writer again, or null. */
    public @Nullable RuntimeException failure() {
        return broken;
    }

    /** The secret of this process's epoch, null when it is not the writer. */
    public @Nullable String token() {
        return engine() == null ? null : token;
    }

    /** Finishes what is queued, gives the lease back, ends. */
    public void stop() throws InterruptedException {
        stop.countDown();
        Engine running = engine;
        if (running != null) {
            running.committer().stop();
        }
        if (thread.isAlive()) {
            thread.join();
        }
    }

    private void run() {
        try {
            do {
                try {
                    tryToLead();
                } catch (SQLException e) {
                    LOG.warn("cannot read the writer's lease: {}", e.getMessage());
                }
            } while (!stop.await(LOOK_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException interrupted) {
            LOG.warn("interrupted, ending");
        } catch (RuntimeException e) {
            broken = e;
            otherWriter = null;
            LOG.error("the ledger cannot serve", e);
        } finally {
            settled.countDown();
        }
    }

    private void tryToLead() throws SQLException, InterruptedException {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        Engine started;
        try (Connection connection = connector.connect()) {
            long asked = foundation.ticker().nanos();
            Head head = WriterLease.acquire(connection, foundation.node(), foundation.baseUrl(), secret, LEASE_MS);
            if (head == null) {
                Holder holder = WriterLease.holder(connection);
                otherWriter = holder.current() ? holder : null;
                settled.countDown();
                return;
            }
            started = recover(connection, head, asked);
        }
        if (started == null) {
            return;
        }
        token = secret;
        engine = started;
        started.projector().start();
        started.committer().start();
        if (stop.getCount() == 0) {
            started.committer().stop();
        }
        LOG.info(
                "writer of epoch {} from sequence {}",
                started.committer().epoch(),
                started.committer().committedSequence());
        settled.countDown();
        started.committer().awaitEnd();
        engine = null;
        started.projector().stop();
        release(started);
    }

    /**
     * Brings the books into memory while the lease is kept alive beside it, however long that takes. Null when another
     * epoch began meanwhile.
     *
     * @param asked the ticker before the lease was taken
     */
    private @Nullable Engine recover(Connection connection, Head head, long asked)
            throws SQLException, InterruptedException {
        long began = foundation.ticker().nanos();
        CountDownLatch recovered = new CountDownLatch(1);
        AtomicLong renewed = new AtomicLong(asked);
        Thread keeper =
                Thread.ofVirtual().name("ledger-lease").start(() -> keepLease(head.epoch(), recovered, renewed));
        Books books;
        Instant lastBooked;
        long position;
        try {
            books = Recovery.load(connection, head.lastSequence());
            lastBooked = LedgerQueries.recordedAt(connection, head.lastSequence());
            position = Projection.position(connection);
        } catch (CorruptBooksException e) {
            // Another writer that took over meanwhile has moved the books on: that is no corruption.
            if (WriterLease.holder(connection).epoch() != head.epoch()) {
                return null;
            }
            throw e;
        } finally {
            recovered.countDown();
            keeper.join();
        }
        if (!WriterLease.renew(connection, head.epoch(), LEASE_MS)) {
            LOG.warn("epoch {} passed while its books were recovered", head.epoch());
            return null;
        }
        LOG.info(
                "recovered {} accounts and a tail of {} entries in {} ms",
                books.size(),
                head.lastSequence() - position,
                TimeUnit.NANOSECONDS.toMillis(foundation.ticker().nanos() - began));
        Projector projector = new Projector(connector, foundation.faults(), head.lastSequence(), position);
        Committer committer = new Committer(
                books,
                head,
                lastBooked,
                renewed.get(),
                writerConnector,
                reader,
                foundation.clock(),
                foundation.ticker(),
                foundation.faults(),
                LEASE_MS,
                sequence -> {
                    projector.journalAt(sequence);
                    projector.throttle();
                },
                meters);
        return new Engine(books, committer, projector);
    }

    private void keepLease(long epoch, CountDownLatch done, AtomicLong renewed) {
        try (Connection connection = connector.connect()) {
            while (!done.await(LEASE_MS / 3, TimeUnit.MILLISECONDS)) {
                long asked = foundation.ticker().nanos();
                if (!WriterLease.renew(connection, epoch, LEASE_MS)) {
                    return;
                }
                renewed.set(asked);
            }
        } catch (SQLException e) {
            LOG.warn("cannot renew the lease during recovery: {}", e.getMessage());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release(Engine ended) {
        if (ended.committer().end() != Committer.End.STOPPED) {
            return;
        }
        try (Connection connection = connector.connect()) {
            WriterLease.release(connection, ended.committer().epoch());
        } catch (SQLException e) {
            LOG.info("the lease was not given back and will lapse by itself: {}", e.getMessage());
        }
    }
}
