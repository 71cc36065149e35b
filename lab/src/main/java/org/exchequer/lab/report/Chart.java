package org.exchequer.lab.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.lab.load.Series.Point;
import org.exchequer.lab.scenario.Headline;
import org.exchequer.lab.scenario.RunReport;

/** Throughput, latency and faults over the same time, as one inline SVG. */
final class Chart {
    static final int LEFT = 64;
    static final int PLOT = 1_040;
    private static final int WIDTH = LEFT + PLOT + 16;
    private static final int RATE_TOP = 22;
    private static final int RATE_HEIGHT = 150;
    private static final int LATENCY_TOP = RATE_TOP + RATE_HEIGHT + 40;
    private static final int LATENCY_HEIGHT = 150;
    private static final int LANES_TOP = LATENCY_TOP + LATENCY_HEIGHT + 44;
    private static final int LANE = 20;
    private static final long FASTEST_MICROS = 100;
    private static final long SLOWEST_MICROS = 60_000_000;

    private final RunReport run;
    private final StringBuilder svg = new StringBuilder();
    private final long endMs;
    private final List<List<FaultRecord>> lanes = new ArrayList<>();

    private Chart(RunReport run) {
        this.run = run;
        long end = run.lengthMs();
        for (FaultRecord fault : run.faults()) {
            end = Math.max(end, fault.endedMs());
        }
        this.endMs = end;
    }

    static String of(RunReport run) {
        Chart chart = new Chart(run);
        chart.pack();
        chart.draw();
        return chart.svg.toString();
    }

    /** Length of the time axis, in milliseconds. */
    static long length(RunReport run) {
        return new Chart(run).endMs;
    }

    /** Faults that overlap go to different lanes. */
    private void pack() {
        for (FaultRecord fault : run.faults()) {
            List<FaultRecord> free = lanes.stream()
                    .filter(lane -> lane.getLast().endedMs() + room(lane.getLast()) <= fault.beganMs())
                    .findFirst()
                    .orElseGet(() -> {
                        List<FaultRecord> fresh = new ArrayList<>();
                        lanes.add(fresh);
                        return fresh;
                    });
            free.add(fault);
        }
    }

    /** Time that a fault's label takes beyond its bar. */
    private long room(FaultRecord fault) {
        long label = Math.round((label(fault).length() * 6.2 + 10) * endMs / PLOT);
        return Math.max(0, label - (fault.endedMs() - fault.beganMs()));
    }

    private static String label(FaultRecord fault) {
        return fault.fault().kind().title();
    }

