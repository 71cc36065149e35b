package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.exchequer.platform.infra.SmallFiles;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a backup consists of: {@code manifest.json} in its folder, written when everything else is durable. A folder
 * without one is no backup.
 *
 * @param format always {@value #FORMAT}
 * @param version of the format, {@value #VERSION}
 * @param postgres major version of the server, e.g. 18
 * @param systemIdentifier of the cluster, an unsigned number
 * @param node identity of the data directory
 * @param source that data directory's cluster, e.g. {@code /srv/exchequer/postgresql}
 * @param walArchive where its log was being archived
 * @param segmentBytes size of the log's segments
 * @param firstSegment the first that recovery needs
 * @param lastSegment the last that it needs to be consistent
 * @param startLsn the log's position where the backup began
 * @param stopLsn and where it ended
 * @param startedAt the server's clock when it began
 * @param consistentAt the server's clock when it ended: the earliest time that can be recovered
 * @param folders in the cluster, parents first
 * @param files of the cluster ({@code data/...}), the log ({@code wal/...}) and the user's settings
 */
public record Manifest(
        String format,
        int version,
        int postgres,
        String systemIdentifier,
        String node,
        String source,
        String walArchive,
        long segmentBytes,
        String firstSegment,
        String lastSegment,
        String startLsn,
        String stopLsn,
        Instant startedAt,
        Instant consistentAt,
        List<String> folders,
        List<Entry> files) {
    static final String FORMAT = "exchequer-backup";
    static final int VERSION = 1;
    private static final String NAME = "manifest.json";
    /** A cluster of a million files. */
    private static final long MOST_BYTES = 1L << 28;

    /**
     * One file.
     *
     * @param path in the backup's folder, parts separated by {@code /}
     * @param sha256 of its bytes, in hexadecimal
     */
    public record Entry(String path, long bytes, String sha256) {}

    /** Bytes of all files together. */
    public long bytes() {
        return files.stream().mapToLong(Entry::bytes).sum();
    }

    void write(Path folder) {
        SmallFiles.write(
                folder.resolve(NAME),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }

    /** @throws BackupException when there is none, or not one that this program understands */
    static Manifest read(Path folder) throws BackupException, IOException {
        Path file = folder.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw new BackupException(folder + " holds no complete backup: it has no " + NAME
                    + " (a backup that was interrupted has none)");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new BackupException(file + " is too long to be a manifest");
        }
        Manifest manifest;
        try {
            manifest = JsonMapper.shared().readValue(file.toFile(), Manifest.class);
        } catch (JacksonException e) {
            throw new BackupException(file + " cannot be read: " + e.getOriginalMessage());
        }
        if (!FORMAT.equals(manifest.format) || manifest.version != VERSION) {
            throw new BackupException(file + " is of format " + manifest.format + " version " + manifest.version
                    + "; this program reads " + FORMAT + " version " + VERSION);
        }
        for (Entry entry : manifest.files) {
            requireInside(file, entry.path());
        }
        for (String path : manifest.folders) {
            requireInside(file, path);
        }
        return manifest;
    }

    private static void requireInside(Path file, String path) throws BackupException {
        Path normal = Path.of(path).normalize();
        if (normal.isAbsolute() || normal.startsWith("..") || !normal.toString().equals(path)) {
            throw new BackupException(file + " names a path outside the backup: " + path);
        }
    }
}
