package org.exchequer.inward.api;

import java.time.Instant;

/**
 * How a proposal was decided.
 *
 * @param by who approved or rejected it
 * @param reason of a rejection; empty where nobody said
 */
public record Decision(String by, Instant at, String reason) {
    /** Where a proposal stands. */
    public enum State {
        PROPOSED,
        APPROVED,
        REJECTED
    }
}
