package org.exchequer.console.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Measure;

/**
 * What stands out in a day: an hour in which more than a few were late or partners were cut off, and what people had
 * ordered meanwhile.
 *
 * @param kind {@code incident} or {@code order}
 * @param x where it begins, from 0 (the first hour) to 100 (the end of the last)
 * @param width on the same scale
 * @param when it was, UTC
 * @param text what it was
 */
public record DayMark(String kind, String x, String width, String when, String text) {
    /** Of the width of a chart: what is shorter is drawn so, to be seen. */
    private static final double LEAST = 0.6;

    private static final Duration HOUR = Duration.ofHours(1);

    private record Span(String kind, Instant from, Instant until, String text) {}

    /**
     * In order of time.
     *
     * @param hours one after the other, without gaps
     * @param ordered whatever was ordered, in any order
     */
    public static List<DayMark> of(List<Figures> hours, List<Measure> ordered) {
        if (hours.isEmpty()) {
            return List.of();
        }
        Instant from = hours.getFirst().from();
        Instant until = end(hours.getLast());
        List<Span> spans = new ArrayList<>();
        hours.stream().filter(DayMark::isIncident).forEach(hour -> spans.add(incident(hour)));
        ordered.stream()
                .filter(measure -> measure.endsAt() != null)
                .map(DayMark::order)
                .filter(span -> span.from().isBefore(until) && span.until().isAfter(from))
                .forEach(spans::add);
        double length = Math.max(1, Duration.between(from, until).toMillis());
        return spans.stream()
                .sorted(Comparator.comparing(Span::from))
                .map(span -> {
                    double x =
                            Math.clamp(100 * Duration.between(from, span.from()).toMillis() / length, 0, 100);
                    double end = Math.clamp(
                            100 * Duration.between(from, span.until()).toMillis() / length, 0, 100);
                    return new DayMark(
                            span.kind(),
                            number(Math.min(x, 100 - LEAST)),
                            number(Math.max(LEAST, end - x)),
                            time(span.from()) + " to " + time(span.until()),
                            span.text());
                })
                .toList();
    }

    private static boolean isIncident(Figures hour) {
        return hour.compliance().orElse(1.0) < SlaBoard.TARGET
                || !hour.breakers().isEmpty();
    }

    private static Span incident(Figures hour) {
        List<String> what = new ArrayList<>();
        if (hour.compliance().orElse(1.0) < SlaBoard.TARGET) {
            what.add("%,d of %,d answered late".formatted(hour.late(), hour.inTime() + hour.late()));
        }
        if (!hour.breakers().isEmpty()) {
            what.add("payments met breakers: "
                    + hour.breakers().entrySet().stream()
                            .map(met -> "%s (%,d)".formatted(met.getKey(), met.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        return new Span("incident", hour.from(), end(hour), String.join("; ", what));
    }

    /** As it is drawn: the hour that goes on is counted up to now. */
    private static Instant end(Figures hour) {
        return hour.from().plus(HOUR);
    }

    private static Span order(Measure measure) {
        Instant ends = Objects.requireNonNull(measure.endsAt());
        Instant ended = measure.endedAt() == null ? ends : measure.endedAt();
        // Who ordered it is told to those who may see the orders themselves.
        return new Span("order", ends.minus(measure.lasts()), ended, Notice.words(measure.kind()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String time(Instant at) {
        return Moment.of(at).shown().substring(11, 16);
    }
}
