package org.exchequer.lab.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.Violation;
import org.exchequer.lab.sim.ledger.Bug;
import org.exchequer.lab.sim.ledger.Campaign;
import org.exchequer.lab.sim.ledger.LedgerRun;
import org.exchequer.lab.sim.ledger.Plan;
import org.exchequer.lab.sim.ledger.Shrink;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./exchequer lab simulate ledger}: runs the ledger's core against simulated faults, from many seeds. */
@Command(
        name = "simulate",
        description = "Runs a system's pure core in simulated time against lost, late and repeated messages, crashes, "
                + "stops, skewed clocks and slow disks; the same seed gives the same run.",
        mixinStandardHelpOptions = true,
        exitCodeOnInvalidInput = 64,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:no violation found", "1:a violation was found", "2:undecided", "64:the command line is wrong"
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final int MOST_OPERATIONS = 1_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "SYSTEM", description = "The system: ledger.")
    private String system = "";

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds to run (default ${DEFAULT-VALUE}).")
    private long seeds = 1_000;

    @Option(names = "--from", paramLabel = "N", description = "The first seed (default ${DEFAULT-VALUE}).")
    private long from = 1;

    @Option(names = "--seed", paramLabel = "N", description = "Run this one seed and show it.")
    private @Nullable Long seed;

    @Option(
            names = "--bug",
            paramLabel = "BUG",
            description = "Build a bug in, to see it found: skip-dedupe, double-apply, commit-before-write, "
                    + "lost-half-leg, stale-read.")
    private String bug = Bug.NONE.label();

    @Option(
            names = "--operations",
            paramLabel = "N",
            description = "Operations per run, 1 to 1000 (default ${DEFAULT-VALUE}).")
    private int operations = 40;

    @Option(
            names = "--only",
            paramLabel = "PART",
            split = ",",
            description = "With --seed: only these parts of the run, e.g. o3,o7,f0.")
    private @Nullable List<String> only;

    @Option(names = "--threads", paramLabel = "N", description = "Runs at the same time (default: one per processor).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Override
    public Integer call() throws InterruptedException {
        require(system.equals("ledger"), "there is no simulator of " + system + "; there is one of: ledger");
        require(seeds >= 1, "--seeds must be 1 or more");
        require(operations >= 1 && operations <= MOST_OPERATIONS, "--operations must be 1 to " + MOST_OPERATIONS);
        require(threads >= 1 && threads <= 256, "--threads must be 1 to 256");
        require(only == null || seed != null, "--only needs --seed");
        Bug planted;
        try {
            planted = Bug.of(bug);
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line(), "--bug: " + e.getMessage(), e);
        }
        PrintWriter out = line().getOut();
        Verdict verdict = seed == null ? many(planted, out) : one(seed, planted, out);
        out.println("verdict: " + verdict);
        out.flush();
        return verdict.exitCode();
    }

    private Verdict one(long number, Bug planted, PrintWriter out) {
        Plan plan = Plan.of(number, planted, operations);
        if (only != null) {
            try {
                plan = plan.only(only);
            } catch (IllegalArgumentException e) {
                throw new CommandLine.ParameterException(line(), "--only: " + e.getMessage(), e);
            }
        }
        LedgerRun.Result result = LedgerRun.run(plan);
        tell(result, out);
        Verdict verdict = Verdict.of(result.findings());
        if (verdict == Verdict.INVALID && only == null) {
            shrunk(result, planted, out);
        }
        return verdict;
    }

    private Verdict many(Bug planted, PrintWriter out) throws InterruptedException {
        Ticker ticker = Ticker.system();
        long began = ticker.nanos();
        out.printf(
                "simulate ledger: seeds %d to %d, %d operations each, bug: %s%n",
                from, from + seeds - 1, operations, planted.label());
        out.flush();
        long tenth = Math.max(1, seeds / 10);
        Campaign.Summary summary = Campaign.run(from, seeds, planted, operations, threads, done -> {
            if (done % tenth == 0 && seeds >= 1_000) {
                line().getErr().println("  " + done + " of " + seeds);
            }
        });
        long ms = (ticker.nanos() - began) / 1_000_000;
        out.printf("%d runs in %d.%03d s, %d events%n", summary.runs(), ms / 1_000, ms % 1_000, summary.events());
        out.println("faults planned: " + summary.faults());
        summary.checked().forEach((name, count) -> out.println("checked: " + count + " by " + name));
        if (summary.undecided() > 0) {
            out.println(summary.undecided() + " runs undecided");
        }
        if (summary.failing() == 0) {
            out.println("no violation found");
            return summary.undecided() > 0 ? Verdict.UNKNOWN : Verdict.VALID;
        }
        out.println(summary.failing() + " runs with a violation, found by: "
                + summary.caught().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", ")));
        LedgerRun.Result first = LedgerRun.run(Plan.of(summary.firstFailing(), planted, operations));
        out.println("first failing seed: " + summary.firstFailing());
        shrunk(first, planted, out);
        return Verdict.INVALID;
    }

    private void shrunk(LedgerRun.Result failing, Bug planted, PrintWriter out) {
        Shrink.Small small = Shrink.shrink(failing);
        Plan was = failing.plan();
        Plan is = small.result().plan();
        out.printf(
                "shrunk from %d operations and %d faults to %d and %d:%n",
                was.asks().size(),
                was.faults().size(),
                is.asks().size(),
                is.faults().size());
        tell(small.result(), out);
        out.println("reproduce: ./exchequer lab simulate ledger --seed " + was.seed()
                + (planted == Bug.NONE ? "" : " --bug " + planted.label())
                + (operations == 40 ? "" : " --operations " + operations)
                + " --only " + String.join(",", small.parts()));
    }

    private static void tell(LedgerRun.Result result, PrintWriter out) {
        result.plan().describe().forEach(line -> out.println("  " + line));
        for (Finding finding : result.findings()) {
            out.println(finding.describe());
            finding.first().ifPresent(violation -> tell(violation, out));
        }
    }

    private static void tell(Violation violation, PrintWriter out) {
        out.println("  " + violation.summary());
        violation.story().forEach(line -> out.println("    " + line));
    }

    private CommandLine line() {
        if (spec == null) {
            throw new IllegalStateException("not run by picocli");
        }
        return spec.commandLine();
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new CommandLine.ParameterException(line(), message);
        }
    }
}
