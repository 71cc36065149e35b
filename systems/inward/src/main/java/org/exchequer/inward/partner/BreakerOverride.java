package org.exchequer.inward.partner;

import java.time.Duration;

/**
 * A person decides in a breaker's place, for a while.
 *
 * @param mode what it does as long as this holds
 * @param by who decided
 * @param reason why, 1 to 500 characters
 * @param lasts 1 s to 1 h
 */
public record BreakerOverride(Mode mode, String by, String reason, Duration lasts) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** What a breaker is made to do. */
    public enum Mode {
        /** Lets nothing through. */
        FORCED_OPEN,
        /** Lets everything through, whatever fails. */
        FORCED_CLOSED
    }

    /** @throws IllegalArgumentException naming what is out of its range */
    public BreakerOverride {
        if (by.isBlank() || by.length() > 100) {
            throw new IllegalArgumentException("by must have 1 to 100 characters");
        }
        if (reason.isBlank() || reason.length() > 500) {
            throw new IllegalArgumentException("reason must have 1 to 500 characters");
        }
        if (lasts.compareTo(Duration.ofSeconds(1)) < 0 || lasts.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("lasts must be 1 s to 1 h");
        }
    }
}
