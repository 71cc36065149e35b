package org.exchequer.prooflog;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out how far a log goes, whatever the process that wrote it was doing when it died. Up to the checkpoint
 * everything was durable before it was signed: a byte that differs there is damage. What follows is good as far as a
 * mark's root vouches for it, and the rest was never acknowledged.
 */
final class Recovery {
    /** Where appending goes on. */
    record State(Segment active, Segment.Mark mark, Frontier frontier) {}

    private record Fresh(int level, byte[] hash) {}

    private final Path entries;
    private final Bundles bundles;
    private final HashFiles hashes;
    private final Checkpoint signed;
    private final long purgedThrough;
    private final List<Fresh> fresh = new ArrayList<>();

    Recovery(Path entries, Bundles bundles, HashFiles hashes, Checkpoint signed, long purgedThrough) {
        this.entries = entries;
        this.bundles = bundles;
        this.hashes = hashes;
        this.signed = signed;
        this.purgedThrough = purgedThrough;
    }

    /**
     * Opens the last segment, cuts off what was not acknowledged, and makes its hashes again.
     *
     * @param checked how many of the newest signed entries to read and compare with their hashes
     */
    State run(long checked) throws IOException {
        Segment last = last();
        long from = from(last.number(), checked);
        for (Segment.Mark mark : last.marks()) {
            if (mark.size() < signed.size()) {
                throw new DamagedLogException(
                        mark.size(), "it ends here, but has signed " + signed.size() + " entries");
            }
            Optional<Frontier> frontier = replay(from, last, mark);
            if (frontier.isPresent()) {
                last.truncate(mark.length());
                last.force();
                hashes.truncate(signed.size());
                for (Fresh hash : fresh) {
                    hashes.append(hash.level(), hash.hash());
                }
                hashes.flush();
                return new State(last, mark, frontier.get());
            }
        }
        throw new DamagedLogException(
                Math.max(signed.size(), last.number() * Segment.ENTRIES),
                "no mark in " + last.file() + " agrees with the entries before it");
    }

    private Segment last() throws IOException {
        List<Long> numbers = numbers(entries);
        if (numbers.isEmpty()) {
            throw new DamagedLogException(0, entries + " is empty");
        }
        long number = numbers.getLast();
        Segment last = Segment.open(entries.resolve(Segment.name(number)), number, true);
        boolean stillborn = last.marks().isEmpty() && last.length() <= Segment.HEADER && numbers.size() > 1;
        if (!stillborn) {
            return last;
        }
        // The process died while it made this segment: nothing was written to it yet.
        last.close();
        Files.delete(last.file());
        return Segment.open(entries.resolve(Segment.name(number - 1)), number - 1, true);
    }

    /** The segments in a folder, in order. */
    static List<Long> numbers(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.matches("[0-9]{10}"))
                    .map(Long::valueOf)
                    .sorted()
                    .toList();
        }
    }

    /** Where checking begins: at a segment, all from there on being here. What is before must be here or purged. */
    private long from(long last, long checked) {
        long from = last;
        while (from > 0
                && from * Segment.ENTRIES > Math.max(0, signed.size() - checked)
                && bundles.file(from - 1).isPresent()) {
            from--;
        }
        for (long segment = purgedThrough / Segment.ENTRIES; segment < from; segment++) {
            if (bundles.file(segment).isEmpty()) {
                throw new DamagedLogException(segment * Segment.ENTRIES, Segment.name(segment) + " is missing");
            }
        }
        if (from * Segment.ENTRIES > signed.size()) {
            throw new DamagedLogException(signed.size(), Segment.name(from - 1) + " is missing");
        }
        return from * Segment.ENTRIES;
    }

    /** The tree's edge at the mark; empty when the entries do not lead to its root. */
    private Optional<Frontier> replay(long from, Segment last, Segment.Mark mark) throws IOException {
        fresh.clear();
        TileNodes stored = new TileNodes(hashes, signed.size());
        Frontier frontier = edge(stored, from);
        long end = Segment.HEADER;
        for (long number = from / Segment.ENTRIES; number <= last.number(); number++) {
            Path file = bundles.file(number).orElseThrow();
            long until = number == last.number() ? mark.size() : (number + 1) * Segment.ENTRIES;
            try (Segment segment = Segment.open(file, number, false)) {
                Segment.Entries each = segment.entries();
                while (frontier.size() < until) {
                    bundles.begins(frontier.size(), each.offset());
                    push(frontier, each.next(), stored, from);
                }
                end = each.offset();
            } catch (EOFException e) {
                if (number < last.number() || frontier.size() < signed.size()) {
                    throw new DamagedLogException(frontier.size(), String.valueOf(e.getMessage()));
                }
                return Optional.empty();
            }
        }
        boolean agrees = end == mark.length() && Arrays.equals(frontier.root(), mark.root());
        return agrees ? Optional.of(frontier) : Optional.empty();
    }

    private Frontier edge(TileNodes stored, long from) throws IOException {
        try {
            Frontier frontier = Frontier.of(stored, from);
            compareWithCheckpoint(frontier, from);
            return frontier;
        } catch (EOFException e) {
            throw new DamagedLogException(0, String.valueOf(e.getMessage()));
        }
    }

    private void push(Frontier frontier, byte[] entry, TileNodes stored, long from) throws IOException {
        long position = frontier.size();
        frontier.push(MerkleTree.leafHash(entry), (level, index, hash) -> {
            if (position >= signed.size()) {
                fresh.add(new Fresh(level, hash));
            } else if (!Arrays.equals(stored(stored, level, index), hash)) {
                throw new DamagedLogException(
                        index << (TilePath.HEIGHT * level),
                        level == 0
                                ? "the entry and its hash in hashes/0 differ"
                                : "the entries to " + position + " do not lead to their root in hashes/" + level);
            }
        });
        compareWithCheckpoint(frontier, from);
    }

    private static byte[] stored(TileNodes stored, int level, long index) throws IOException {
        try {
            return stored.node(TilePath.HEIGHT * level, index);
        } catch (EOFException e) {
            throw new DamagedLogException(index << (TilePath.HEIGHT * level), String.valueOf(e.getMessage()));
        }
    }

    private void compareWithCheckpoint(Frontier frontier, long from) {
        if (frontier.size() == signed.size() && !Arrays.equals(frontier.root(), signed.root())) {
            throw new DamagedLogException(
                    from,
                    "the " + signed.size()
                            + " entries do not lead to the root that was signed; one from here on differs");
        }
    }
}
