package org.exchequer.scoring.registry;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good a model is in service. Whether a payment was fraud is learned weeks later, and of most it is never said that
 * they were harmless: a decision counts once it is {@code maturity} old, with its label if one came, else as harmless.
 * Judging earlier would call every fraud not yet reported a false alarm. Thread safe; bounded: of more than {@code
 * most}
 * decisions the oldest are dropped, and it is said how many.
 */
public final class Feedback {
    private final Duration maturity;
    private final Duration window;
    private final int most;
    private final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    private long dropped;

    private enum Label {
        NONE,
        HARMLESS,
        FRAUD
    }

    private record Entry(Instant at, boolean held, double probability, Label label) {}

    /**
     * @param caught frauds that were held
     * @param missed frauds that were let through
     * @param falseAlarms harmless payments that were held
     * @param passed harmless payments that were let through
     * @param unlabelled of those counted as harmless, without ever a label
     * @param waiting decisions that are not old enough to count
     * @param dropped decisions that there was no room for, since the start
     * @param brier mean squared error of the probabilities
     */
    public record Performance(
            long caught,
            long missed,
            long falseAlarms,
            long passed,
            long unlabelled,
            long waiting,
            long dropped,
            double brier) {
        /** Of what was held, the share that was fraud; 0 if nothing was held. */
        public double precision() {
            return caught + falseAlarms == 0 ? 0 : (double) caught / (caught + falseAlarms);
        }

        /** Of the frauds, the share that was held; 0 if there was none. */
        public double recall() {
            return caught + missed == 0 ? 0 : (double) caught / (caught + missed);
        }
    }

    /**
     * @param maturity how long to wait for a label, e.g. 45 days of chargebacks
     * @param window of decisions that are old enough, e.g. 30 days
     * @param most decisions in memory, about 150 bytes each
     */
    public Feedback(Duration maturity, Duration window, int most) {
        if (maturity.isNegative() || window.isNegative() || window.isZero() || most < 1) {
            throw new IllegalArgumentException("feedback: maturity must not be negative, window and most above 0");
        }
        this.maturity = maturity;
        this.window = window;
        this.most = most;
    }

    /** A decision; the same id again changes nothing. */
    public synchronized void decided(String id, Instant at, boolean held, double probability) {
        entries.putIfAbsent(id, new Entry(at, held, probability, Label.NONE));
        Instant oldest = at.minus(maturity).minus(window);
        Iterator<Map.Entry<String, Entry>> eldest = entries.entrySet().iterator();
        while (eldest.hasNext()) {
            boolean expired = eldest.next().getValue().at().isBefore(oldest);
            if (!expired && entries.size() <= most) {
                break;
            }
            eldest.remove();
            dropped += expired ? 0 : 1;
        }
    }

    /**
     * What became of it; a later label replaces an earlier one, as an investigation may.
     *
     * @return whether the decision is still known
     */
    public synchronized boolean label(String id, boolean fraud) {
        return entries.computeIfPresent(
                        id,
                        (any, entry) -> new Entry(
                                entry.at(), entry.held(), entry.probability(), fraud ? Label.FRAUD : Label.HARMLESS))
                != null;
    }

    /** Over the decisions from {@code now − maturity − window} to {@code now − maturity}. */
    public synchronized Performance performance(Instant now) {
        Instant mature = now.minus(maturity);
        Instant oldest = mature.minus(window);
        long[] counts = new long[4];
        long unlabelled = 0;
        long waiting = 0;
        double squares = 0;
        for (Entry entry : entries.values()) {
            if (entry.at().isAfter(mature)) {
                waiting++;
            } else if (!entry.at().isBefore(oldest)) {
                boolean fraud = entry.label() == Label.FRAUD;
                counts[(fraud ? 0 : 2) + (entry.held() ? 0 : 1)]++;
                unlabelled += entry.label() == Label.NONE ? 1 : 0;
                double error = entry.probability() - (fraud ? 1 : 0);
                squares += error * error;
            }
        }
        long counted = counts[0] + counts[1] + counts[2] + counts[3];
        double brier = counted == 0 ? 0 : squares / counted;
        return new Performance(counts[0], counts[1], counts[2], counts[3], unlabelled, waiting, dropped, brier);
    }
}
