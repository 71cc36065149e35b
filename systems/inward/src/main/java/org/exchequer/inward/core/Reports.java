package org.exchequer.inward.core;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Report;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.Timing;

/** Reports, made of what was counted on each day. */
public final class Reports {
    private Reports() {}

    /** @param days the figures of whole days (UTC), in order */
    public static Report of(Report.Kind kind, List<Figures> days) {
        List<List<String>> rows = new ArrayList<>();
        for (Figures day : days) {
            String date = LocalDate.ofInstant(day.from(), ZoneOffset.UTC).toString();
            switch (kind) {
                case SLA -> rows.add(sla(date, day));
                case STAGES -> stages(date, day, rows);
                case REFUSALS -> refusals(date, day, rows);
                case PARTNERS -> partners(date, day, rows);
            }
        }
        return new Report(kind, columns(kind), rows);
    }

    private static List<String> columns(Report.Kind kind) {
        return switch (kind) {
            case SLA ->
                List.of(
                        "day",
                        "received",
                        "in_time",
                        "late",
                        "compliance_percent",
                        "mean_ms",
                        "p50_ms",
                        "p95_ms",
                        "p99_ms",
                        "refused");
            case STAGES ->
                List.of(
                        "day",
                        "stage",
                        "payments",
                        "target_ms",
                        "granted_ms",
                        "mean_ms",
                        "p95_ms",
                        "p99_ms",
                        "fallbacks");
            case REFUSALS -> List.of("day", "reason", "payments", "percent_of_received");
            case PARTNERS -> List.of("day", "what", "payments", "percent_of_received");
        };
    }

    private static List<String> sla(String date, Figures day) {
        Timing timing = day.timing();
        return List.of(
                date,
                Long.toString(day.received()),
                Long.toString(day.inTime()),
                Long.toString(day.late()),
                day.compliance().map(Reports::percent).orElse(""),
                millis(timing.mean()),
                millis(timing.quantile(0.5)),
                millis(timing.quantile(0.95)),
                millis(timing.quantile(0.99)),
                Long.toString(day.refused()));
    }

    private static void stages(String date, Figures day, List<List<String>> rows) {
        for (Stage stage : Stage.values()) {
            Figures.StageFigures of = day.stages().get(stage);
            if (of != null) {
                rows.add(List.of(
                        date,
                        stage.name(),
                        Long.toString(of.timing().count()),
                        millis(stage.budget()),
                        millis(of.granted()),
                        millis(of.timing().mean()),
                        millis(of.timing().quantile(0.95)),
                        millis(of.timing().quantile(0.99)),
                        Long.toString(of.fallbacks())));
            }
        }
    }

    private static void refusals(String date, Figures day, List<List<String>> rows) {
        for (Map.Entry<String, Long> reason : day.reasons().entrySet()) {
            rows.add(share(date, reason.getKey(), reason.getValue(), day.received()));
        }
    }

    private static void partners(String date, Figures day, List<List<String>> rows) {
        for (Stage stage : Stage.values()) {
            Figures.StageFigures of = day.stages().get(stage);
            if (of != null && of.fallbacks() > 0) {
                rows.add(share(date, "fallback " + stage.name(), of.fallbacks(), day.received()));
            }
        }
        for (Map.Entry<String, Long> met : day.breakers().entrySet()) {
            rows.add(share(date, "breaker " + met.getKey(), met.getValue(), day.received()));
        }
    }

    private static List<String> share(String date, String what, long count, long received) {
        return List.of(date, what, Long.toString(count), received == 0 ? "" : percent((double) count / received));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.3f", share * 100);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.3f", time.toNanos() / 1_000_000.0);
    }
}
