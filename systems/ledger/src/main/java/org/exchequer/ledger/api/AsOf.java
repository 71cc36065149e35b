package org.exchequer.ledger.api;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Which entries a report takes in: all, or those up to the end of a date.
 *
 * @param basis which of an entry's two dates counts; without meaning when {@code date} is null
 * @param date the last date included, or null for everything there is
 */
public record AsOf(Basis basis, @Nullable LocalDate date) {
    /** Everything booked so far, whatever its value date. */
    public static final AsOf NOW = new AsOf(Basis.BOOKING, null);

    /** The two dates of an entry. */
    public enum Basis {
        /** The business day it was entered on. */
        BOOKING,
        /** The day it counts from, e.g. for interest. */
        VALUE
    }

    public static AsOf booking(LocalDate date) {
        return new AsOf(Basis.BOOKING, date);
    }

    public static AsOf value(LocalDate date) {
        return new AsOf(Basis.VALUE, date);
    }
}
