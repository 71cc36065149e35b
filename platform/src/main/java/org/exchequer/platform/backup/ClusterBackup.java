package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.Folders;
import org.exchequer.platform.infra.SmallFiles;
import org.jspecify.annotations.Nullable;

/**
 * Copies a running cluster by PostgreSQL's low-level API (manual, 25.3.4): tells the server, copies its files while it
 * writes them, tells it again, and adds the log that makes the copy consistent. When this process dies the server
 * forgets the backup by itself; what was copied has no manifest then and is no backup.
 */
public final class ClusterBackup {
    /** Files and the content of folders that mean nothing in another server's life (manual, 25.3.4.2). */
    private static final Pattern LEFT_OUT = Pattern.compile("postmaster\\.(pid|opts)|current_logfiles"
            + "|backup_label(\\.old)?|tablespace_map(\\.old)?|(recovery|standby)\\.signal|backup_manifest"
            + "|(pg_wal|pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)/.*"
            + "|(.*/)?pgsql_tmp.*|(.*/)?pg_internal\\.init.*|base/\\d+/t\\d+_\\d+.*|log/.*");

    private static final String CONTROL = "global/pg_control";
    /** Folders of pg_wal that a server expects; its content comes from the archive. */
    private static final List<String> IN_WAL = List.of("pg_wal/archive_status", "pg_wal/summaries");

