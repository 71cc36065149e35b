package org.exchequer.screening;

import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;

/**
 * A date known to a precision: the days it may have been, both ends included. "1962" is 1962-01-01 to 1962-12-31,
 * "circa 1962" is the same and approximate.
 *
 * @param approximate whether the list itself says that it is not sure
 */
public record DateRange(LocalDate from, LocalDate to, boolean approximate) {
    public DateRange {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("to: " + to + " is before from: " + from);
        }
    }

    public static DateRange of(LocalDate day) {
        return new DateRange(day, day, false);
    }

    public static DateRange of(Year year) {
        return new DateRange(year.atDay(1), year.atMonth(12).atEndOfMonth(), false);
    }

    public static DateRange of(YearMonth month) {
        return new DateRange(month.atDay(1), month.atEndOfMonth(), false);
    }

    /** From the first day of one to the last day of the other. */
    public DateRange to(DateRange end) {
        return new DateRange(from, end.to, approximate || end.approximate);
    }

    public DateRange circa() {
        return new DateRange(from, to, true);
    }

    /** Known to the day. */
    public boolean exact() {
        return from.equals(to);
    }

    /** Calendar years it touches, at least 1. */
    public int years() {
        return to.getYear() - from.getYear() + 1;
    }

    public boolean overlaps(DateRange other) {
        return !from.isAfter(other.to) && !other.from.isAfter(to);
    }

    /** Whole years between the nearest years of both, 0 where they share one. */
    public int yearsApart(DateRange other) {
        int before = other.from.getYear() - to.getYear();
        int after = from.getYear() - other.to.getYear();
        return Math.max(0, Math.max(before, after));
    }

    @Override
    public String toString() {
        String text = exact() ? from.toString() : from + ".." + to;
        return approximate ? "circa " + text : text;
    }
}
