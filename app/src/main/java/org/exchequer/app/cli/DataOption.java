package org.exchequer.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.exchequer.app.RuntimeFile;
import org.exchequer.app.StartingFile;
import picocli.CommandLine.Option;

/** {@code --data}, for every command that works on a data directory. */
public final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "data directory (default: data beside the launcher)")
    private Path path = usual();

    /** Where it is when nobody says otherwise: the launcher's word, else the current folder's {@code data}. */
    static Path usual() {
        return Path.of(System.getProperty("exchequer.data", "data"))
                .toAbsolutePath()
                .normalize();
    }

    /** The directory, absolute; it need not exist. */
    public Path path() {
        return path.toAbsolutePath().normalize();
    }

    /** The program that runs on it. */
    public RuntimeFile running() {
        Optional<RuntimeFile> running = RuntimeFile.find(path());
        if (running.isEmpty()) {
            StartingFile.find(path()).ifPresent(starting -> {
                throw new CommandFailure(ExitCodes.STARTING, starting.text());
            });
        }
        // It may have become ready between the two looks.
        return running.or(() -> RuntimeFile.find(path()))
                .orElseThrow(() -> new CommandFailure(
                        ExitCodes.UNAVAILABLE, "nothing runs on " + path() + "; start it with ./exchequer up"));
    }
}
