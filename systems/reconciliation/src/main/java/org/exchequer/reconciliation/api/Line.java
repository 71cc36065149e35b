package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import java.util.Comparator;

/**
 * A line of a statement, of our own books or of the other side's.
 *
 * @param id what it is called on its side, e.g. {@code 4711}; no two lines of a side have the same
 * @param date its value date, or its booking date where there is no other
 * @param amount in minor units; positive where it raises the balance, seen from the owner of the account
 * @param reference what both sides may know it by, e.g. an end-to-end identification; empty where there is none
 */
public record Line(String id, LocalDate date, long amount, String reference) {
    /** The order in which lines are looked at, so that their order in a file changes nothing. */
    public static final Comparator<Line> ORDER = Comparator.comparing(Line::date)
            .thenComparingLong(Line::amount)
            .thenComparing(Line::reference)
            .thenComparing(Line::id);
}
