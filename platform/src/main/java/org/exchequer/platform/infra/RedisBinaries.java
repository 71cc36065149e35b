package org.exchequer.platform.infra;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Redis's server, unpacked once per version and machine user from the archive on the class path. */
final class RedisBinaries {
    /** Of the archive, as in the root pom; what is in it, by platform. */
    private static final String VERSION = "1.4.4";

    private static final Map<String, String> SERVERS = Map.of(
            "linux-x86_64", "/redis-server-6.2.6-v5-linux-amd64",
            "linux-arm_64", "/redis-server-6.2.7-linux-arm64",
            "darwin-x86_64", "/redis-server-6.2.6-v5-darwin-amd64",
            "darwin-arm_64", "/redis-server-6.2.6-v5-darwin-arm64");

    static final String NAME = "redis-server";
    private static final Duration LONGEST_TRIAL = Duration.ofSeconds(5);

    private RedisBinaries() {}

    /**
     * The server, unpacked on first use; empty where there is none that runs here, which {@code progress} is told with
     * the reason.
     */
    static Optional<Path> unpacked(Path cache, Consumer<String> progress) {
        return unpacked(cache, PostgresBinaries.platform(), progress);
    }

    static Optional<Path> unpacked(Path cache, String platform, Consumer<String> progress) {
        String archived = SERVERS.get(platform);
        if (archived == null) {
            return without("there is no Redis for " + platform + " in this program", progress);
        }
        Path folder = cache.resolve("redis-" + VERSION + "-" + platform);
        try {
            if (!Files.isDirectory(folder)) {
                unpack(archived, folder);
            }
            Path server = folder.resolve(NAME);
            return runs(server)
                    ? Optional.of(server)
                    : without("the Redis in " + folder + " does not run here (libssl 3 may be missing)", progress);
        } catch (IOException e) {
            return without("Redis cannot be unpacked into " + folder + ": " + e, progress);
        }
    }

    private static Optional<Path> without(String why, Consumer<String> progress) {
        progress.accept(why + "; goes on without, or set EXCHEQUER_REDIS to a Redis of yours");
        return Optional.empty();
    }

    private static void unpack(String archived, Path folder) throws IOException {
        try (InputStream packed = RedisBinaries.class.getResourceAsStream(archived)) {
            if (packed == null) {
                throw new IOException("the archive has no " + archived);
            }
            Path above = SmallFiles.parent(folder);
            PostgresBinaries.makeOpen(above);
            Path part = Files.createTempDirectory(above, "unpacking-");
            try {
                Path server = part.resolve(NAME);
                Files.copy(packed, server);
                Files.setPosixFilePermissions(server, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
                PostgresBinaries.publish(part, folder);
            } finally {
                Folders.delete(part);
            }
        }
    }

    /** What it is linked with may be missing, on a small container image for instance. */
    private static boolean runs(Path server) {
        try {
            Process trial = new ProcessBuilder(server.toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!trial.waitFor(LONGEST_TRIAL.toMillis(), TimeUnit.MILLISECONDS)) {
                trial.destroyForcibly();
                return false;
            }
            return trial.exitValue() == 0;
        } catch (IOException cannotRun) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
