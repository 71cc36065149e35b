package org.exchequer.lab.cli;

import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.scenario.RunSettings;
import org.exchequer.lab.scenario.Scenario;
import org.exchequer.lab.scenario.Scenarios;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab run}: plays a scenario. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Plays a scenario and leaves a report.")
final class RunCommand implements Callable<Integer> {
    private static final long MOST_SEED = 1_000_000;
    private static final int MOST_MINUTES = 1_440;

    private final Clock clock;
    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RunsOption runs = new RunsOption();

    @Parameters(paramLabel = "SCENARIO", description = "see lab list")
    private String name = "";

    @Option(names = "--seed", paramLabel = "N", description = "the same seed makes the same run (default: another one)")
    private @Nullable Long seed;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            description = "length of the load, 1 to 1440 (default: the scenario's)")
    private @Nullable Integer minutes;

    @Option(names = "--seconds", paramLabel = "S", description = "length of the load, in seconds", hidden = true)
    private @Nullable Integer seconds;

    @Option(names = "--rate", paramLabel = "R", description = "operations per second (default: the scenario's)")
    private @Nullable Integer rate;

    @Mixin
    private SafetyOptions safety = new SafetyOptions();

    RunCommand(Clock clock, Ticker ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public Integer call() throws Exception {
        Scenario scenario = Scenarios.named(name)
                .orElseThrow(() -> wrong("there is no scenario \"" + name
                        + "\"; choose from "
                        + Scenarios.ALL.stream().map(Scenario::name).collect(Collectors.joining(", "))));
        if (minutes != null && (minutes < 1 || minutes > MOST_MINUTES)) {
            throw wrong("--minutes must be from 1 to " + MOST_MINUTES);
        }
        long length = minutes != null ? minutes * 60L : seconds != null ? seconds : scenario.seconds();
        RunSettings settings;
        try {
            settings = new RunSettings(
                    scenario,
                    seed != null ? seed : Math.floorMod(clock.millis(), MOST_SEED),
                    length * 1_000,
                    rate != null ? rate : scenario.perSecond(),
                    Optional.empty(),
                    safety.safety(scenario, spec));
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        settings.safety()
                .or(scenario::safety)
                .flatMap(given -> given.refuses(clock.instant(), settings.lengthMs()))
                .ifPresent(why -> {
                    throw wrong(why);
                });
        return new Playing(clock, ticker, spec.commandLine().getOut()).play(settings, runs.path(spec));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
