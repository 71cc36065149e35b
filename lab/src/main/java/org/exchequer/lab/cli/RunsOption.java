package org.exchequer.lab.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code --out}: where runs are kept. */
final class RunsOption {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder of runs (default: lab/runs in the data directory)")
    private Path path = Path.of(System.getProperty("exchequer.data", "data"), "lab", "runs");

    /** @throws ParameterException when it is empty: that would be whatever folder the caller is in */
    Path path(CommandSpec spec) {
        if (path.toString().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--out must name a folder");
        }
        return path.toAbsolutePath().normalize();
    }
}
