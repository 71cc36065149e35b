package org.exchequer.inward;

import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages that could not be read. While the database is away they wait in memory, so many and no more: who sent
 * one is answered in time all the same. What waits when the process dies is lost; its sender was told that it is
 * refused.
 */
final class Burial implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Burial.class);
    /** Most letters that wait. */
    static final int MOST = 1_000;
    /** Most bytes of these. */
    static final long MOST_BYTES = 32L << 20;

    private static final long PATIENCE_MS = 500;
    private static final long LOOK_MS = 100;
    private static final long AGAIN = Duration.ofMillis(200).toNanos();
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final Store store;
    private final LinkedBlockingDeque<Letter> waiting = new LinkedBlockingDeque<>(MOST);
    private final AtomicLong bytes = new AtomicLong();
    private final Thread thread;
    private volatile boolean away;
    private volatile boolean closed;

    /** Where letters are kept; the same letter again changes nothing. */
    @FunctionalInterface
    interface Store {
        void keep(Letter letter) throws SQLException;
    }

    /** A message that could not be read, and why. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Letter(
            UUID id, Instant at, String door, String code, String rule, byte[] message, CompletableFuture<Void> kept) {}

    Burial(Store store, MeterRegistry meters) {
        this.store = store;
        this.thread = Thread.ofPlatform().name("inward-burial").daemon().unstarted(this::run);
        meters.gauge("exchequer.inward.burial.waiting", waiting, LinkedBlockingDeque::size);
        thread.start();
    }

    /**
     * Takes a letter, and waits up to half a second until it is durable; not at all while the database is known to be
     * away.
     *
     * @return false when too many wait already: the message was not taken
     */
    boolean bury(UUID id, Instant at, String door, String code, String rule, byte[] message) {
        Letter letter = new Letter(id, at, door, code, rule, message, new CompletableFuture<>());
        if (closed || bytes.addAndGet(message.length) > MOST_BYTES || !waiting.offer(letter)) {
            bytes.addAndGet(-message.length);
            return false;
        }
        if (!away) {
            await(letter);
        }
        return true;
    }

    private static void await(Letter letter) {
        try {
            letter.kept().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.debug("Dead letter {} waits in memory", letter.id());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a letter is never given up", e);
        }
    }

    private void run() {
        try {
            while (!closed || !waiting.isEmpty()) {
                Letter letter = waiting.poll(LOOK_MS, TimeUnit.MILLISECONDS);
                if (letter != null && !keep(letter)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Stops keeping dead letters");
        }
    }

    /** False when it stopped before this one was kept. */
    private boolean keep(Letter letter) {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                store.keep(letter);
                bytes.addAndGet(-letter.message().length);
                letter.kept().complete(null);
                away = false;
                return true;
            } catch (SQLException e) {
                if (isItsOwnFault(e)) {
                    LOG.error("Dead letter {} can never be kept", letter.id(), e);
                    bytes.addAndGet(-letter.message().length);
                    letter.kept().complete(null);
                    return true;
                }
                if (!away) {
                    LOG.warn("Messages that cannot be read wait in memory: {}", e.getMessage());
                }
                away = true;
                LockSupport.parkNanos(AGAIN);
            }
        }
        waiting.offerFirst(letter);
        return false;
    }

    /** Data that the database does not take, now or ever: it must not keep all others waiting. */
    private static boolean isItsOwnFault(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        return state.startsWith("22") || state.startsWith("23");
    }

    /** Takes no more, and gives what waits two seconds. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(CLOSING)) {
                thread.interrupt();
                thread.join(CLOSING);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        waiting.forEach(letter ->
                LOG.error("Dead letter {} is lost: the database did not take it before the end", letter.id()));
    }
}