    private void draw() {
        int height = LANES_TOP + Math.max(1, lanes.size()) * LANE + 10;
        svg.append(String.format(
                Locale.ROOT,
                "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Throughput, latency, faults over"
                        + " time\" data-left=\"%d\" data-width=\"%d\" data-length=\"%d\">%n",
                WIDTH,
                height,
                LEFT,
                PLOT,
                endMs));
        bands();
        gap();
        throughput();
        latency();
        times();
        epochs();
        lanes();
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"cursor\" y1=\"%d\" y2=\"%d\"/>%n</svg>",
                RATE_TOP,
                LANES_TOP + lanes.size() * LANE));
    }

    private void bands() {
        for (FaultRecord fault : run.faults()) {
            if (!fault.injected()) {
                continue;
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"band %s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>%n",
                    family(fault),
                    x(fault.beganMs()),
                    RATE_TOP,
                    Math.max(1.5, x(fault.endedMs()) - x(fault.beganMs())),
                    LATENCY_TOP + LATENCY_HEIGHT - RATE_TOP));
        }
    }

    private void gap() {
        run.headline()
                .map(Headline::gap)
                .ifPresent(gap -> svg.append(String.format(
                        Locale.ROOT,
                        "<rect class=\"gap\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"3\"><title>no write was"
                                + " acknowledged for %s</title></rect>%n",
                        x(gap.fromMillis()),
                        RATE_TOP - 3,
                        Math.max(1.5, x(Math.min(endMs, gap.untilMillis())) - x(gap.fromMillis())),
                        Html.seconds(gap.millis()))));
    }

    static String family(FaultRecord fault) {
        return switch (fault.fault().kind()) {
            case POSTGRES_KILL,
                    POSTGRES_PAUSE,
                    KAFKA_KILL,
                    KAFKA_PAUSE,
                    REDIS_KILL,
                    REDIS_PAUSE,
                    NODE_KILL,
                    NODE_PAUSE,
                    NODE_STOP,
                    CRASH_AT,
                    NODE_HEAP,
                    NODE_CPU,
                    MODEL_SLOW,
                    MODEL_SPIKES,
                    MODEL_HANGS,
                    MODEL_FAILS,
                    FEATURES_MISSING,
                    FEATURES_STALE,
                    FEATURES_DRIFT,
                    REASONS_FAIL -> "process";
            case CUT,
                    SILENCE,
                    SLOW,
                    SPIKES,
                    THROTTLE,
                    SLICE,
                    RESET,
                    LIMIT,
                    REDELIVERY,
                    MOVE_SLOTS,
                    REDIS_POISON,
                    PARTNER_SLOW,
                    PARTNER_HANGS,
                    PARTNER_FAILS,
                    PARTNER_DISCONNECTS,
                    PARTNER_LOSES,
                    PARTNER_MANGLES,
                    PARTNER_FLAPS,
                    PARTNER_SPIKES,
                    ACCOUNTS_WRONG,
                    NODE_SUPPLY,
                    LOAD_SPIKE -> "wire";
            case DISK_FULL, DISK_SLOW, POSTGRES_STALLS -> "disk";
            case CLOCK_SKEW -> "clock";
        };
    }

    private void throughput() {
        double perBin = run.binMs() / 1e3;
        double most = run.points().stream()
                .mapToDouble(point -> all(point) / perBin)
                .max()
                .orElse(1);
        long top = nice(Math.max(1, most));
        text(LEFT - 8, RATE_TOP - 8, "label", "start", "Operations per second, by when they were meant to begin", -56);
        for (int i = 0; i <= 2; i++) {
            double y = RATE_TOP + RATE_HEIGHT - RATE_HEIGHT * i / 2.0;
            line(y);
            text(LEFT - 8, y + 4, "", "end", Html.number(top * i / 2), 0);
        }
        double width = Math.max(0.6, x(run.binMs()) - x(0) - 0.6);
        for (Point point : run.points()) {
            double y = RATE_TOP + RATE_HEIGHT;
            y = bar(point, y, width, top * perBin, "done", point.done());
            y = bar(point, y, width, top * perBin, "rejected", point.rejected());
            y = bar(point, y, width, top * perBin, "refused", point.refused());
            bar(point, y, width, top * perBin, "unknown", point.unknown());
        }
    }

    private static long all(Point point) {
        return point.done() + point.rejected() + point.refused() + point.unknown();
    }

    private double bar(Point point, double base, double width, double top, String kind, long count) {
        if (count == 0) {
            return base;
        }
        double height = RATE_HEIGHT * count / top;
        svg.append(String.format(
                Locale.ROOT,
                "<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>%n",
                kind,
                x(point.atMillis()),
                base - height,
                width,
                height));
        return base - height;
    }

    private void latency() {
        text(LEFT - 8, LATENCY_TOP - 8, "label", "start", "Latency from the intended beginning", -56);
        for (long micros = 1_000; micros <= 10_000_000; micros *= 10) {
            double y = y(micros);
            line(y);
            text(
                    LEFT - 8,
                    y + 4,
                    "",
                    "end",
                    micros >= 1_000_000 ? micros / 1_000_000 + " s" : micros / 1_000 + " ms",
                    0);
        }
        path("max", Point::maxMicros);
        path("p99", Point::p99Micros);
        path("p50", Point::p50Micros);
    }

    private void path(String kind, ToLongFunction<Point> value) {
        StringBuilder path = new StringBuilder();
        boolean down = false;
        for (Point point : run.points()) {
            long micros = value.applyAsLong(point);
            if (micros == 0) {
                down = false;
                continue;
            }
            path.append(String.format(
                    Locale.ROOT, "%s%.1f %.1f", down ? "L" : "M", x(point.atMillis() + run.binMs() / 2), y(micros)));
            down = true;
        }
        svg.append(String.format(Locale.ROOT, "<path class=\"line %s\" d=\"%s\"/>%n", kind, path));
    }

    private void times() {
        long step = 1_000;
        for (long each : new long[] {5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000}) {
            if (endMs / step > 12) {
                step = each;
            }
        }
        for (long at = 0; at <= endMs; at += step) {
            String label = step >= 60_000 ? at / 60_000 + " min" : at / 1_000 + " s";
            text(x(at), LATENCY_TOP + LATENCY_HEIGHT + 16, "", "middle", label, 0);
        }
    }

    private void epochs() {
        // The first began before the load did.
        for (RunReport.Epoch epoch : run.takeovers().stream().skip(1).toList()) {
            if (epoch.atMs() < 0 || epoch.atMs() > endMs) {
                continue;
            }
            svg.append(String.format(
                    Locale.ROOT,
                    "<line class=\"epoch\" x1=\"%1$.1f\" x2=\"%1$.1f\" y1=\"%2$d\" y2=\"%3$d\"><title>epoch %4$d, %5$s,"
                            + " wrote from here on</title></line>%n",
                    x(epoch.atMs()),
                    RATE_TOP,
                    LATENCY_TOP + LATENCY_HEIGHT,
                    epoch.epoch(),
                    Html.text(epoch.node())));
        }
    }

    private void lanes() {
        for (int lane = 0; lane < lanes.size(); lane++) {
            double top = LANES_TOP + lane * LANE;
            for (FaultRecord fault : lanes.get(lane)) {
                double x = x(fault.beganMs());
                double width = Math.max(3, x(fault.endedMs()) - x);
                svg.append(String.format(
                        Locale.ROOT,
                        "<g><title>%s</title><rect class=\"lane %s%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\""
                                + " height=\"5\" rx=\"2\"/>",
                        Html.text(fault.fault().describe() + " (" + fault.resolved() + ")"),
                        family(fault),
                        fault.bit() ? "" : " dull",
                        x,
                        top,
                        width));
                text(x, top + 16, "", "start", label(fault), 0);
                svg.append("</g>\n");
            }
        }
    }

    private void line(double y) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%3$.1f\" y2=\"%3$.1f\"/>%n",
                LEFT,
                LEFT + PLOT,
                y));
    }

    private void text(double x, double y, String kind, String anchor, String content, int shift) {
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
                kind,
                x + shift,
                y,
                anchor,
                Html.text(content)));
    }

    private double x(long millis) {
        return LEFT + (double) PLOT * millis / endMs;
    }

    /** Logarithmic: two milliseconds or twenty matters as much as one second or ten. */
    private static double y(long micros) {
        double within = Math.log((double) Math.clamp(micros, FASTEST_MICROS, SLOWEST_MICROS) / FASTEST_MICROS)
                / Math.log((double) SLOWEST_MICROS / FASTEST_MICROS);
        return LATENCY_TOP + LATENCY_HEIGHT * (1 - within);
    }

    /** A round number that is not less. */
    private static long nice(double value) {
        long unit = 1;
        while (true) {
            for (long step : new long[] {2, 4, 10}) {
                if (step * unit >= value) {
                    return step * unit;
                }
            }
            unit *= 10;
        }
    }
}
