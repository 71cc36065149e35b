package org.exchequer.ledger.api;

import org.jspecify.annotations.Nullable;

/**
 * Least and greatest balance of an account, on its normal side, in minor units; null where there is none. Holds count:
 * what is reserved to leave counts as gone for the minimum, what is reserved to arrive as arrived for the maximum.
 *
 * <p>A bound is broken only by a transaction that moves the account further away from it. So an account may be opened
 * with a minimum that it does not have yet.
 */
public record Bounds(@Nullable Long minimum, @Nullable Long maximum) {
    public static final Bounds NONE = new Bounds(null, null);

    /** @throws FieldError when the minimum exceeds the maximum, or one of them is beyond what can be negated */
    public Bounds {
        if (minimum != null && maximum != null && minimum > maximum) {
            throw new FieldError("minimumBalance", "must not exceed maximumBalance");
        }
        if (minimum != null && minimum == Long.MIN_VALUE) {
            throw new FieldError("minimumBalance", "is out of range");
        }
        if (maximum != null && maximum == Long.MIN_VALUE) {
            throw new FieldError("maximumBalance", "is out of range");
        }
    }
}
