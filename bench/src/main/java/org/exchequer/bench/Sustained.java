package org.exchequer.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.bench.SqlBaseline.Style;

/**
 * A rate that lasts: statements must keep up, so their distance to the journal is watched all the time. SQL one by one
 * is measured before and after, on the same PostgreSQL.
 */
final class Sustained {
    private static final long SQL_MS = 5_000;

    private Sustained() {}

    static void run(Bed bed, Report report, int accounts, int callers, int seconds, boolean baseline) throws Exception {
        Matrix matrix = new Matrix(bed, report, accounts, SQL_MS, baseline);
        Map<Style, Result> sql = new EnumMap<>(Style.class);
        if (baseline) {
            sql(matrix, callers, sql);
        }
        List<Long> lags = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        List<Long> cpu = new ArrayList<>();
        Result own = Load.run(
                new Plan(callers, Spread.UNIFORM, accounts, 2_000, seconds * 1_000L),
                bed.postmaster(),
                Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED),
                transfers -> {
                    lags.add(bed.lag());
                    counts.add(transfers);
                    cpu.add(postgresMicros(bed));
                });
        long levelMs = bed.level();
        if (baseline) {
            sql(matrix, callers, sql);
        }
        String what = "ledger, " + seconds + " s";
        report.row(Matrix.number(callers), Spread.UNIFORM.text, what, own, Optional.empty());
        sql.forEach((style, best) ->
                report.row(Matrix.number(callers), Spread.UNIFORM.text, style.text, best, Optional.of(own)));
        long worst = lags.stream().mapToLong(Long::longValue).max().orElse(0);
        report.line(
                "Statements were at most %,d journal entries behind, %,d at the end, and level %,d ms later.",
                worst, lags.getLast(), levelMs);
        report.line(
                "Transfers in each tenth of the time: %s; PostgreSQL's processor time, ms: %s",
                tenths(counts, 1), tenths(cpu, 1_000));
        report.figure("sustainedWorstLag", worst);
        report.figure("sustainedLagAtEnd", lags.getLast());
        report.figure("sustainedLevelMs", levelMs);
    }

    private static void sql(Matrix matrix, int callers, Map<Style, Result> best) throws Exception {
        for (Style style : Style.values()) {
            for (int connections : new int[] {16, 32, 64}) {
                best.merge(style, matrix.sql(callers, Spread.UNIFORM, style, connections, SQL_MS), Matrix::better);
            }
        }
    }

    private static long postgresMicros(Bed bed) {
        try {
            return CpuTime.now(bed.postmaster()).postgres();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** How much a counter that is read once a second grew in each tenth of the time; what it begins at is left out. */
    private static String tenths(List<Long> counter, int unit) {
        StringBuilder text = new StringBuilder();
        long before = counter.getFirst();
        for (int i = 1; i <= 10; i++) {
            long until = counter.get(Math.max(0, counter.size() * i / 10 - 1));
            text.append(i == 1 ? "" : ", ")
                    .append(String.format(java.util.Locale.ROOT, "%,d", (until - before) / unit));
            before = until;
        }
        return text.toString();
    }
}
