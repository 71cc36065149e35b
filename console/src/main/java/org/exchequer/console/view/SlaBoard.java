package org.exchequer.console.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.exchequer.inward.api.Figures;
import org.exchequer.inward.api.Live;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Timing;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard of inward clearing as shown; lengths and coordinates are those of the drawings.
 *
 * @param headline figures in words
 * @param buckets how long payments took
 * @param limits how many took longer than the warning, critical and hard limits
 * @param stages actual times against what they are given
 * @param pipeline what this node does now
 * @param partners whom it asks
 * @param reasons of refusals, most first
 * @param bottleneck the stage that keeps payments waiting most, in words
 * @param seen changes when anything shown does
 */
public record SlaBoard(
        Headline headline,
        Gauge gauge,
        List<Bar> buckets,
        List<Bar> limits,
        List<StageBar> stages,
        List<Step> pipeline,
        List<PartnerLine> partners,
        List<Bar> reasons,
        String bottleneck,
        String seen) {
    static final double TARGET = 0.995;
    private static final double WARNING = 0.99;
    private static final double CRITICAL = 0.98;
    /** The gauge shows the top of the scale, where all that matters happens. */
    private static final double LEAST_SHOWN = 0.97;

    private static final int MOST_REASONS = 12;
    private static final int MOST_PARTNERS = 40;
    private static final List<Duration> EDGES = List.of(
            Duration.ZERO,
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(3),
            Duration.ofSeconds(4),
            Duration.ofMillis(4_500));

    /** Figures of the window, with what should be seen at once. */
    public record Headline(
            Moment until,
            String received,
            String perSecond,
            String perMinute,
            String mean,
            String p50,
            String p95,
            String p95Level,
            String p99,
            String p99Level,
            String refused,
            String refusedShare,
            String underWay,
            String atRisk,
            String oldest,
            String node,
            String breakers,
            boolean breakersClosed) {}

    /**
     * Half a dial.
     *
     * @param value compliance, or a dash when nothing was answered
     * @param level {@code good}, {@code warn} or {@code bad}
     * @param zones from bad to good
     * @param needle end of the needle, or null
     * @param trend against the window before
     */
    public record Gauge(
            String value,
            String level,
            List<Zone> zones,
            @Nullable Point needle,
            String trend) {}

    /** An arc of the dial: an SVG path. */
    public record Zone(String level, String path) {}

    /** A point of a drawing. */
    public record Point(String x, String y) {}

    /** A bar from 0 to 100 wide. */
    public record Bar(String label, String count, String share, String width, String level) {}

    /** A stage: both bars on one scale, 0 to 100 wide. */
    public record StageBar(
            String name,
            String payments,
            String mean,
            String p95,
            String p99,
            String target,
            String granted,
            String fallbacks,
            String width,
            String targetAt,
            boolean over) {}

    /** A part of the pipeline. */
    public record Step(String name, String count, boolean busy) {}

    /** A partner. */
    public record PartnerLine(
            String name,
            String status,
            String level,
            String average,
            String success,
            String breaker,
            String forced,
            String calls,
            String refused,
            boolean part) {}

    /**
     * Of these figures.
     *
     * @param now the window
     * @param before one as long before it
     */
    public static SlaBoard of(Figures now, Figures before, Live live) {
        Headline headline = headline(now, live);
        Gauge gauge = gauge(now, before);
        List<Bar> buckets = buckets(now.timing());
        List<StageBar> stages = stages(now);
        List<Step> pipeline = pipeline(live);
        List<PartnerLine> partners = live.partners().stream()
                .filter(SlaBoard::isWorthALine)
                .limit(MOST_PARTNERS)
                .map(SlaBoard::partner)
                .toList();
        String seen = Integer.toHexString(
                List.of(headline, gauge, buckets, stages, pipeline, partners).hashCode());
        return new SlaBoard(
                headline,
                gauge,
                buckets,
                limits(now.timing()),
                stages,
                pipeline,
                partners,
                reasons(now),
                bottleneck(now),
                seen);
    }

    /** By the mean where one is above its budget, else by the 95th percentile. */
    static String bottleneck(Figures now) {
        Stage worst = null;
        Duration most = Duration.ZERO;
        for (double quantile : new double[] {0, 0.95}) {
            for (Map.Entry<Stage, Figures.StageFigures> each : now.stages().entrySet()) {
                Timing timing = each.getValue().timing();
                Duration over = (quantile == 0 ? timing.mean() : timing.quantile(quantile))
                        .minus(each.getKey().budget());
                if (each.getKey().priority() > 0 && over.compareTo(most) > 0) {
                    worst = each.getKey();
                    most = over;
                }
            }
            if (worst != null) {
                return "Bottleneck: " + Times.words(worst.name()) + ", " + Times.text(most) + " over its budget "
                        + (quantile == 0 ? "on average" : "at the 95th percentile");
            }
        }
        return now.stages().isEmpty() ? "" : "No stage is over its budget";
    }

    private static Headline headline(Figures now, Live live) {
        Timing timing = now.timing();
        Duration p95 = timing.quantile(0.95);
        Duration p99 = timing.quantile(0.99);
        long open = live.partners().stream()
                .filter(partner -> !partner.breaker().equals("CLOSED"))
                .count();
        return new Headline(
                Moment.of(now.until()),
                Amounts.count(now.received()),
                rate(now.perSecond()),
                rate(60 * now.perSecond()),
                Times.text(timing.mean()),
                Times.text(timing.quantile(0.5)),
                Times.text(p95),
                level(p95, 3_500, 4_200),
                Times.text(p99),
                level(p99, 4_200, 4_500),
                Amounts.count(now.refused()),
                Times.percent(now.refusedShare(), 1),
                Amounts.count(live.underWay()),
                Amounts.count(live.atRisk()),
                Times.text(live.oldest()),
                live.node(),
                open == 0 ? "all closed" : open + " not closed",
                open == 0);
    }

    private static String level(Duration time, long warnMs, long badMs) {
        return time.toMillis() >= badMs ? "bad" : time.toMillis() >= warnMs ? "warn" : "good";
    }

    private static String level(double compliance) {
        return compliance >= TARGET ? "good" : compliance >= CRITICAL ? "warn" : "bad";
    }

    private static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 10 ? "%.2f" : "%.0f", perSecond);
    }

    private static Gauge gauge(Figures now, Figures before) {
        List<Zone> zones = List.of(
                zone("bad", LEAST_SHOWN, CRITICAL),
                zone("warn", CRITICAL, WARNING),
                zone("near", WARNING, TARGET),
                zone("good", TARGET, 1));
        Optional<Double> share = now.compliance();
        if (share.isEmpty()) {
            return new Gauge("–", "none", zones, null, "nothing was answered");
        }
        String trend =
                before.compliance().map(was -> trend(share.get() - was)).orElse("nothing to compare with before");
        return new Gauge(Times.percent(share.get(), 2), level(share.get()), zones, point(share.get(), 62), trend);
    }

    private static String trend(double change) {
        double points = change * 100;
        String arrow = points > 0.005 ? "↗" : points < -0.005 ? "↘" : "→";
        return String.format(Locale.ROOT, "%s %+.2f points against the time before", arrow, points);
    }

    private static Zone zone(String level, double from, double to) {
        Point start = point(from, 80);
        Point end = point(to, 80);
        return new Zone(level, "M%s %s A80 80 0 0 1 %s %s".formatted(start.x(), start.y(), end.x(), end.y()));
    }

    /** On a half circle around (100, 95), clockwise. */
    private static Point point(double share, double radius) {
        double along = (Math.clamp(share, LEAST_SHOWN, 1.0) - LEAST_SHOWN) / (1 - LEAST_SHOWN);
        double angle = Math.PI * (1 - along);
        return new Point(number(100 + radius * Math.cos(angle)), number(95 - radius * Math.sin(angle)));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static List<Bar> buckets(Timing timing) {
        List<Bar> bars = new ArrayList<>();
        long all = timing.count();
        for (int i = 0; i < EDGES.size(); i++) {
            boolean last = i == EDGES.size() - 1;
            long count = last ? all - timing.below(EDGES.get(i)) : timing.between(EDGES.get(i), EDGES.get(i + 1));
            String label = last ? "4.5 s and more" : seconds(EDGES.get(i)) + "–" + seconds(EDGES.get(i + 1)) + " s";
            bars.add(bar(label, count, all, i < 3 ? "good" : last ? "bad" : "warn"));
        }
        return bars;
    }

    private static String seconds(Duration edge) {
        return edge.toMillis() % 1_000 == 0 ? Long.toString(edge.toSeconds()) : "4.5";
    }

    private static List<Bar> limits(Timing timing) {
        long all = timing.count();
        return List.of(
                bar("past 3.5 s, warning", all - timing.below(Duration.ofMillis(3_500)), all, "warn"),
                bar("past 4.2 s, critical", all - timing.below(Duration.ofMillis(4_200)), all, "bad"),
                bar("past 4.5 s, breach", all - timing.below(Duration.ofMillis(4_500)), all, "bad"));
    }

    private static Bar bar(String label, long count, long all, String level) {
        double share = all == 0 ? 0 : (double) count / all;
        return new Bar(label, Amounts.count(count), Times.percent(share, 1), number(share * 100), level);
    }

    private static List<StageBar> stages(Figures now) {
        List<StageBar> bars = new ArrayList<>();
        double longest = 1;
        for (Map.Entry<Stage, Figures.StageFigures> each : now.stages().entrySet()) {
            longest = Math.max(longest, millis(each.getValue().timing().quantile(0.95)));
            longest = Math.max(longest, millis(each.getKey().budget()));
        }
        for (Stage stage : Stage.values()) {
            Figures.StageFigures of = now.stages().get(stage);
            if (of != null && stage != Stage.COMPLETED) {
                Duration p95 = of.timing().quantile(0.95);
                bars.add(new StageBar(
                        Times.words(stage.name()),
                        Amounts.count(of.timing().count()),
                        Times.text(of.timing().mean()),
                        Times.text(p95),
                        Times.text(of.timing().quantile(0.99)),
                        stage.budget().isZero() ? "" : Times.text(stage.budget()),
                        of.granted().isZero() ? "" : Times.text(of.granted()),
                        Amounts.count(of.fallbacks()),
                        number(scaled(p95, longest)),
                        stage.budget().isZero() ? "" : number(scaled(stage.budget(), longest)),
                        stage.priority() > 0 && p95.compareTo(stage.budget()) > 0));
            }
        }
        return bars;
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1_000_000.0;
    }

    /** By the square root: the shortest stages would not be seen beside the longest. */
    private static double scaled(Duration time, double longestMs) {
        return 100 * Math.sqrt(Math.min(1, millis(time) / longestMs));
    }

    private static List<Step> pipeline(Live live) {
        List<Step> steps = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            int count = 0;
            for (State state : State.values()) {
                count += state.stage() == stage ? live.states().getOrDefault(state, 0) : 0;
            }
            if (stage != Stage.BROADCAST) {
                String name = stage == Stage.COMPLETED ? "resolving and ending" : Times.words(stage.name());
                steps.add(new Step(name, Amounts.count(count), count > 0));
            }
        }
        return steps;
    }

    /** Banks and currencies have breakers of their own, which are many: shown when they do not let all through. */
    private static boolean isWorthALine(Live.Partner partner) {
        boolean resource = partner.name().indexOf('/') != partner.name().lastIndexOf('/');
        return !resource || !partner.breaker().equals("CLOSED");
    }

    private static PartnerLine partner(Live.Partner partner) {
        double failed = partner.calls() == 0 ? 0 : (double) partner.failures() / partner.calls();
        boolean closed = partner.breaker().equals("CLOSED") || partner.breaker().equals("FORCED_CLOSED");
        String level = !closed ? "bad" : failed > 0.02 ? "warn" : "good";
        String status = partner.calls() == 0 && closed
                ? "not asked yet"
                : !closed ? "not asked" : failed > 0.02 ? "degraded" : "healthy";
        return new PartnerLine(
                partner.name(),
                status,
                level,
                partner.calls() == 0 ? "" : Times.text(partner.average()),
                partner.calls() == 0 ? "" : Times.percent(1 - failed, 2),
                Times.words(partner.breaker()),
                partner.forcedBy() == null ? "" : partner.forcedBy(),
                Amounts.count(partner.calls()),
                Amounts.count(partner.refused()),
                partner.name().indexOf('/') >= 0);
    }

    private static List<Bar> reasons(Figures now) {
        return now.reasons().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_REASONS)
                .map(reason -> bar(reason.getKey(), reason.getValue(), Math.max(1, now.refused()), "quiet"))
                .toList();
    }

    /**
     * A line over the hours.
     *
     * @param points of an SVG polyline, x from 0 to 100 and y from 0 (top) to 40; one string per stretch without gaps
     * @param least label of the bottom
     * @param most label of the top
     * @param last value of the newest hour that has one
     * @param note what is to be seen in it
     */
    public record Trend(String title, List<String> points, String least, String most, String last, String note) {
        Trend noting(String text) {
            return new Trend(title, points, least, most, last, text);
        }
    }

    /** What changed over the hours. */
    public static List<Trend> trends(List<Figures> hours) {
        return List.of(
                trend(
                                "SLA compliance",
                                hours,
                                f -> f.compliance().map(s -> s * 100).orElse(Double.NaN),
                                "%.2f %%")
                        .noting(belowTarget(hours)),
                trend(
                        "Mean time",
                        hours,
                        f -> f.timing().count() == 0
                                ? Double.NaN
                                : f.timing().mean().toNanos() / 1e6,
                        "%.1f ms"),
                trend("Payments per second", hours, Figures::perSecond, "%.2f").noting(busiest(hours)),
                trend("Refused", hours, f -> f.received() == 0 ? Double.NaN : f.refusedShare() * 100, "%.1f %%"));
    }

    private static String belowTarget(List<Figures> hours) {
        List<String> below = hours.stream()
                .filter(hour -> hour.compliance().orElse(1.0) < TARGET)
                .map(SlaBoard::time)
                .toList();
        return below.isEmpty()
                ? "no hour below the target"
                : below.size() + (below.size() == 1 ? " hour" : " hours") + " below the target, the last "
                        + below.getLast();
    }

    private static String busiest(List<Figures> hours) {
        return hours.stream()
                .filter(hour -> hour.received() > 0)
                .max(java.util.Comparator.comparingLong(Figures::received))
                .map(hour -> "busiest from " + time(hour))
                .orElse("");
    }

    private static String time(Figures hour) {
        return Moment.of(hour.from()).shown().substring(11, 16);
    }

    private static Trend trend(String title, List<Figures> hours, ToDoubleFunction<Figures> value, String format) {
        double[] values = hours.stream().mapToDouble(value).toArray();
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        String last = "–";
        for (double one : values) {
            if (!Double.isNaN(one)) {
                least = Math.min(least, one);
                most = Math.max(most, one);
                last = String.format(Locale.ROOT, format, one);
            }
        }
        if (most < least) {
            return new Trend(title, List.of(), "", "", last, "");
        }
        double low = least == most ? least - 1 : least;
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i <= values.length; i++) {
            if (i == values.length || Double.isNaN(values[i])) {
                if (!line.isEmpty()) {
                    lines.add(line.toString().strip());
                    line.setLength(0);
                }
                continue;
            }
            double y = 38 - 36 * (values[i] - low) / (most == low ? 1 : most - low);
            double from = 100.0 * i / values.length;
            double to = 100.0 * (i + 1) / values.length;
            line.append("%s,%s %s,%s ".formatted(number(from), number(y), number(to), number(y)));
        }
        return new Trend(
                title,
                lines,
                String.format(Locale.ROOT, format, least),
                String.format(Locale.ROOT, format, most),
                last,
                "");
    }

    /**
     * A stage by the hour.
     *
     * @param cells one per hour
     */
    public record HeatRow(String stage, List<Cell> cells) {}

    /**
     * One stage in one hour.
     *
     * @param text its 95th percentile in milliseconds; empty when nothing was done
     * @param heat 0 (well within its budget) to 4 (over it); -1 for nothing
     * @param from beginning of the hour, and {@code until} its end, as the search for payments takes them
     */
    public record Cell(String text, int heat, String title, String from, String until) {}

    /** How each stage did by the hour, against its budget. */
    public static List<HeatRow> heat(List<Figures> hours) {
        List<HeatRow> rows = new ArrayList<>();
        for (Stage stage : Stage.values()) {
            if (stage.priority() > 0) {
                List<Cell> cells = hours.stream().map(hour -> cell(stage, hour)).toList();
                rows.add(new HeatRow(Times.words(stage.name()), cells));
            }
        }
        rows.removeIf(row -> row.cells().stream().allMatch(cell -> cell.heat() < 0));
        return rows;
    }

    private static Cell cell(Stage stage, Figures hour) {
        Figures.StageFigures of = hour.stages().get(stage);
        String when = time(hour);
        String from = hour.from().toString();
        String until = hour.from().plusSeconds(3_600).toString();
        if (of == null) {
            return new Cell("", -1, when + " UTC: nothing", from, until);
        }
        Duration p95 = of.timing().quantile(0.95);
        double used = (double) p95.toNanos() / stage.budget().toNanos();
        int heat = used > 1 ? 4 : used > 0.8 ? 3 : used > 0.5 ? 2 : used > 0.2 ? 1 : 0;
        double millis = p95.toNanos() / 1e6;
        String text = String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%.0f", millis);
        return new Cell(
                text,
                heat,
                "%s UTC: p95 %s of %s, %s payments"
                        .formatted(
                                when,
                                Times.text(p95),
                                Times.text(stage.budget()),
                                Amounts.count(of.timing().count())),
                from,
                until);
    }

    /** Names of the hours: {@code 09}. */
    public static List<String> hourNames(List<Figures> hours) {
        return hours.stream()
                .map(hour -> Moment.of(hour.from()).shown().substring(11, 13))
                .toList();
    }
}
