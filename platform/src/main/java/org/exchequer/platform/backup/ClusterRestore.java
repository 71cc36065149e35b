package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.ClusterRecovery;
import org.exchequer.platform.infra.ClusterRecovery.Recovered;
import org.exchequer.platform.infra.ClusterRecovery.TimeNotReachedException;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.infra.Folders;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new data directory from a backup and the archived log, as of a second. All of the log that recovery needs is
 * copied beside the cluster first, so neither backup nor archive is changed, nor read by another user.
 *
 * <p>The directory gets its identity last: one whose restore was interrupted has none, and no program starts on it.
 */
public final class ClusterRestore {
    private static final String HOME = "postgresql";
    private static final Duration TELL_EVERY = Duration.ofSeconds(2);
    private static final int CHUNK = 128 * PageChecksums.PAGE_BYTES;

    /**
     * What to restore.
     *
     * @param backup folder of a complete backup
     * @param archive folder of the archived log; null for the one that the backup names
     * @param to up to and with the transactions of this time; null for all there are
     * @param target the new data directory; a new folder or an empty one
     * @param alone whether only the log in the backup is used: for a backup whose later log is no longer kept
     */
    public record Request(
            Path backup, @Nullable Path archive, @Nullable Instant to, Path target, boolean alone) {
        /** With all of the log that there is. */
        public Request(Path backup, @Nullable Path archive, @Nullable Instant to, Path target) {
            this(backup, archive, to, target, false);
        }
    }

    /**
     * What was restored.
     *
     * @param lastTransaction time of the last transaction recovered, as PostgreSQL prints it
     * @param segments of the log that were replayed
     * @param pages whose checksums were verified afterwards
     */
    public record Restored(Optional<String> lastTransaction, int segments, long pages) {}

    private final Request request;
    private final Manifest manifest;
    private final Path home;
    private final Path data;
    private final Faults faults;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final ClusterFiles files = new ClusterFiles();
    private final Map<String, Manifest.Entry> wal;
    private final long systemIdentifier;
    private long tell;

    private ClusterRestore(
            Request request, Manifest manifest, Faults faults, Ticker ticker, Consumer<String> progress) {
        this.request = request;
        this.manifest = manifest;
        this.home = request.target().resolve(HOME);
        this.data = home.resolve("data");
        this.faults = faults;
        this.ticker = ticker;
        this.progress = progress;
        this.wal = manifest.files().stream()
                .filter(entry -> entry.path().startsWith("wal/"))
                .collect(Collectors.toMap(entry -> entry.path().substring("wal/".length()), entry -> entry));
        this.systemIdentifier = Long.parseUnsignedLong(manifest.systemIdentifier());
        this.tell = ticker.nanos() + TELL_EVERY.toNanos();
    }

    /**
     * Restores.
     *
     * @param progress told in one line, every two seconds
     * @throws BackupException when it cannot be done; what was made of the target is no data directory
     * @throws org.exchequer.platform.infra.InfrastructureException when PostgreSQL cannot recover what was copied
     */
    public static Restored restore(Request request, Faults faults, Ticker ticker, Consumer<String> progress)
            throws IOException, BackupException, InterruptedException {
        Manifest manifest = Manifest.read(request.backup());
        Instant to = request.to();
        if (to != null && to.isBefore(manifest.consistentAt())) {
            throw new BackupException("the backup was complete at " + manifest.consistentAt()
                    + " and can be restored to that time or a later one; for " + to + " take an earlier backup");
        }
        Path target = request.target().toAbsolutePath().normalize();
        ClusterFiles.claim(target, "a restore");
        Request absolute = new Request(request.backup(), request.archive(), to, target.toRealPath(), request.alone());
        return new ClusterRestore(absolute, manifest, faults, ticker, progress).restore();
    }

    private Restored restore() throws IOException, BackupException, InterruptedException {
        DataDirectory.begin(request.target());
        Folders.make(home);
        copyCluster();
        Wal collected = copyWal();
        faults.at("restore.copied");
        Recovered recovered = recover(collected);
        requireWhole(recovered, collected);
        faults.at("restore.recovered");
        long pages = verifyPages();
        DataDirectory.complete(request.target());
        return new Restored(recovered.lastTransaction(), collected.segments(), pages);
    }

