package org.exchequer.inward.core;

import java.util.List;
import org.exchequer.inward.api.Stage;

/**
 * How long a stage may take, given how long the payment has taken so far.
 *
 * <p>On time, a stage gets its budget and a share of what the stages before saved, by its priority among those to come:
 * a fast fraud check gives the accounts more time, but not all of it. Late, it gets its budget as long as the whole
 * still fits; then the later stages of lower priority lend, down to their {@link Stage#least()}. A stage that cannot
 * even have its least is not started: its fallback is used at once ({@link Grant#minimum()}).
 *
 * <p>Whatever is granted, what comes after it still fits before {@link Sla#critical()} with what it keeps.
 */
public final class Budgets {
    /** In order of processing. */
    private static final List<Stage> TIMED = List.of(Stage.values());

    /** Of each stage, what it and those after it need at least, in nanoseconds. */
    private static final long[] LEAST_FROM = new long[TIMED.size()];

    static {
        long least = 0;
        for (Stage stage : TIMED.reversed()) {
            least += stage.least().toNanos();
            LEAST_FROM[stage.ordinal()] = least;
        }
    }

    private Budgets() {}

    /**
     * Time for one stage, in nanoseconds.
     *
     * @param nanos granted in all; 0 with {@code minimum}
     * @param budget without anything saved, lost or lent
     * @param bonus of what was saved before, part of {@code nanos}
     * @param borrowed of what later stages lent, part of {@code nanos}
     * @param minimum whether there is too little time to start it
     */
    public record Grant(long nanos, long budget, long bonus, long borrowed, boolean minimum) {}

    /**
     * What a stage gets.
     *
     * @param elapsedNanos since the receipt
     */
    public static Grant grant(Sla sla, Stage stage, long elapsedNanos) {
        long budget = sla.budget(stage).toNanos();
        long planned = 0;
        long later = 0;
        long lendable = 0;
        long weights = stage.priority();
        for (Stage other : TIMED) {
            long own = sla.budget(other).toNanos();
            if (other.compareTo(stage) < 0) {
                planned += own;
            } else if (other.compareTo(stage) > 0) {
                later += own;
                weights += other.priority();
                if (other.priority() < stage.priority()) {
                    lendable += own - other.least().toNanos();
                }
            }
        }
        long free = sla.critical().toNanos() - elapsedNanos - later;
        if (free >= budget) {
            long saved = Math.max(0, planned - elapsedNanos);
            long bonus = weights == 0 ? 0 : Math.min(free - budget, saved / weights * stage.priority());
            return new Grant(budget + bonus, budget, bonus, 0, false);
        }
        long possible = Math.min(budget, free + lendable);
        if (possible < stage.least().toNanos() || possible <= 0) {
            return new Grant(0, budget, 0, 0, true);
        }
        return new Grant(possible, budget, 0, Math.max(0, possible - Math.max(0, free)), false);
    }

    /**
     * Time for a stage that has nothing to fall back on: as long again, as far as all later stages keep their budgets.
     *
     * @param grant that it got
     * @param elapsedNanos since the receipt, when it got that
     */
    public static long withoutFallback(Sla sla, Stage stage, long elapsedNanos, Grant grant) {
        long later = TIMED.stream()
                .filter(other -> other.compareTo(stage) > 0)
                .mapToLong(other -> sla.budget(other).toNanos())
                .sum();
        long free = sla.critical().toNanos() - elapsedNanos - later;
        return Math.max(grant.nanos(), Math.min(2 * grant.nanos(), free));
    }

    /**
     * Whether the rest can be done as it should: every stage from this one on can still have its least before it is
     * critical. When not, only what must be done is.
     */
    public static boolean hopeless(Sla sla, Stage from, long elapsedNanos) {
        return elapsedNanos + LEAST_FROM[from.ordinal()] > sla.critical().toNanos();
    }
}
