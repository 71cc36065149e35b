package org.exchequer.ledger.jobs;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.core.Digest;
import org.exchequer.ledger.store.JournalTuples;
import org.exchequer.ledger.store.LedgerQueries;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.prooflog.PositionConflictException;
import org.exchequer.prooflog.ProofLog;
import org.exchequer.prooflog.ProofLogException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal and appends each entry to a proof log outside the database: position = sequence - 1, bytes = the
 * row's tuple as in the hash chain. Signs a checkpoint at least every second while there is something new.
 *
 * <p>It reads what is committed, as a consumer of events does: a crash leaves it behind, never ahead, and it goes on
 * from the log's own end. Every node keeps a log of its own, under its own key: each is a witness of the others'.
 *
 * <p>A journal that ends before the log, or holds other bytes than the log at one of the last positions, was rewritten
 * or restored to an earlier time. Then it appends nothing more, and says so until somebody has looked.
 */
public final class ProofFeed implements Proofs, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProofFeed.class);

    /** Rows appended between two looks at the clock. */
    private static final int MOST_ROWS = 20_000;

    /** Entries at the log's end that are compared with the journal at each start. */
    private static final int COMPARED = 1_000;

    private static final long SIGN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long SIGN_WHEN_IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long POLL_MS = 100;
    private static final long AFTER_FAILURE_MS = 2_000;
    private static final long CLOSE_MS = 10_000;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

    /** Begins an entry that stands for a tuple too long for the log: no tuple has so many columns. */
    private static final short REFERENCE = (short) 0xffff;

    private final Committer.Connector connector;
    private final ProofLog.Settings settings;
    private final Ticker ticker;
    private final Clock clock;
    private final Object progress = new Object();
    private final Thread thread;
    private volatile @Nullable ProofLog log;
    private volatile @Nullable String trouble;
    private volatile boolean closed;
    private long lastSigned;

    /** @param settings with a name for the checkpoints that is unique to this node */
    public ProofFeed(Committer.Connector connector, ProofLog.Settings settings, Ticker ticker, Clock clock) {
        this.connector = connector;
        this.settings = settings;
        this.ticker = ticker;
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("ledger-proof-feed").unstarted(this::run);
    }

    /** Begins to follow; returns at once. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            try (ProofLog opened = ProofLog.open(settings)) {
                log = opened;
                lastSigned = ticker.nanos();
                while (!closed) {
                    followOnce(opened);
                }
            } catch (ProofLogException e) {
                report(String.valueOf(e.getMessage()));
                pause(AFTER_FAILURE_MS);
            }
        }
    }

    /** Until the connection is lost. */
    private void followOnce(ProofLog opened) {
        try (Connection connection = connector.connect()) {
            follow(opened, connection);
        } catch (PositionConflictException e) {
            // The log is sound, so it goes on showing what it has.
            report(String.valueOf(e.getMessage()));
            pause(AFTER_FAILURE_MS);
        } catch (SQLException e) {
            if (!closed) {
                report("the journal cannot be read: " + e.getMessage());
                pause(AFTER_FAILURE_MS);
            }
        }
    }

    private void follow(ProofLog opened, Connection connection) throws SQLException {
        long next = Math.max(0, opened.size() - COMPARED);
        while (!closed) {
            long last = LedgerQueries.lastSequence(connection);
            if (last < opened.size()) {
                throw new PositionConflictException(
                        last,
                        "the journal ends here, its proof log has " + opened.size()
                                + " entries: the journal was cut off, or restored to an earlier time");
            }
            if (next < last) {
                long upTo = Math.min(last, next + MOST_ROWS);
                append(opened, connection, next, upTo);
                opened.commit();
                next = upTo;
            }
            trouble = null;
            long unsignedFor = ticker.nanos() - lastSigned;
            if (unsignedFor >= SIGN_NANOS || (next == last && unsignedFor >= SIGN_WHEN_IDLE_NANOS)) {
                sign(opened);
            }
            if (next == last) {
                pause(POLL_MS);
            }
        }
    }

    private static void append(ProofLog opened, Connection connection, long after, long upTo) throws SQLException {
        try (JournalTuples rows = new JournalTuples(connection, after, upTo)) {
            for (long position = after; position < upTo; position++) {
                byte[] tuple = rows.next();
                if (tuple == null) {
                    throw new PositionConflictException(position, "the journal has no such entry");
                }
                opened.append(position, entry(tuple));
            }
        }
    }

    /** What the log holds of a row: its tuple, or, where that is longer than an entry may be, its hash and length. */
    public static byte[] entry(byte[] tuple) {
        if (tuple.length <= ProofLog.MOST_ENTRY_BYTES) {
            return tuple;
        }
        MessageDigest digest = Digest.copy();
        byte[] hash = digest.digest(tuple);
        return ByteBuffer.allocate(Short.BYTES + hash.length + Integer.BYTES)
                .putShort(REFERENCE)
                .put(hash)
                .putInt(tuple.length)
                .array();
    }

    private void sign(ProofLog opened) {
        if (opened.signedSize() < opened.size()) {
            opened.publish();
            synchronized (progress) {
                progress.notifyAll();
            }
        }
        lastSigned = ticker.nanos();
    }

    private void report(String what) {
        if (!what.equals(trouble)) {
            LOG.error("the proof log does not follow the journal: {}", what);
        }
        trouble = what;
    }

    private void pause(long millis) {
        synchronized (progress) {
            try {
                if (!closed) {
                    progress.wait(millis);
                }
            } catch (InterruptedException e) {
                closed = true;
            }
        }
    }

    @Override
    public Proof prove(long position) {
        awaitSigned(position);
        ProofLog current = log;
        String why = trouble;
        if (current == null || closed) {
            return new Proof.NotReady(why == null ? "the proof log is being opened" : why);
        }
        try {
            return switch (current.prove(position - 1)) {
                case ProofLog.Proof.Included included ->
                    new Proof.Bundle(included.bundle().render());
                case ProofLog.Proof.NotSigned notSigned ->
                    new Proof.NotReady(
                            why == null ? "the log has signed " + notSigned.size() + " entries so far" : why);
                case ProofLog.Proof.Purged ignored -> new Proof.Purged();
            };
        } catch (ProofLogException e) {
            report(String.valueOf(e.getMessage()));
            return new Proof.NotReady("the proof log cannot show it: " + e.getMessage());
        }
    }

    /** Also while the log is being opened, but not when that has failed. */
    private void awaitSigned(long position) {
        long deadline = ticker.nanos() + PATIENCE_NANOS;
        synchronized (progress) {
            try {
                while (signed(log) < position
                        && (log != null || trouble == null)
                        && !closed
                        && ticker.nanos() < deadline) {
                    progress.wait(POLL_MS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public Optional<byte[]> resource(String path) {
        ProofLog current = log;
        return current == null || closed ? Optional.empty() : current.resource(path);
    }

    @Override
    public Optional<String> key() {
        ProofLog current = log;
        return current == null || closed
                ? Optional.empty()
                : Optional.of(current.key().vkey());
    }

    /** Whether it follows: what the console and the checks of invariants say of it. */
    public InvariantResult invariant() {
        ProofLog current = log;
        String why = trouble;
        long size = current == null ? 0 : current.size();
        return new InvariantResult(
                "journal = proof log, where both have been compared",
                why == null,
                size,
                "entries",
                clock.instant(),
                why == null ? size + " entries in the log, " + signed(current) + " signed" : why);
    }

    private static long signed(@Nullable ProofLog current) {
        return current == null ? 0 : current.signedSize();
    }

    /** Entries in the log. */
    public long size() {
        ProofLog current = log;
        return current == null ? 0 : current.size();
    }

    @Override
    public void close() {
        closed = true;
        synchronized (progress) {
            progress.notifyAll();
        }
        try {
            thread.join(CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
