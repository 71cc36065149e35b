package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was received within a span, counted.
 *
 * @param from beginning of the span
 * @param until its end, or up to when is counted if that is before
 * @param received payments that came in
 * @param inTime of these answered within the service level
 * @param late of these answered later
 * @param atRisk how many were expected to miss their time, at the end of one of their stages
 * @param timing of all that were answered, from the receipt to the first answer
 * @param stages by stage, where something was done
 * @param types how many of each type of message
 * @param statuses how many stand where
 * @param reasons how many were refused, by the code of the ISO 20022 external status reasons
 * @param breakers how many met a breaker that was not closed, by its name and state
 */
public record Figures(
        Instant from,
        Instant until,
        long received,
        long inTime,
        long late,
        long atRisk,
        Timing timing,
        Map<Stage, StageFigures> stages,
        SortedMap<String, Long> types,
        SortedMap<String, Long> statuses,
        SortedMap<String, Long> reasons,
        SortedMap<String, Long> breakers) {
    /**
     * Of one stage.
     *
     * @param timing for each payment all that was done in the stage, its fallback included
     * @param granted what it was given on average: its budget, with what was saved before or lent
     * @param fallbacks how many did with less
     */
    public record StageFigures(Timing timing, Duration granted, long fallbacks) {}

    public Figures {
        stages = Map.copyOf(stages);
        types = Collections.unmodifiableSortedMap(new TreeMap<>(types));
        statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
        reasons = Collections.unmodifiableSortedMap(new TreeMap<>(reasons));
        breakers = Collections.unmodifiableSortedMap(new TreeMap<>(breakers));
    }

    /** Share of what was answered that was in time, 0 to 1; empty when nothing was answered. */
    public Optional<Double> compliance() {
        long answered = inTime + late;
        return answered == 0 ? Optional.empty() : Optional.of((double) inTime / answered);
    }

    /** How many were refused, or could not be carried out. */
    public long refused() {
        return statuses.getOrDefault(Status.REJECTED.name(), 0L) + statuses.getOrDefault(Status.FAILED.name(), 0L);
    }

    /** Share of what was received that was refused, 0 to 1; 0 of nothing. */
    public double refusedShare() {
        return received == 0 ? 0 : (double) refused() / received;
    }

    /** How many came in each second, on average. */
    public double perSecond() {
        long seconds = Duration.between(from, until).toSeconds();
        return seconds <= 0 ? 0 : (double) received / seconds;
    }
}