    /** Without syncing: a server that is to recover a cluster begins with syncing all of it. */
    private void copyCluster() throws IOException, BackupException {
        for (String folder : manifest.folders()) {
            if (folder.startsWith("data")) {
                Folders.make(home.resolve(folder));
            }
        }
        requireNothingElse();
        for (Manifest.Entry entry : manifest.files()) {
            if (!entry.path().startsWith("wal/")) {
                copy(entry, home.resolve(entry.path()));
            }
        }
    }

    /** A file that was slipped in would be taken for part of the cluster. */
    private void requireNothingElse() throws IOException, BackupException {
        Set<String> known = manifest.files().stream().map(Manifest.Entry::path).collect(Collectors.toSet());
        known.add("manifest.json");
        try (Stream<Path> all = Files.walk(request.backup())) {
            Optional<String> stranger = all.filter(Files::isRegularFile)
                    .map(file -> request.backup().relativize(file).toString())
                    .filter(path -> !known.contains(path))
                    .findFirst();
            if (stranger.isPresent()) {
                throw new BackupException("the backup holds " + stranger.get() + ", which its manifest does not name");
            }
        }
    }

    private void copy(Manifest.Entry entry, Path to) throws IOException, BackupException {
        Manifest.Entry found;
        try {
            found = files.copy(request.backup().resolve(entry.path()), to, entry.path(), ClusterFiles.NONE);
        } catch (NoSuchFileException e) {
            throw new BackupException("the backup lacks " + entry.path());
        }
        if (!found.equals(entry)) {
            throw new BackupException("the backup is damaged: " + entry.path() + " has " + found.bytes()
                    + " bytes and another checksum than its manifest says");
        }
        tell("copied up to " + entry.path());
    }

    /**
     * The log that was found.
     *
     * @param last the last segment
     * @param segments how many
     * @param missing the first that is missing though later ones are there, or null
     */
    private record Wal(
            WalSegment last, int segments, @Nullable WalSegment missing) {}

    private Wal copyWal() throws IOException, BackupException, InterruptedException {
        Path archiveFolder = request.archive() != null ? request.archive() : Path.of(manifest.walArchive());
        if (request.archive() != null && !Files.isDirectory(archiveFolder)) {
            throw new BackupException("there is no archive " + archiveFolder);
        }
        boolean archived = !request.alone() && Files.isDirectory(archiveFolder);
        @Nullable WalArchive archive = archived ? new WalArchive(archiveFolder) : null;
        Optional<Path> sourceWal = request.alone() ? Optional.empty() : sourceWal();
        if (!archived && !request.alone()) {
            progress.accept("no archive at " + archiveFolder + ": restoring to the backup's own end");
        }
        WalSegment wanted = WalSegment.parse(manifest.firstSegment(), manifest.segmentBytes())
                .orElseThrow(() -> new BackupException("the manifest's firstSegment is no segment"));
        int segments = 0;
        while (take(wanted, archive, sourceWal)) {
            segments++;
            tell("copied the log up to " + wanted.name());
            wanted = wanted.next();
        }
        for (Manifest.Entry entry : wal.values()) {
            if (entry.path().endsWith(".history")) {
                copy(entry, data.resolve("pg_wal").resolve(entry.path().substring("wal/".length())));
            }
        }
        WalSegment last = new WalSegment(wanted.timeline(), wanted.number() - 1, wanted.bytes());
        boolean gap = archive != null && !archive.after(last).isEmpty();
        if (gap && request.to() == null) {
            throw new BackupException("the archive lacks " + wanted.name() + " though it holds later segments; without"
                    + " it only a time before it can be restored, or the backup alone (--to backup)");
        }
        return new Wal(last, segments, gap ? wanted : null);
    }

    /** Copies a segment from wherever it is; false when it is nowhere. */
    private boolean take(WalSegment wanted, @Nullable WalArchive archive, Optional<Path> sourceWal)
            throws IOException, BackupException {
        String name = wanted.name();
        Path to = data.resolve("pg_wal").resolve(name);
        Manifest.Entry own = wal.get(name);
        if (own != null) {
            copy(own, to);
            return true;
        }
        Optional<Path> archived = archive == null ? Optional.empty() : archive.find(wanted);
        if (archived.isPresent()) {
            if (!wanted.isIn(archived.get(), systemIdentifier)) {
                throw new BackupException(archived.get() + " is damaged, or of another cluster");
            }
            files.copy(archived.get(), to, name, ClusterFiles.NONE);
            return true;
        }
        Path unarchived = sourceWal.map(folder -> folder.resolve(name)).orElse(null);
        if (unarchived == null || !Files.exists(unarchived) || !wanted.isIn(unarchived, systemIdentifier)) {
            return false;
        }
        files.copy(unarchived, to, name, ClusterFiles.NONE);
        return true;
    }

