package org.exchequer.prooflog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds entries in segments, archived ones included. Remembers where in a segment each of its 256 bundles begins. */
final class Bundles {
    private static final int PER_SEGMENT = Segment.ENTRIES / TilePath.FULL;
    private static final int PREFIX = 2;

    private final Path entries;
    private final Path archive;
    private final Map<Long, long[]> offsets = new ConcurrentHashMap<>();

    Bundles(Path entries, Path archive) {
        this.entries = entries;
        this.archive = archive;
    }

    /** The segment's file; empty when it was purged, or is not there yet. */
    Optional<Path> file(long segment) {
        Path file = entries.resolve(Segment.name(segment));
        if (Files.exists(file)) {
            return Optional.of(file);
        }
        Path archived = archive.resolve(Segment.name(segment));
        return Files.exists(archived) ? Optional.of(archived) : Optional.empty();
    }

    /** Notes where an entry begins; who reads it learns of the entry later. */
    void begins(long position, long offset) {
        if (position % TilePath.FULL == 0) {
            offsets.computeIfAbsent(position / Segment.ENTRIES, s -> new long[PER_SEGMENT])[
                    (int) (position % Segment.ENTRIES / TilePath.FULL)] = offset;
        }
    }

    /** {@code width} entries, each behind its length; empty when their segment is not here. */
    Optional<byte[]> bundle(long index, int width) throws IOException {
        long segment = index / PER_SEGMENT;
        Optional<Path> file = file(segment);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try (Segment open = Segment.open(file.get(), segment, false)) {
            long[] known = offsets.get(segment);
            if (known == null) {
                known = scan(open);
                offsets.put(segment, known);
            }
            int in = (int) (index % PER_SEGMENT);
            long next = in + 1 < PER_SEGMENT ? known[in + 1] : 0;
            long end = next > known[in] ? next : open.length();
            ByteBuffer bytes = ByteBuffer.wrap(open.read(known[in], Math.toIntExact(end - known[in])));
            for (int i = 0; i < width; i++) {
                skip(bytes, index * TilePath.FULL + i);
            }
            return Optional.of(Arrays.copyOf(bytes.array(), bytes.position()));
        }
    }

    /** One entry; empty when its segment is not here. */
    Optional<byte[]> entry(long position) throws IOException {
        int in = (int) (position % TilePath.FULL);
        return bundle(position / TilePath.FULL, in + 1).map(bundle -> {
            ByteBuffer bytes = ByteBuffer.wrap(bundle);
            for (int i = 0; i < in; i++) {
                skip(bytes, position);
            }
            return Arrays.copyOfRange(bundle, bytes.position() + PREFIX, bundle.length);
        });
    }

    /** The entry and those before it in its bundle, in order; none when their segment is not here. */
    List<byte[]> entriesTo(long position) throws IOException {
        Optional<byte[]> bundle = bundle(position / TilePath.FULL, (int) (position % TilePath.FULL) + 1);
        List<byte[]> entries = new ArrayList<>();
        if (bundle.isPresent()) {
            ByteBuffer bytes = ByteBuffer.wrap(bundle.get());
            while (bytes.hasRemaining()) {
                byte[] entry = new byte[Short.toUnsignedInt(bytes.getShort())];
                bytes.get(entry);
                entries.add(entry);
            }
        }
        return entries;
    }

    private static void skip(ByteBuffer bytes, long position) {
        int length = bytes.remaining() < PREFIX ? 0 : PREFIX + Short.toUnsignedInt(bytes.getShort(bytes.position()));
        if (length == 0 || length > bytes.remaining()) {
            throw new DamagedLogException(position, "its bundle ends before it");
        }
        bytes.position(bytes.position() + length);
    }

    private static long[] scan(Segment segment) throws IOException {
        long[] found = new long[PER_SEGMENT];
        Segment.Entries each = segment.entries();
        for (int i = 0; i < Segment.ENTRIES; i++) {
            if (i % TilePath.FULL == 0) {
                found[i / TilePath.FULL] = each.offset();
            }
            each.next();
        }
        return found;
    }
}
