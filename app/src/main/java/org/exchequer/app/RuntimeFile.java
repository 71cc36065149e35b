package org.exchequer.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.SmallFiles;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;

/**
 * Where the program that runs on a data directory is reached: {@code runtime.json} in it, for the other commands.
 *
 * @param url e.g. {@code http://127.0.0.1:7070}
 * @param grpc where gRPC is reached, e.g. {@code http://127.0.0.1:7071}
 * @param pid its process
 * @param started ISO 8601, UTC
 * @param version the program's
 * @param certificate PEM file of its TLS certificate, or null for plain HTTP
 */
public record RuntimeFile(
        String url,
        String grpc,
        long pid,
        String started,
        String version,
        @Nullable String certificate) {
    private static final String NAME = "runtime.json";

    /** The running program's, or empty when nothing runs on this directory. */
    public static Optional<RuntimeFile> find(Path data) {
        if (!Files.isDirectory(data)) {
            return Optional.empty();
        }
        // The file outlives a killed process; the lock does not, and the next one's is not this one's.
        return DataDirectory.holder(data)
                .flatMap(holder -> SmallFiles.read(data.resolve(NAME))
                        .map(text -> StrictJson.mapper().readValue(text, RuntimeFile.class))
                        .filter(file -> file.pid() == holder));
    }

    /** Tells the other commands. */
    void write(Path data) {
        SmallFiles.write(data.resolve(NAME), StrictJson.mapper().writeValueAsString(this));
    }
}
