package org.exchequer.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.platform.web.StrictJson;

/**
 * What a program that is still starting is waiting for: {@code starting.json} in the data directory, until
 * {@link RuntimeFile} takes its place.
 *
 * @param pid its process
 * @param step what it is about, e.g. {@code PostgreSQL}
 * @param since when it began with that, ISO 8601, UTC
 * @param version the program's
 */
public record StartingFile(long pid, String step, String since, String version) {
    private static final String NAME = "starting.json";

    /** Of the program that is starting on this directory; empty when none is. */
    public static Optional<StartingFile> find(Path data) {
        if (!Files.isDirectory(data) || RuntimeFile.find(data).isPresent()) {
            return Optional.empty();
        }
        // What a process left that died while it was starting is not the holder's.
        return DataDirectory.holder(data)
                .flatMap(holder -> SmallFiles.read(data.resolve(NAME))
                        .map(text -> StrictJson.mapper().readValue(text, StartingFile.class))
                        .filter(file -> file.pid() == holder));
    }

    /** E.g. {@code starting: waiting for PostgreSQL since 2026-03-01T10:00:00Z (process 42)}. */
    public String text() {
        return "starting: waiting for " + step + " since " + since + " (process " + pid + ")";
    }

    /** Tells the other commands. */
    void write(Path data) {
        SmallFiles.write(data.resolve(NAME), StrictJson.mapper().writeValueAsString(this));
    }

    /** It has started. */
    static void remove(Path data) {
        try {
            Files.deleteIfExists(data.resolve(NAME));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot be deleted: " + data.resolve(NAME), e);
        }
    }
}
