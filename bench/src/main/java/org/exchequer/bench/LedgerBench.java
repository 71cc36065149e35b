package org.exchequer.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Spread;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the ledger does on this machine, always beside a peer or a limit that was measured in the same run. */
@Command(
        name = "ledger",
        description = {
            "Durable transfers per second and caller latency, beside SQL and raw COPY.",
            "Without a mode: 1 to 8,192 callers in process, spread evenly and half on one account, bulk REST and gRPC."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
final class LedgerBench implements Callable<Integer> {
    private static final int ACCOUNTS = 10_000;

    @Option(names = "--quick", description = "About two minutes: shorter measurements.")
    private boolean quick;

    @Option(names = "--callers", split = ",", paramLabel = "N", description = "Only these numbers of callers.")
    private @Nullable List<Integer> callers;

    @Option(names = "--no-baseline", description = "Measure the ledger alone.")
    private boolean noBaseline;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures to this file too.")
    private @Nullable Path json;

    @ArgGroup
    private Mode mode = new Mode();

    /** At most one of them. */
    static final class Mode {
        @Option(
                names = "--sustained",
                paramLabel = "SECONDS",
                description = "So long at 2,048 callers (or --callers), statements watched.")
        private int sustained;

        @Option(
                names = "--fill",
                paramLabel = "TRANSFERS",
                description = "New, and after so many transfers; keys in order of time, then random ones.")
        private long fill;

        @Option(
                names = "--accounts",
                paramLabel = "N",
                description = "So many accounts in a heap of 1 GiB: heap under load, recovery after kill -9.")
        private int accounts;

        @Option(
                names = "--proof-log",
                paramLabel = "ROUNDS",
                description = "In turn without and with a proof log, so many times each, at 2,048 callers.")
        private int proofLog;

        @Option(
                names = "--berka",
                paramLabel = "FILE",
                description = "Start the program, import a Berka trans.asc over HTTP, and import it again.")
        private @Nullable Path berka;
    }

    @Override
    public Integer call() throws Exception {
        Report report = new Report(System.out);
        report.machine();
        boolean holds = run(report);
        if (json != null) {
            report.writeJson(json);
        }
        return holds ? 0 : 1;
    }

    private boolean run(Report report) throws Exception {
        if (mode.fill > 0) {
            for (Keys keys : Keys.values()) {
                Fill.run(report, ACCOUNTS, mode.fill, keys, quick ? 4_000 : 20_000);
            }
            return true;
        }
        if (mode.accounts > 0) {
            return ManyAccounts.run(report, mode.accounts);
        }
        if (mode.berka != null) {
            return Berka.run(report, mode.berka);
        }
        if (mode.proofLog > 0) {
            return WithProofLog.run(report, ACCOUNTS, mode.proofLog, quick ? 4_000 : 20_000);
        }
        return Bed.fresh(System.out, (address, postmaster) -> {
            try (Bed bed = Bed.start(address, postmaster)) {
                bed.openAccounts(ACCOUNTS);
                // Compiles what is hot.
                Load.run(
                        new Plan(1_024, Spread.UNIFORM, ACCOUNTS, 0, quick ? 5_000 : 15_000),
                        postmaster,
                        Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED));
                if (mode.sustained > 0) {
                    int count = callers == null ? 2_048 : callers.getFirst();
                    Sustained.run(bed, report, ACCOUNTS, count, mode.sustained, !noBaseline);
                } else {
                    new Matrix(bed, report, ACCOUNTS, quick ? 4_000 : 20_000, !noBaseline)
                            .run(callers == null ? List.of(1, 32, 256, 2_048, 8_192) : callers);
                }
                report.line("");
                return bed.verify(System.out);
            }
        });
    }
}
