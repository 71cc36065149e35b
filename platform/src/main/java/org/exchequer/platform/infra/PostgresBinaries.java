package org.exchequer.platform.infra;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** PostgreSQL's programs, unpacked once per version and machine user from the archive on the class path. */
final class PostgresBinaries {
    /** As in the root pom; a folder of that name holds the unpacked programs. */
    static final String VERSION = "18.3.0";

    private PostgresBinaries() {}

    /** The user's cache folder for this program; the system's for root, whose home is closed to other users. */
    static Path cache() {
        Map<String, String> environment = System.getenv();
        String configured = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!configured.isEmpty()) {
            return Path.of(configured, "exchequer");
        }
        return Unprivileged.areWeRoot()
                ? Path.of("/var/cache/exchequer")
                : Path.of(System.getProperty("user.home"), ".cache", "exchequer");
    }

    /** The folder with {@code bin}, {@code lib} and {@code share}; unpacks on first use. */
    static Path unpacked(Path cache, Consumer<String> progress) {
        String platform = platform();
        Path folder = cache.resolve("postgresql-" + VERSION + "-" + platform);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        String archive = "/postgres-" + platform + ".txz";
        try (InputStream packed = PostgresBinaries.class.getResourceAsStream(archive)) {
            if (packed == null) {
                throw new InfrastructureException("no PostgreSQL for " + platform
                        + " was built into this program; set EXCHEQUER_DATABASE_URL to a PostgreSQL of yours");
            }
            progress.accept("unpacking PostgreSQL into " + folder);
            makeOpen(SmallFiles.parent(folder));
            // Named anew each time: two processes may unpack at once, and one killed halfway leaves its part behind.
            Path part = Files.createTempDirectory(SmallFiles.parent(folder), "unpacking-");
            try {
                unpack(packed, part);
                Files.setPosixFilePermissions(part, PosixFilePermissions.fromString("rwxr-xr-x"));
                publish(part, folder);
            } finally {
                Folders.delete(part);
            }
            return folder;
        } catch (IOException e) {
            throw new InfrastructureException(
                    "cannot unpack PostgreSQL into " + folder + " (set XDG_CACHE_HOME for another place): " + e, e);
        }
    }

    /** Makes a folder where it is missing that everybody may enter, whatever the umask says. */
    static void makeOpen(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    static void publish(Path part, Path folder) throws IOException {
        try {
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            // Another process was quicker; what it unpacked is the same.
        }
    }

    private static void unpack(InputStream packed, Path folder) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(packed)))) {
            for (@Nullable TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("entry outside the folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    makeOpen(path);
                    continue;
                }
                makeOpen(SmallFiles.parent(path));
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (entry.isFile()) {
                    Files.copy(tar, path);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** As the archives are named, e.g. {@code linux-x86_64}. */
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        String machine = switch (System.getProperty("os.arch")) {
            case "amd64", "x86_64" -> "x86_64";
            case "aarch64", "arm64" -> "arm_64";
            default -> System.getProperty("os.arch");
        };
        return system + "-" + machine;
    }
}
