package org.exchequer.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.platform.db.DatabaseAddress;

/** What following the journal with a proof log costs the ledger: in turn without and with, on one PostgreSQL. */
final class WithProofLog {
    private static final int CALLERS = 2_048;
    private static final long CATCH_UP_MS = 600_000;

    private WithProofLog() {}

    static boolean run(Report report, int accounts, int rounds, long measureMs) throws Exception {
        return Bed.fresh(report.out(), (address, postmaster) -> {
            Path files = Files.createTempDirectory("exchequer-bench-proof");
            try {
                List<Result> without = new ArrayList<>();
                List<Result> with = new ArrayList<>();
                try (Bed bed = Bed.start(address, postmaster)) {
                    bed.openAccounts(accounts);
                    measure(bed, accounts, measureMs, postmaster);
                }
                for (int i = 0; i < rounds; i++) {
                    without.add(once(report, address, postmaster, Optional.empty(), accounts, measureMs));
                    with.add(once(report, address, postmaster, Optional.of(files), accounts, measureMs));
                }
                double ratio = (double) total(with) / total(without);
                report.line("With the proof log: %.1f %% of the throughput without it.", 100 * ratio);
                return true;
            } finally {
                Bed.delete(files);
            }
        });
    }

    private static long total(List<Result> results) {
        return results.stream().mapToLong(Result::perSecond).sum();
    }

    private static Result once(
            Report report,
            DatabaseAddress address,
            Optional<Long> postmaster,
            Optional<Path> files,
            int accounts,
            long measureMs)
            throws Exception {
        try (Bed bed = Bed.start(address, postmaster, files)) {
            bed.level();
            signed(bed, files);
            Result result = measure(bed, accounts, measureMs, postmaster);
            long behind = files.isPresent() ? bed.unsigned() : 0;
            String what = files.isPresent() ? "with proof log" : "without";
            report.row(Matrix.number(CALLERS), Spread.UNIFORM.text, what, result, Optional.empty());
            if (files.isPresent()) {
                long began = System.nanoTime();
                signed(bed, files);
                report.line(
                        "%,d entries were not signed at the end; all were %,d ms later.",
                        behind, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
            }
            return result;
        }
    }

    private static Result measure(Bed bed, int accounts, long measureMs, Optional<Long> postmaster) throws Exception {
        return Load.run(
                new Plan(CALLERS, Spread.UNIFORM, accounts, 1_000, measureMs),
                postmaster,
                Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED));
    }

    private static void signed(Bed bed, Optional<Path> files) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CATCH_UP_MS);
        while (files.isPresent() && bed.unsigned() > 0) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("the proof log does not catch up");
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
