package org.exchequer.bench;

import org.exchequer.bench.exchange.BookBench;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code ./exchequer bench} command. */
@Command(
        name = "bench",
        description = "Measures this machine: figures stand beside a peer or a physical limit of the same run.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BookBench.class,
            InwardBench.class,
            IsoBench.class,
            LedgerBench.class,
            ProofBench.class,
            ReconcileBench.class,
            ScoringBench.class,
            ScoringFeaturesBench.class,
            ScoringGraphBench.class,
            ScreeningBench.class,
            ShardsBench.class
        })
public final class Bench implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "Name one: book, inward, iso20022, ledger, prooflog, reconcile, scoring, scoring-features,"
                            + " scoring-graph, screening, shards");
        }
    }

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }
}
