package org.exchequer.ledger.jobs;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.exchequer.ledger.store.Projection;
import org.exchequer.ledger.store.Recovery;
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

    /** Starts, and returns once this process is the writer or knows another one. */
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
            LOG.error("the ledger cannot serve", e);
        } finally {
            settled.countDown();
        }
    }

    private void tryToLead() throws SQLException, InterruptedException {
        Engine started;
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String secret = HexFormat.of().formatHex(random);
        try (Connection connection = connector.connect()) {
            Head head = WriterLease.acquire(connection, foundation.node(), foundation.baseUrl(), secret, LEASE_MS);
            if (head == null) {
                Holder holder = WriterLease.holder(connection);
                otherWriter = holder.current() ? holder : null;
                settled.countDown();
                return;
            }
            started = recover(connection, head);
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

    private Engine recover(Connection connection, Head head) throws SQLException {
        long began = foundation.ticker().nanos();
        Books books = Recovery.load(connection, head.lastSequence());
        long position = Projection.position(connection);
        LOG.info(
                "recovered {} accounts and a tail of {} entries in {} ms",
                books.size(),
                head.lastSequence() - position,
                TimeUnit.NANOSECONDS.toMillis(foundation.ticker().nanos() - began));
        Projector projector = new Projector(connector, foundation.faults(), head.lastSequence(), position);
        Committer committer = new Committer(
                books,
                head,
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
