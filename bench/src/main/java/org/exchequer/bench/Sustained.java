package org.exchequer.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;

/**
 * A rate that lasts: statements must keep up, so their distance to the journal is watched all the time. SQL one by one
 * is measured before and after, on the same PostgreSQL.
 */
final class Sustained {
    private static final long SQL_MS = 5_000;

    private Sustained() {}

    static void run(Bed bed, Report report, int accounts, int callers, int seconds, boolean baseline) throws Exception {
        Matrix matrix = new Matrix(bed, report, accounts, SQL_MS, baseline);
        int[] connections = {16, 32, 64};
        Result best = null;
        if (baseline) {
            for (int each : connections) {
                best = Matrix.better(best, matrix.sql(callers, Spread.UNIFORM, each, SQL_MS));
            }
        }
        List<Long> lags = new ArrayList<>();
        List<Long> counts = new ArrayList<>();
        Result own = Load.run(
                new Plan(callers, Spread.UNIFORM, accounts, 2_000, seconds * 1_000L),
                bed.postmaster(),
                Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED),
                transfers -> {
                    lags.add(bed.lag());
                    counts.add(transfers);
                });
        long levelMs = bed.level();
        if (baseline) {
            for (int each : connections) {
                best = Matrix.better(best, matrix.sql(callers, Spread.UNIFORM, each, SQL_MS));
            }
        }
        String what = "ledger, " + seconds + " s";
        report.row(Matrix.number(callers), Spread.UNIFORM.text, what, own, Optional.ofNullable(best));
        if (best != null) {
            report.row(Matrix.number(callers), Spread.UNIFORM.text, "SQL, one by one", best, Optional.empty());
        }
        long worst = lags.stream().mapToLong(Long::longValue).max().orElse(0);
        report.line(
                "Statements were at most %,d journal entries behind, %,d at the end, and level %,d ms later.",
                worst, lags.getLast(), levelMs);
        report.line("Transfers in each tenth of the time: %s", tenths(counts));
        report.figure("sustainedWorstLag", worst);
        report.figure("sustainedLagAtEnd", lags.getLast());
        report.figure("sustainedLevelMs", levelMs);
    }

    private static String tenths(List<Long> counts) {
        StringBuilder text = new StringBuilder();
        long before = 0;
        for (int i = 1; i <= 10; i++) {
            long until = counts.get(Math.max(0, counts.size() * i / 10 - 1));
            text.append(i == 1 ? "" : ", ").append(String.format(java.util.Locale.ROOT, "%,d", until - before));
            before = until;
        }
        return text.toString();
    }
}
