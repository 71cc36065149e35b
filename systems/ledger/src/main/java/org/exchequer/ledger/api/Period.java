package org.exchequer.ledger.api;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of booking dates, both ends included.
 *
 * @param from first date; null for no bound
 * @param to last date; null for no bound
 */
public record Period(@Nullable LocalDate from, @Nullable LocalDate to) {
    /** Everything. */
    public static final Period ALL = new Period(null, null);

    /** @throws FieldError when it ends before it begins */
    public Period {
        if (from != null && to != null && to.isBefore(from)) {
            throw new FieldError("to", "must not be before from");
        }
    }

    /** Whether a date lies before its beginning. */
    public boolean beginsAfter(LocalDate date) {
        return from != null && date.isBefore(from);
    }

    /** Whether a date lies after its end. */
    public boolean endsBefore(LocalDate date) {
        return to != null && date.isAfter(to);
    }
}