    /**
     * The log in the data directory that was backed up, where that is still there: what it has not archived yet is the
     * newest. A server that runs on it is asked to archive that instead.
     */
    private Optional<Path> sourceWal() throws IOException, BackupException, InterruptedException {
        Path source = Path.of(manifest.source());
        Path control = source.resolve("data/global/pg_control");
        @Nullable Path directory = source.getParent();
        if (directory == null || !Files.exists(control) || systemIdentifier(control) != systemIdentifier) {
            return Optional.empty();
        }
        Optional<DatabaseAddress> address = EmbeddedPostgres.addressIn(source);
        if (address.isPresent()) {
            try (Connection connection = ClusterBackup.connect(address.get())) {
                new Archiving(address.get(), connection, source, ticker, progress).flush();
                return Optional.empty();
            } catch (SQLException down) {
                if (DataDirectory.holder(directory).isPresent()) {
                    throw new BackupException("a program runs on " + directory + " whose database does not answer, so"
                            + " its newest log cannot be had; stop it first");
                }
            }
        }
        return Optional.of(source.resolve("data/pg_wal"));
    }

    private static long systemIdentifier(Path control) throws IOException {
        ByteBuffer identifier = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(control)) {
            while (identifier.hasRemaining() && channel.read(identifier) >= 0) {
                continue;
            }
        }
        return identifier.getLong(0);
    }

    private Recovered recover(Wal collected) throws IOException, BackupException, InterruptedException {
        try {
            return ClusterRecovery.run(home, WalArchive.in(request.target()), request.to(), ticker, progress);
        } catch (TimeNotReachedException e) {
            String end = e.lastTransaction()
                    .map(time -> ": its last transaction is of " + time)
                    .orElse("");
            String gap = collected.missing() == null
                    ? ""
                    : "; the archive lacks " + collected.missing().name();
            throw new BackupException("the log ends before " + request.to() + end + gap
                    + "; take that time or an earlier one, or --to latest");
        }
    }

    /** Recovery takes the first damaged record for the log's end: then there would be log left over. */
    private void requireWhole(Recovered recovered, Wal collected) throws BackupException {
        long end = WalSegment.position(recovered.end());
        if (request.to() == null && end < collected.last().start()) {
            throw new BackupException("the log is damaged at " + recovered.end() + ", before its end in "
                    + collected.last().name() + "; what comes before can be restored with --to "
                    + recovered.lastTransaction().orElse(manifest.consistentAt().toString()));
        }
    }

    /** Every page of every table and index, as the server left it. */
    private long verifyPages() throws IOException, BackupException {
        long[] pages = {0};
        byte[] chunk = new byte[CHUNK];
        StringBuilder damaged = new StringBuilder();
        Files.walkFileTree(data, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String path = data.relativize(file).toString();
                if (PageChecksums.covers(path)) {
                    pages[0] += verifyPages(file, path, chunk, damaged);
                }
                return damaged.isEmpty() ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }
        });
        if (!damaged.isEmpty()) {
            throw new BackupException("the restored cluster is damaged: " + damaged);
        }
        return pages[0];
    }

    private long verifyPages(Path file, String path, byte[] chunk, StringBuilder damaged) throws IOException {
        int number = PageChecksums.firstPage(path);
        long pages = 0;
        try (FileChannel in = FileChannel.open(file)) {
            for (int length = ClusterFiles.fill(in, chunk); length > 0; length = ClusterFiles.fill(in, chunk)) {
                for (int offset = 0; offset + PageChecksums.PAGE_BYTES <= length; offset += PageChecksums.PAGE_BYTES) {
                    if (!PageChecksums.holds(chunk, offset, number)) {
                        damaged.append("page ").append(number).append(" of ").append(path);
                        damaged.append(" does not match its checksum");
                        return pages;
                    }
                    number++;
                    pages++;
                }
            }
        }
        tell("verified the pages of " + path);
        return pages;
    }

    private void tell(String line) {
        if (ticker.nanos() > tell) {
            progress.accept(line);
            tell = ticker.nanos() + TELL_EVERY.toNanos();
        }
    }
}
