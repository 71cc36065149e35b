package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.exchequer.platform.infra.SmallFiles;

/**
 * Moves full segments to the archive, and deletes archived ones, by age. A deletion is announced by a signed record
 * before it happens: a verifier can tell what was purged from what is missing.
 */
final class Retention {
    private static final Pattern RECORD = Pattern.compile("purged 0 to ([0-9]{1,18})\n");

    private final Path entries;
    private final Path archive;
    private final Path record;
    private final SigningKey key;

    /**
     * What one run did.
     *
     * @param archived segments moved
     * @param purged segments deleted
     * @param purgedThrough positions before this one are purged, in this run or earlier
     */
    record Done(int archived, int purged, long purgedThrough) {}

    Retention(Path folder, Path archive, SigningKey key) {
        this.entries = folder.resolve("entries");
        this.archive = archive;
        this.record = folder.resolve("retention");
        this.key = key;
    }

    /** Positions before this one may be missing, as the log has signed. */
    long purgedThrough() throws IOException {
        long through = 0;
        if (Files.exists(record)) {
            // Records are written by this class and checked by the verifier; here a missing segment is what matters.
            Matcher matcher = RECORD.matcher(Files.readString(record));
            while (matcher.find()) {
                through = Math.max(through, Long.parseLong(matcher.group(1)) + 1);
            }
        }
        return through;
    }

    /** @param before the first segment that must stay where it is */
    Done run(RetentionPolicy policy, Instant now, long before) throws IOException {
        Files.createDirectories(archive);
        int archived = 0;
        for (long segment : due(entries, policy.archiveAfter(), now)) {
            if (segment < before) {
                move(Segment.name(segment));
                archived++;
            }
        }
        List<Long> due = due(archive, policy.purgeAfter(), now);
        long through = purgedThrough();
        List<Long> purged = new ArrayList<>();
        for (long segment : due) {
            // Only from the beginning on: what remains is one stretch.
            if (segment * Segment.ENTRIES <= through) {
                purged.add(segment);
                through = Math.max(through, (segment + 1) * Segment.ENTRIES);
            }
        }
        if (!purged.isEmpty()) {
            announce(through, policy, now);
            for (long segment : purged) {
                Files.delete(archive.resolve(Segment.name(segment)));
            }
            SmallFiles.sync(archive);
        }
        return new Done(archived, purged.size(), through);
    }

    /** The oldest segments of a folder up to the first that is too young: its last write is its newest entry's. */
    private static List<Long> due(Path folder, Duration age, Instant now) throws IOException {
        List<Long> due = new ArrayList<>();
        for (long segment : Recovery.numbers(folder)) {
            FileTime written = Files.getLastModifiedTime(folder.resolve(Segment.name(segment)));
            if (written.toInstant().plus(age).isAfter(now)) {
                break;
            }
            due.add(segment);
        }
        return due;
    }

    private void announce(long through, RetentionPolicy policy, Instant now) throws IOException {
        if (through <= purgedThrough()) {
            return;
        }
        String text = key.key().name() + "/retention\npurged 0 to " + (through - 1) + "\nat " + now + "\nby policy "
                + policy.name() + "\n";
        String before = Files.exists(record) ? Files.readString(record) : "";
        SmallFiles.write(record, before + key.sign(text, now).render());
    }

    private void move(String name) throws IOException {
        Path from = entries.resolve(name);
        Path to = archive.resolve(name);
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException otherFileSystem) {
            Path copy = archive.resolve(name + ".part");
            Files.copy(from, copy, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            SmallFiles.sync(copy);
            Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
            SmallFiles.sync(archive);
            Files.delete(from);
        }
        SmallFiles.sync(archive);
        SmallFiles.sync(entries);
    }
}
