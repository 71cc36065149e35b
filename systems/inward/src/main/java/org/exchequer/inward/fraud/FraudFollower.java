package org.exchequer.inward.fraud;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.exchequer.inward.jobs.Following;
import org.exchequer.inward.store.FraudBook;
import org.exchequer.inward.store.FraudChanges;
import org.exchequer.inward.store.ModelChanges;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.FieldError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings this node to what fraud is judged by, to the models that serve, to the payments that other nodes scored, and
 * to what people said there of payments.
 */
public final class FraudFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FraudFollower.class);
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
    private final Following following;
    private final AtomicLong heard = new AtomicLong();
    private FraudBook.Position position;
    private String saidFrom;
    private Set<String> shifted = Set.of();
    private long alarmsAt;

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
        this.saidFrom = horizon;
        this.node = node;
        this.clock = clock;
        this.ticker = ticker;
        this.mark = scorer.mark();
        this.alarmsAt = ticker.nanos();
        this.following = new Following("inward-fraud-follower", "what fraud is judged by", this::follow);
    }

    /** As {@link Following#start}. */
    public FraudFollower start() {
        following.start();
        return this;
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

    /** Payments first, then what was said of them: nobody speaks of one that is not stored. */
    private void listen() throws SQLException {
        String horizon = book.horizon();
        long count;
        do {
            AtomicLong read = new AtomicLong();
            position = book.tail(position, horizon, node, mark, MOST_AT_ONCE, past -> {
                Restoring.remember(scorer, past);
                read.incrementAndGet();
            });
            count = read.get();
            heard.addAndGet(count);
        } while (count == MOST_AT_ONCE && !Thread.currentThread().isInterrupted());
        book.heard(saidFrom, horizon, scorer.life())
                .forEach(each -> scorer.label(each.payment().toString(), each.model(), each.fraud(), each.rules()));
        saidFrom = horizon;
    }

    /** How many payments of other nodes are in this node's features since its start. */
    public long heard() {
        return heard.get();
    }

    /** What has shifted since the last time; the figures move all the time. */
    private void alarms() {
        List<String> now = scorer.shifted();
        List<String> fresh =
                now.stream().filter(each -> !shifted.contains(name(each))).toList();
        if (!fresh.isEmpty()) {
            LOG.warn("What is scored has moved from what models were trained on: {}", String.join("; ", fresh));
        }
        shifted = now.stream().map(FraudFollower::name).collect(Collectors.toSet());
    }

    /** Of what has shifted, without the figures. */
    private static String name(String sentence) {
        return sentence.substring(0, sentence.indexOf(':'));
    }

    /** Stops. Safe to call twice. */
    @Override
    public void close() {
        following.close();
    }
}
