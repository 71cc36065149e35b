package org.exchequer.bench;

import java.util.function.Consumer;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.generator.Label;
import org.exchequer.scoring.generator.Scenario;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The size of the country whose payments are made up for a benchmark. */
final class MadeUpCountry {
    private static final int MOST_DAYS = 365;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--accounts", description = "accounts of the made-up country (default ${DEFAULT-VALUE})")
    private int accounts = 20_000;

    @Option(names = "--days", description = "days of payments (default ${DEFAULT-VALUE})")
    private int days = 20;

    int accounts() {
        return accounts;
    }

    int days() {
        return days;
    }

    /** @throws ParameterException naming the options and their bounds */
    void generate(long seed, Consumer<? super Event> events, Consumer<? super Label> labels) {
        if (accounts < Scenario.LEAST_ACCOUNTS || accounts > Scenario.MOST_ACCOUNTS || days < 1 || days > MOST_DAYS) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--accounts must be from " + Scenario.LEAST_ACCOUNTS + " to " + Scenario.MOST_ACCOUNTS
                            + ", --days from 1 to " + MOST_DAYS);
        }
        Scenario.generate(seed, accounts, days, events, labels);
    }
}
