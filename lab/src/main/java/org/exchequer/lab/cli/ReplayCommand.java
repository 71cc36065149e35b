package org.exchequer.lab.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.scenario.RunFolder;
import org.exchequer.lab.scenario.RunReport;
import org.exchequer.lab.scenario.RunSettings;
import org.exchequer.lab.scenario.Scenarios;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab replay}: plays a run again. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Plays a run again: the same seed, operations, arrivals and faults at the same times.")
final class ReplayCommand implements Callable<Integer> {
    private final Clock clock;
    private final Ticker ticker;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private RunsOption runs = new RunsOption();

    @Parameters(paramLabel = "RUN", description = "its name among the runs, or its folder")
    private Path run = Path.of("");

    ReplayCommand(Clock clock, Ticker ticker) {
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.isDirectory(run) ? run : runs.path(spec).resolve(run);
        if (!Files.isDirectory(folder)) {
            throw new ParameterException(
                    spec.commandLine(), "there is no run " + run + " in " + runs.path(spec) + "; lab serve shows them");
        }
        RunReport before = read(folder);
        RunSettings settings = new RunSettings(
                Scenarios.named(before.scenario())
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(), "the scenario " + before.scenario() + " is gone")),
                before.seed(),
                before.lengthMs(),
                before.perSecond(),
                Optional.of(before.schedule()));
        return new Playing(clock, ticker, spec.commandLine().getOut()).play(settings, runs.path(spec));
    }

    private static RunReport read(Path folder) throws IOException {
        try {
            return RunFolder.read(folder);
        } catch (IOException e) {
            throw new IOException("RUN: " + folder + " cannot be played again: " + e.getMessage(), e);
        }
    }
}
