package org.exchequer.ledger.jobs;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.exchequer.ledger.store.Projection;
import org.exchequer.platform.faults.Faults;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the projection close behind the journal, on a connection of its own. Under load it works in large steps, which
 * cost less per entry; idle, it follows at once.
 */
public final class Projector {
    private static final Logger LOG = LoggerFactory.getLogger(Projector.class);
    /** Bounds one step's transaction, and with it the memory it sorts in. */
    private static final int STEP = 200_000;

    private static final long RETRY_MS = 200;
    /** Least time between two steps while nobody waits for one. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** The same under load: each account that moved costs once per step, however often it moved. */
    private static final long LONG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Entries in a pause from which on it is load. */
    private static final int LOAD = 5_000;

    /** Longest tail without any brake: most of a second of replay. */
    private static final long FREE_LAG = 600_000;

    /** Longest tail: about three seconds of replay. */
    private static final long MAX_LAG = 2_000_000;

    /** Wait per batch and per entry beyond the free lag: 25 ms at a million, so that the brake is felt softly. */
    private static final long BRAKE_NANOS = 25;

    private static final long MAX_THROTTLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Committer.Connector connector;
    private final Faults faults;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition moved = lock.newCondition();
    private final Thread thread;
    private long head;
    private long position;
    private long asked;
    private boolean stopping;

    /**
     * @param head where the journal ends now
     * @param position how far the projection reaches now
     */
    public Projector(Committer.Connector connector, Faults faults, long head, long position) {
        this.connector = connector;
        this.faults = faults;
        this.head = head;
        this.position = position;
        this.thread = Thread.ofPlatform().name("ledger-projector").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** The journal has grown. */
    public void journalAt(long sequence) {
        lock.lock();
        try {
            if (head == position) {
                moved.signalAll();
            }
            head = sequence;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits a moment when the journal has run ahead, the longer the further, so that the tail which a restart must
     * replay stays bounded. Bounded itself: a projection that is stuck slows posting down but does not stop it.
     */
    public void throttle() {
        lock.lock();
        try {
            long left = (head - position - FREE_LAG) * BRAKE_NANOS;
            if (head - position > MAX_LAG) {
                left = MAX_THROTTLE_NANOS;
            }
            while (head - position > FREE_LAG && !stopping && left > 0) {
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Journal entries that the projection has yet to take in. */
    public long lag() {
        lock.lock();
        try {
            return head - position;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the projection includes this sequence; false when it does not in time. */
    public boolean await(long sequence, long timeoutMs) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        lock.lock();
        try {
            asked = Math.max(asked, sequence);
            moved.signalAll();
            while (position < sequence && !stopping) {
                if (left <= 0) {
                    return false;
                }
                left = moved.awaitNanos(left);
            }
            return position >= sequence;
        } finally {
            lock.unlock();
        }
    }

    public void stop() throws InterruptedException {
        lock.lock();
        try {
            stopping = true;
            moved.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join();
    }

    private void run() {
        while (awaitWork()) {
            try (Connection connection = connector.connect()) {
                while (awaitWork()) {
                    faults.at("ledger.projection.before");
                    arrived(Projection.advance(connection, STEP));
                }
            } catch (SQLException e) {
                LOG.warn("projection delayed: {}", e.getMessage());
                waitBeforeRetry();
            } catch (RuntimeException | Error bug) {
                LOG.error("projection delayed", bug);
                waitBeforeRetry();
            }
        }
    }

    /** Blocks until there is something to take in; false when stopping. */
    private boolean awaitWork() {
        lock.lock();
        try {
            while (!stopping && head <= position) {
                moved.await();
            }
            long pause = PAUSE_NANOS;
            boolean longer = false;
            // Nobody waits for it: let more gather, so that one step takes more.
            while (!stopping && asked <= position && head - position < STEP && pause > 0) {
                pause = moved.awaitNanos(pause);
                if (pause <= 0 && !longer && head - position > LOAD) {
                    longer = true;
                    pause = LONG_PAUSE_NANOS - PAUSE_NANOS;
                }
            }
            return !stopping;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void arrived(long newPosition) {
        lock.lock();
        try {
            position = Math.max(position, newPosition);
            head = Math.max(head, position);
            moved.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void waitBeforeRetry() {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(RETRY_MS);
            while (!stopping && left > 0) {
                left = moved.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
