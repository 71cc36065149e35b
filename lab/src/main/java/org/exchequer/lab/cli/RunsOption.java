package org.exchequer.lab.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --out}: where runs are kept. */
final class RunsOption {
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "folder of runs (default: lab/runs in the data directory)")
    private Path path = Path.of(System.getProperty("exchequer.data", "data"), "lab", "runs");

    Path path() {
        return path.toAbsolutePath().normalize();
    }
}
