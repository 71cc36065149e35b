package org.exchequer.inward.fraud;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.inward.store.ModelChanges;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.FieldError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node to what fraud is judged by, to the models that serve, and to the payments that other nodes scored:
 * every half second, so that all nodes have it within two even when one attempt fails. While the database is away, what
 * was known last holds.
 */
public final class FraudFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FraudFollower.class);
    private static final long EVERY_MS = 500;
    private static final long PATIENCE_MS = 5_000;
    private static final long ALARMS_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    /** Payments of other nodes that are read at once: as many again follow at once. */
    private static final int MOST_AT_ONCE = 2_000;

    private final Scorer scorer;
    private final FraudBook book;
    private final FraudChanges changes;
    private final ModelChanges models;
    private final String node;
    private final Clock clock;
    private final Ticker ticker;
    private final long mark;
    private final Thread thread;
    private final AtomicLong heard = new AtomicLong();
    private FraudBook.Position position;
    private List<String> shifted = List.of();
    private long alarmsAt;
    private boolean away;

    /**
     * Of a scorer that remembers what was stored.
     *
     * @param horizon that {@link Restoring} gave
     */
    public FraudFollower(
            Scorer scorer,
            FraudBook book,
            FraudChanges changes,
            ModelChanges models,
            String horizon,
            String node,
            Clock clock,
            Ticker ticker) {
        this.scorer = scorer;
        this.book = book;
        this.changes = changes;
        this.models = models;
        this.position = FraudBook.Position.before(horizon);
        this.node = node;
        this.clock = clock;
        this.ticker = ticker;
        this.mark = scorer.mark();
        this.alarmsAt = ticker.nanos();
        this.thread = Thread.ofPlatform().name("inward-fraud-follower").daemon().unstarted(this::run);
    }

    /**
     * Reads what holds now, so that the first payment is judged by it, and goes on in the background.
     *
     * @throws IllegalStateException when the database cannot be read
     */
    public FraudFollower start() {
        try {
            follow();
        } catch (SQLException e) {
            throw new IllegalStateException("what fraud is judged by cannot be read: " + e.getMessage(), e);
        }
        thread.start();
        return this;
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
                LOG.warn("Fraud is judged by what was known last while the database is away: {}", e.getMessage());
            }
            away = true;
        } catch (RuntimeException e) {
            // One thing that cannot be followed must not keep the others from being.
            LOG.error("What fraud is judged by cannot be followed", e);
        }
    }

    private void follow() throws SQLException {
        tune();
        scorer.models().follow(models);
        listen();
        if (ticker.nanos() - alarmsAt >= 0) {
            alarmsAt = ticker.nanos() + ALARMS_EVERY_NANOS;
            alarms();
        }
    }

    /** Also called by who has just approved something here. */
    synchronized void tune() throws SQLException {
        if (changes.revision() == scorer.tuning().revision()) {
            return;
        }
        FraudChanges.State state = changes.state(clock.instant());
        try {
            scorer.tune(SettingKeys.tuning(state));
            LOG.info("Fraud is judged by revision {} from here on", state.revision());
        } catch (FieldError e) {
            // Approvals are checked: only after a change of the program.
            LOG.error(
                    "Revision {} makes no sense, and revision {} holds: {} {}",
                    state.revision(),
                    scorer.tuning().revision(),
                    e.field(),
                    e.getMessage());
        }
    }

    private void listen() throws SQLException {
        FraudBook.Position before;
        long count;
        do {
            before = position;
            AtomicLong read = new AtomicLong();
            position = book.tail(before, node, mark, MOST_AT_ONCE, past -> {
                Restoring.remember(scorer, past);
                read.incrementAndGet();
            });
            count = read.get();
            heard.addAndGet(count);
        } while (count == MOST_AT_ONCE && !Thread.currentThread().isInterrupted());
    }

    /** How many payments of other nodes are in this node's features since its start. */
    public long heard() {
        return heard.get();
    }

    private void alarms() {
        List<String> now = scorer.shifted();
        if (!now.equals(shifted) && !now.isEmpty()) {
            LOG.warn("What is scored has moved from what models were trained on: {}", String.join("; ", now));
        }
        shifted = now;
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