    private static final int REREADS = 3;
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);

    /**
     * What to back up.
     *
     * @param address of the running server, as superuser
     * @param home the cluster's home: what {@link org.exchequer.platform.infra.EmbeddedPostgres} was started in
     * @param node identity of the data directory
     */
    public record Source(DatabaseAddress address, Path home, String node) {}

    /** A complete backup, and what became of the archive. */
    public record Done(Manifest manifest, WalArchive.Pruned pruned) {}

    private final Connection connection;
    private final Source source;
    private final Path target;
    private final Path data;
    private final Archiving archiving;
    private final Faults faults;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final ClusterFiles files = new ClusterFiles();
    private final List<String> folders = new ArrayList<>();
    private final List<Manifest.Entry> entries = new ArrayList<>();
    private long copied;
    private long tell;

    private ClusterBackup(
            Connection connection,
            Source source,
            Path target,
            Faults faults,
            Ticker ticker,
            Consumer<String> progress) {
        this.connection = connection;
        this.source = source;
        this.target = target;
        this.data = source.home().resolve("data");
        this.archiving = new Archiving(source.address(), connection, source.home(), ticker, progress);
        this.faults = faults;
        this.ticker = ticker;
        this.progress = progress;
        this.tell = ticker.nanos() + TELL_EVERY.toNanos();
    }

    /**
     * Makes a backup. From the first one on the server archives its log.
     *
     * @param target a new folder, or an empty one
     * @param keep how many backups, this one included, the archive keeps the log for; from 1
     * @param progress told in one line, every two seconds
     * @throws BackupException when it cannot be done; what was copied is left there and is no backup
     */
    public static Done take(
            Source source, Path target, int keep, Faults faults, Ticker ticker, Consumer<String> progress)
            throws SQLException, IOException, BackupException {
        Path folder = target.toAbsolutePath().normalize();
        ClusterFiles.claim(folder, "a backup");
        try (Connection connection = connect(source.address())) {
            return new ClusterBackup(connection, source, folder, faults, ticker, progress).take(keep);
        }
    }

    /** Ends what the first backup began: archives no more and deletes the archive. */
    public static WalArchive.Pruned endArchiving(Source source, Ticker ticker, Consumer<String> progress)
            throws SQLException, IOException {
        try (Connection connection = connect(source.address())) {
            return new Archiving(source.address(), connection, source.home(), ticker, progress).switchOff();
        }
    }

    static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private Done take(int keep) throws SQLException, IOException, BackupException {
        requireLocal();
        WalArchive archive = archiving.switchOn();
        Instant startedAt = now();
        String startLsn = Archiving.one(connection, "SELECT pg_backup_start('exchequer', true)");
        String firstSegment = Archiving.one(connection, "SELECT pg_walfile_name(?::pg_lsn)", startLsn);
        faults.at("backup.started");
        copyCluster(WalSegment.position(startLsn));
        faults.at("backup.copied");
        String stopLsn = stop();
        String lastSegment = Archiving.one(connection, "SELECT pg_walfile_name(?::pg_lsn - 1)", stopLsn);
        Instant consistentAt = now();
        long segmentBytes = Long.parseLong(
                Archiving.one(connection, "SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"));
        copyWal(archive, firstSegment, lastSegment, segmentBytes);
        copySettings();
        syncAll();
        Manifest manifest = new Manifest(
                Manifest.FORMAT,
                Manifest.VERSION,
                Integer.parseInt(Archiving.one(connection, "SHOW server_version_num")) / 10_000,
                Archiving.one(connection, "SELECT system_identifier FROM pg_control_system()"),
                source.node(),
                source.home().toString(),
                archive.folder().toString(),
                segmentBytes,
                firstSegment,
                lastSegment,
                startLsn,
                stopLsn,
                startedAt,
                consistentAt,
                List.copyOf(folders),
                List.copyOf(entries));
        faults.at("backup.manifest.before");
        manifest.write(target);
        archive.keep(firstSegment, target);
        return new Done(manifest, archive.prune(keep));
    }

    /** We copy files: the server must be the one that has them, and have no others elsewhere. */
    private void requireLocal() throws SQLException, BackupException, IOException {
        Path served = Path.of(Archiving.one(connection, "SHOW data_directory"));
        if (!served.toRealPath().equals(data.toRealPath())) {
            throw new BackupException("the server works on " + served + " and not on " + data);
        }
        String elsewhere = Archiving.one(
                connection, "SELECT coalesce(min(spcname), '') FROM pg_tablespace WHERE spcname NOT LIKE 'pg\\_%'");
        if (!elsewhere.isEmpty()) {
            throw new BackupException("tablespace " + elsewhere + " lies outside the data directory; only PostgreSQL's"
                    + " own tools can back it up");
        }
    }

    private Instant now() throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT clock_timestamp()");
                ResultSet row = s.executeQuery()) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant();
        }
    }

    private void copyCluster(long startLsn) throws IOException, BackupException {
        List<Path> found = new ArrayList<>();
        makeFolder("data");
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                String path = path(folder);
                if (LEFT_OUT.matcher(path).matches()) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                if (!path.isEmpty()) {
                    makeFolder("data/" + path);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !LEFT_OUT.matcher(path(file)).matches()) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        for (String folder : IN_WAL) {
            makeFolder("data/" + folder);
        }
        for (Path file : found) {
            if (!path(file).equals(CONTROL)) {
                copyFile(file, startLsn);
            }
        }
        // Last: what it names must be among the files.
        copyControl();
    }

    private void copyFile(Path file, long startLsn) throws IOException, BackupException {
        String path = path(file);
        ClusterFiles.Check check = PageChecksums.covers(path)
                ? (original, chunk, length, at) -> checkPages(path, original, chunk, length, at, startLsn)
                : ClusterFiles.NONE;
        try {
            Manifest.Entry entry = files.copy(file, target.resolve("data").resolve(path), "data/" + path, check);
            entries.add(entry);
            copied += entry.bytes();
        } catch (NoSuchFileException dropped) {
            // The log that recovery replays drops it too.
            return;
        }
        if (ticker.nanos() > tell) {
            progress.accept(String.format("copied %,d MiB in %,d files", copied >> 20, entries.size()));
            tell = ticker.nanos() + TELL_EVERY.toNanos();
        }
    }

    /**
     * A page whose checksum does not hold was caught in the middle of being written, in which case the log has it
     * whole, or it is damaged, and then this backup and every later one would be of no use without anybody knowing.
     */
    private static void checkPages(String path, FileChannel original, byte[] chunk, int length, long at, long startLsn)
            throws IOException, BackupException {
        int first = PageChecksums.firstPage(path) + Math.toIntExact(at / PageChecksums.PAGE_BYTES);
        for (int page = 0; (page + 1) * PageChecksums.PAGE_BYTES <= length; page++) {
            int offset = page * PageChecksums.PAGE_BYTES;
            for (int reread = 0; !PageChecksums.holds(chunk, offset, first + page); reread++) {
                if (PageChecksums.lsn(chunk, offset) >= startLsn) {
                    break;
                }
                if (reread == REREADS) {
                    throw new BackupException("the cluster is damaged: page " + (first + page) + " of " + path
                            + " does not match its checksum; restore an earlier backup");
                }
                original.read(ByteBuffer.wrap(chunk, offset, PageChecksums.PAGE_BYTES), at + offset);
            }
        }
    }

    /** The server may be writing it: it has been read whole when two readings are the same. */
    private void copyControl() throws IOException, BackupException {
        Path control = data.resolve(CONTROL);
        byte[] before = Files.readAllBytes(control);
        byte[] again = Files.readAllBytes(control);
        while (!Arrays.equals(before, again)) {
            before = again;
            again = Files.readAllBytes(control);
        }
        Path whole = target.resolve("pg_control.part");
        Files.write(whole, again);
        entries.add(files.copy(whole, target.resolve("data").resolve(CONTROL), "data/" + CONTROL, ClusterFiles.NONE));
        Files.delete(whole);
    }

    private String stop() throws SQLException, IOException, BackupException {
        try (PreparedStatement s =
                        connection.prepareStatement("SELECT lsn::text, labelfile FROM pg_backup_stop(false)");
                ResultSet row = s.executeQuery()) {
            row.next();
            Path label = target.resolve("backup_label.part");
            Files.writeString(label, row.getString("labelfile"));
            entries.add(files.copy(label, target.resolve("data/backup_label"), "data/backup_label", ClusterFiles.NONE));
            Files.delete(label);
            return row.getString("lsn");
        }
    }

    /** So that a backup can be restored to its own end without any archive. */
    private void copyWal(WalArchive archive, String first, String last, long segmentBytes)
            throws SQLException, IOException, BackupException {
        makeFolder("wal");
        archiving.awaitArrival(archive, last);
        @Nullable WalSegment segment = WalSegment.parse(first, segmentBytes).orElse(null);
        while (segment != null) {
            String name = segment.name();
            archiving.awaitArrival(archive, name);
            entries.add(files.copy(
                    archive.folder().resolve(name),
                    target.resolve("wal").resolve(name),
                    "wal/" + name,
                    ClusterFiles.NONE));
            segment = name.equals(last) ? null : segment.next();
        }
        for (Path history : histories()) {
            String name = history.getFileName().toString();
            entries.add(files.copy(history, target.resolve("wal").resolve(name), "wal/" + name, ClusterFiles.NONE));
        }
    }

    /** How earlier recoveries branched off. */
    private List<Path> histories() throws IOException {
        try (Stream<Path> wal = Files.list(data.resolve("pg_wal"))) {
            return wal.filter(file -> file.toString().endsWith(".history")).toList();
        }
    }

    private void copySettings() throws IOException, BackupException {
        Path own = source.home().resolve("exchequer.conf");
        if (Files.exists(own)) {
            entries.add(files.copy(own, target.resolve("exchequer.conf"), "exchequer.conf", ClusterFiles.NONE));
        }
    }

    private void makeFolder(String path) throws IOException {
        if (!folders.contains(path)) {
            Folders.make(target.resolve(path));
            folders.add(path);
        }
    }

    /** After all has been written: by then most of it is on the disk, and the rest goes there together. */
    private void syncAll() throws IOException {
        for (Manifest.Entry entry : entries) {
            SmallFiles.sync(target.resolve(entry.path()));
        }
        for (String folder : folders) {
            SmallFiles.sync(target.resolve(folder));
        }
        SmallFiles.sync(target);
        SmallFiles.sync(SmallFiles.parent(target));
    }

    private String path(Path file) {
        return data.relativize(file).toString();
    }
}
