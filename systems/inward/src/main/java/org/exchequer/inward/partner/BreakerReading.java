package org.exchequer.inward.partner;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A breaker at this moment, for people and for a payment's record.
 *
 * @param name {@code partner}, {@code partner/operation} or {@code partner/operation/resource}
 * @param state what it does now
 * @param override by whom it is forced, and for how long yet; null when nobody has forced it
 * @param failureShare of the calls looked at, 0 to 1; below 0 when they are too few to judge
 * @param failureThreshold share of failures that opens it now
 * @param slowShare of the calls looked at, 0 to 1; below 0 when they are too few
 * @param slowAfter a call that takes longer is slow now
 * @param average time of a call that was answered, by an exponential average
 * @param calls that ended, since the start
 * @param failures of these
 * @param refused calls that were not let through, since the start
 */
public record BreakerReading(
        String name,
        State state,
        @Nullable BreakerOverride override,
        double failureShare,
        double failureThreshold,
        double slowShare,
        Duration slowAfter,
        Duration average,
        long calls,
        long failures,
        long refused) {
    /** What a breaker does. */
    public enum State {
        /** Lets calls through. */
        CLOSED,
        /** Lets none through until its wait is over. */
        OPEN,
        /** Lets a few through, to see. */
        HALF_OPEN,
        FORCED_OPEN,
        FORCED_CLOSED
    }

    /** As it is kept in a payment's record: {@code vam/account=HALF_OPEN}. */
    public String label() {
        return name + "=" + state;
    }
}
