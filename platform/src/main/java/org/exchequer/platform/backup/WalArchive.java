package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.exchequer.platform.infra.SmallFiles;
import org.jspecify.annotations.Nullable;

/**
 * The folder into which PostgreSQL archives its write-ahead log (module {@code basic_archive}: a whole file under
 * another name, fsync, rename, fsync of the folder). Beside the log's segments it holds, for each backup that is kept,
 * a file named after the first segment which that backup needs.
 */
public final class WalArchive {
    private static final String KEPT = ".kept";
    private static final Pattern SEGMENT = Pattern.compile("[0-9A-F]{24}");
    private static final Pattern PRUNABLE = Pattern.compile("[0-9A-F]{24}(\\.[0-9A-F]{8}\\.backup)?");
    private static final int BLOCK = 1 << 16;
    /** A segment less full than that is worth being written again. */
    private static final double WORTH_TRIMMING = 0.75;

    private final Path folder;

    WalArchive(Path folder) {
        this.folder = folder;
    }

    /** Where a data directory archives its log unless told otherwise. */
    public static Path in(Path dataDirectory) {
        return dataDirectory.resolve("wal-archive");
    }

    /**
     * What a prune did.
     *
     * @param segments how many were deleted
     * @param released backups that may have needed some of them, as the folders they are in
     */
    public record Pruned(int segments, List<String> released) {}

    /** Notes a complete backup: from this segment on nothing is deleted while it is kept. */
    void keep(String firstSegment, Path backup) {
        SmallFiles.write(folder.resolve(firstSegment + KEPT), backup.toString());
    }

    /** Keeps the newest backups and deletes what none of them needs. */
    Pruned prune(int keep) throws IOException {
        List<String> kept = new ArrayList<>(names(name -> name.endsWith(KEPT)));
        kept.sort(Comparator.reverseOrder());
        List<String> released = new ArrayList<>();
        for (String old : kept.subList(Math.min(keep, kept.size()), kept.size())) {
            SmallFiles.read(folder.resolve(old)).ifPresent(released::add);
            Files.deleteIfExists(folder.resolve(old));
        }
        // Without any backup nothing is needed: every name sorts before this one.
        String first = keep == 0 || kept.isEmpty()
                ? "G"
                : kept.get(Math.min(keep, kept.size()) - 1).replace(KEPT, "");
        int segments = 0;
        for (String name : names(name -> PRUNABLE.matcher(name).matches() && name.compareTo(first) < 0)) {
            Files.deleteIfExists(folder.resolve(name));
            segments += SEGMENT.matcher(name).matches() ? 1 : 0;
        }
        SmallFiles.sync(folder);
        return new Pruned(segments, released);
    }

    /**
     * Writes segments that end in zeros again without these, so that a file system which knows holes stores only what
     * they hold: an idle ledger fills a few kilobytes of a segment before it is archived. Their size stays.
     *
     * @param after looks at files changed later than this; null for all
     * @return when the newest file that was looked at was changed; {@code after} when there was none
     */
    @Nullable
    FileTime trim(@Nullable FileTime after) throws IOException {
        @Nullable FileTime newest = after;
        for (String name : names(name -> SEGMENT.matcher(name).matches())) {
            Path segment = folder.resolve(name);
            try {
                FileTime changed = Files.getLastModifiedTime(segment);
                if (after == null || changed.compareTo(after) > 0) {
                    trim(segment, changed);
                    newest = newest == null || changed.compareTo(newest) > 0 ? changed : newest;
                }
            } catch (NoSuchFileException pruned) {
                continue;
            }
        }
        return newest;
    }

    Path folder() {
        return folder;
    }

    /** The segment, where it is archived. */
    Optional<Path> find(WalSegment segment) {
        Path file = folder.resolve(segment.name());
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    /** The archived segments of a timeline behind one of them, in order. */
    List<WalSegment> after(WalSegment last) throws IOException {
        List<WalSegment> segments = new ArrayList<>();
        for (String name : names(name -> SEGMENT.matcher(name).matches())) {
            WalSegment.parse(name, last.bytes())
                    .filter(segment -> segment.timeline() == last.timeline() && segment.compareTo(last) > 0)
                    .ifPresent(segments::add);
        }
        segments.sort(Comparator.naturalOrder());
        return segments;
    }

    private void trim(Path segment, FileTime changed) throws IOException {
        Path part = folder.resolve("." + segment.getFileName() + ".part");
        try (FileChannel in = FileChannel.open(segment, StandardOpenOption.READ)) {
            long size = in.size();
            long used = used(in, size);
            if (used > size * WORTH_TRIMMING) {
                return;
            }
            try (FileChannel out = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                long copied = 0;
                while (copied < used) {
                    copied += in.transferTo(copied, used - copied, out);
                }
                if (used < size) {
                    out.write(ByteBuffer.wrap(new byte[1]), size - 1);
                }
                out.force(true);
            }
        }
        Files.setPosixFilePermissions(part, Files.getPosixFilePermissions(segment));
        Files.setLastModifiedTime(part, changed);
        Files.move(part, segment, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        SmallFiles.sync(folder);
    }

    /** Bytes up to the last block that holds anything but zeros. */
    private static long used(FileChannel in, long size) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        byte[] zeros = new byte[BLOCK];
        for (long at = (size - 1) / BLOCK * BLOCK; at >= 0; at -= BLOCK) {
            block.clear();
            while (block.hasRemaining() && in.read(block, at + block.position()) > 0) {
                continue;
            }
            if (!block.flip().equals(ByteBuffer.wrap(zeros, 0, block.limit()))) {
                return at + block.limit();
            }
        }
        return 0;
    }

    private List<String> names(Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(wanted)
                    .sorted()
                    .toList();
        }
    }
}
