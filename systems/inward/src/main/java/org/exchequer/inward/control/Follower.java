package org.exchequer.inward.control;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.partner.Breakers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node to what people have configured and ordered, and to what other nodes tell of their breakers: every
 * half second, so that all nodes have it within two even when one attempt fails.
 */
public final class Follower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final long EVERY_MS = 500;
    private static final long PATIENCE_MS = 5_000;

    private final Configuration configuration;
    private final Measures measures;
    private final SharedBoard board;
    private final Breakers breakers;
    private final WorkGate gate;
    private final Thread thread;
    private boolean away;

    public Follower(
            Configuration configuration, Measures measures, SharedBoard board, Breakers breakers, WorkGate gate) {
        this.configuration = configuration;
        this.measures = measures;
        this.board = board;
        this.breakers = breakers;
        this.gate = gate;
        this.thread = Thread.ofPlatform().name("inward-follower").daemon().unstarted(this::run);
    }

    /**
     * Reads what holds now, so that the first payment is worked on by it, and goes on in the background.
     *
     * @throws IllegalStateException when the database cannot be read
     */
    public void start() {
        try {
            follow();
        } catch (SQLException e) {
            throw new IllegalStateException("the configuration cannot be read: " + e.getMessage(), e);
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
            follow();
            away = false;
        } catch (SQLException e) {
            if (!away) {
                LOG.warn("What was configured and ordered last holds while the database is away: {}", e.getMessage());
            }
            away = true;
        } catch (RuntimeException e) {
            // One value that cannot be applied must not keep the others from being.
            LOG.error("What is configured or ordered cannot be applied", e);
        }
    }

    private void follow() throws SQLException {
        configuration.refresh();
        NodeSettings node = configuration.ofNode();
        gate.adapt(node.load());
        breakers.adapt(node.standard(), node.resource());
        breakers.limit(node.calls());
        measures.refresh();
        board.refresh();
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
