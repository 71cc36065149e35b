package org.exchequer.scoring.registry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import org.exchequer.scoring.model.Bins;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Vector;

/**
 * How far what is scored has moved from what a model was trained on, per feature and for the score: the population
 * stability index over the bins that the model's file brings. Counts only: memory does not grow, and seeing a payment
 * takes a microsecond or so. Thread safe.
 */
public final class Drift {
    /** Below this many payments chance alone gives an index of the order of bins ÷ payments. */
    public static final int LEAST_SEEN = 1_000;

    private static final double WATCH = 0.1;
    private static final double SHIFTED = 0.25;

    private final Ensemble ensemble;
    private final List<Bins> bins = new ArrayList<>();
    private volatile AtomicLongArray[] current;
    private volatile AtomicLongArray[] before;

    /** From harmless to grave, and what cannot be told yet. */
    public enum Level {
        TOO_FEW,
        STEADY,
        WATCH,
        SHIFTED
    }

    /**
     * @param what feature, or {@code score}
     * @param value the population stability index
     */
    public record Index(String what, double value, Level level) {}

    /**
     * @param seen payments since the turn before last
     * @param features the one that moved most first
     */
    public record Report(String model, long seen, Index score, List<Index> features) {}

    public Drift(Ensemble ensemble) {
        this.ensemble = ensemble;
        bins.addAll(ensemble.parts().featureBins());
        bins.add(ensemble.parts().marginBins());
        current = counters();
        before = counters();
    }

    /** @param margin that the model gave it */
    public void see(Vector features, double margin) {
        AtomicLongArray[] now = current;
        for (int i = 0; i < now.length - 1; i++) {
            now[i].incrementAndGet(bins.get(i).of(features.at(i)));
        }
        now[now.length - 1].incrementAndGet(bins.getLast().of((float) margin));
    }

    /** Forgets what is older than the turn before: called once an hour or a day, it makes the window roll. */
    public synchronized void turn() {
        before = current;
        current = counters();
    }

    public synchronized Report report() {
        List<Index> features = new ArrayList<>();
        for (int i = 0; i < bins.size() - 1; i++) {
            features.add(index(ensemble.parts().features().name(i), i));
        }
        features.sort(Comparator.comparingDouble(Index::value).reversed());
        int last = bins.size() - 1;
        return new Report(ensemble.id(), seen(counts(last)), index("score", last), List.copyOf(features));
    }

    private Index index(String what, int place) {
        long[] counts = counts(place);
        double value = bins.get(place).stabilityIndex(counts);
        if (seen(counts) < LEAST_SEEN) {
            return new Index(what, value, Level.TOO_FEW);
        }
        return new Index(what, value, value >= SHIFTED ? Level.SHIFTED : value >= WATCH ? Level.WATCH : Level.STEADY);
    }

    private long[] counts(int place) {
        long[] counts = new long[bins.get(place).count()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = current[place].get(i) + before[place].get(i);
        }
        return counts;
    }

    private static long seen(long[] counts) {
        return java.util.Arrays.stream(counts).sum();
    }

    private AtomicLongArray[] counters() {
        AtomicLongArray[] counters = new AtomicLongArray[bins.size()];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = new AtomicLongArray(bins.get(i).count());
        }
        return counters;
    }
}
