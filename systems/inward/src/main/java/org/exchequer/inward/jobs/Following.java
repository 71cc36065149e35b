package org.exchequer.inward.jobs;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a node to what is in the database: now, and then every half second on a thread of its own, so that all nodes
 * have it within two even when one attempt fails. While the database is away, what was known last holds.
 */
public final class Following implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final long EVERY_MS = 500;
    private static final long PATIENCE_MS = 5_000;

    private final String what;
    private final Step step;
    private final Thread thread;
    private boolean away;

    /** One reading of the database. */
    @FunctionalInterface
    public interface Step {
        void run() throws SQLException;
    }

    /**
     * Not yet started.
     *
     * @param what is followed, as logs name it
     */
    public Following(String thread, String what, Step step) {
        this.what = what;
        this.step = step;
        this.thread = Thread.ofPlatform().name(thread).daemon().unstarted(this::run);
    }

    /**
     * Reads what holds now, so that the first payment is worked on by it, and goes on in the background.
     *
     * @throws IllegalStateException when the database cannot be read
     */
    public void start() {
        try {
            step.run();
        } catch (SQLException | PaymentsUnavailableException e) {
            throw new IllegalStateException(what + " cannot be read: " + e.getMessage(), e);
        }
        thread.start();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                TimeUnit.MILLISECONDS.sleep(EVERY_MS);
                attempt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void attempt() {
        try {
            step.run();
            away = false;
        } catch (SQLException | PaymentsUnavailableException e) {
            if (!away) {
                LOG.warn("The database is away, and {} holds as it was known last: {}", what, e.getMessage());
            }
            away = true;
        } catch (RuntimeException e) {
            // One thing that cannot be followed must not keep the others from being.
            LOG.error("Not followed: {}", what, e);
        }
    }

    /** Stops. Safe to call twice. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
