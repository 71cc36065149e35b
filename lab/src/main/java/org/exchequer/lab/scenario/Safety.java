package org.exchequer.lab.scenario;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What keeps a run of inward clearing within bounds.
 *
 * @param stop when it ends before its time
 * @param rampMs how long faults grow from the beginning of the load on, see {@link Ramp}; 0 for at once
 * @param mostMs the longest that faults may go on
 * @param rollbackMs within which everything must be as before once a run was stopped
 * @param window when it may be played, for a machine that others use; empty for the lab's own, which needs none: all
 *     that is broken are processes of the run's own
 */
public record Safety(StopRules stop, long rampMs, long mostMs, long rollbackMs, Optional<Window> window) {
    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long FIVE_MINUTES = Duration.ofMinutes(5).toMillis();
    private static final long HALF_AN_HOUR = Duration.ofMinutes(30).toMillis();

    /** All that the processor's specification demands of experiments. */
    public static final Safety SPECIFIED =
            new Safety(StopRules.STRICT, FIVE_MINUTES, HALF_AN_HOUR, FIVE_MINUTES, Optional.empty());

    /** @throws IllegalArgumentException naming the value that is out of its range */
    public Safety {
        if (rampMs < 0 || rampMs > DAY_MS) {
            throw new IllegalArgumentException("rampMs must be from 0 to a day");
        }
        if (mostMs < 1 || mostMs > DAY_MS) {
            throw new IllegalArgumentException("mostMs must be from 1 to a day");
        }
        if (rollbackMs < 1 || rollbackMs > DAY_MS) {
            throw new IllegalArgumentException("rollbackMs must be from 1 to a day");
        }
    }

    /** On the lab's own stage: these rules, everything at once, and five minutes for the way back. */
    static Safety own(StopRules stop) {
        return new Safety(stop, 0, DAY_MS, FIVE_MINUTES, Optional.empty());
    }

    /** The same with other rules for stopping. */
    public Safety stopping(StopRules other) {
        return new Safety(other, rampMs, mostMs, rollbackMs, window);
    }

    /** The same with a ramp of so many milliseconds. */
    public Safety ramping(long ms) {
        return new Safety(stop, ms, mostMs, rollbackMs, window);
    }

    /** The same with so many milliseconds for the way back. */
    public Safety rollingBack(long ms) {
        return new Safety(stop, rampMs, mostMs, ms, window);
    }

    /** The same on a machine that others use: within this window, and for half an hour at most. */
    public Safety sharing(Window other) {
        return new Safety(stop, rampMs, Math.min(mostMs, HALF_AN_HOUR), rollbackMs, Optional.of(other));
    }

    /** Why a run of this length may not begin now; empty when it may. */
    public Optional<String> refuses(Instant now, long lengthMs) {
        if (lengthMs > mostMs) {
            return Optional.of("a run may have at most %,d s".formatted(mostMs / 1_000));
        }
        if (rampMs * 2 > lengthMs) {
            return Optional.of("the ramp of %,d s must be at most half of the run".formatted(rampMs / 1_000));
        }
        return window.flatMap(allowed -> allowed.refuses(now, Duration.ofMillis(lengthMs)));
    }
}
