package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * Payments counted, for dashboards and reports. Counted by when they were received, some fifteen seconds after; what is
 * answered or resolved later is counted again. The cost does not depend on how many payments there are.
 *
 * <p>Each throws {@link PaymentsUnavailableException} when the database does not answer.
 */
public interface Statistics {
    /** The finest that is counted by: spans begin and end at multiples of it. */
    Duration GRAIN = Duration.ofSeconds(10);

    /** How far back spans may begin and end at such multiples; before, they begin and end at full hours. */
    Duration FINE = Duration.ofHours(24);

    /** The longest span. */
    Duration LONGEST = Duration.ofDays(400);

    /**
     * What was received from one time until another, both rounded down.
     *
     * @throws IllegalArgumentException when the span is not positive, or longer than {@link #LONGEST}
     */
    Figures figures(Instant from, Instant until);

    /**
     * The same by the hour (UTC), the first first; hours without payments too.
     *
     * @throws IllegalArgumentException when the span is not positive, or longer than 31 days
     */
    List<Figures> hours(Instant from, Instant until);

    /**
     * A report by day (UTC).
     *
     * @param from first day
     * @param until last day
     * @throws IllegalArgumentException when the days are not in order, or more than 92
     */
    Report report(Report.Kind kind, LocalDate from, LocalDate until);

    /** What this node does at this moment. */
    Live live();
}
