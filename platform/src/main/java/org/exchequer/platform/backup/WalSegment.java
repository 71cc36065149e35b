package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of PostgreSQL's write-ahead log, as its name says.
 *
 * @param timeline of the cluster's history it belongs to
 * @param number counted from the log's beginning
 * @param bytes size of every such file of the cluster
 */
record WalSegment(int timeline, long number, long bytes) implements Comparable<WalSegment> {
    private static final Pattern NAME = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");
    private static final long BYTES_PER_LOG = 1L << 32;
    private static final int HEADER_BYTES = 40;

    /** Empty when the name is not one of a segment. */
    static Optional<WalSegment> parse(String name, long bytes) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long log = Long.parseLong(matcher.group(2), 16);
        long rest = Long.parseLong(matcher.group(3), 16);
        return Optional.of(new WalSegment(
                Integer.parseUnsignedInt(matcher.group(1), 16), log * (BYTES_PER_LOG / bytes) + rest, bytes));
    }

    String name() {
        long perLog = BYTES_PER_LOG / bytes;
        return String.format("%08X%08X%08X", timeline, number / perLog, number % perLog);
    }

    WalSegment next() {
        return new WalSegment(timeline, number + 1, bytes);
    }

    /** The log's position at which it begins. */
    long start() {
        return number * bytes;
    }

    /**
     * Whether the file is this segment of this cluster, by the header of its first page: the log keeps old segments
     * under the names of future ones.
     */
    boolean isIn(Path file, long systemIdentifier) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() != bytes) {
                return false;
            }
            while (header.hasRemaining() && channel.read(header) >= 0) {
                continue;
            }
        }
        // XLogLongPageHeaderData in PostgreSQL's src/include/access/xlog_internal.h.
        return header.getInt(4) == timeline && header.getLong(8) == start() && header.getLong(24) == systemIdentifier;
    }

    /** A position as PostgreSQL writes it, e.g. {@code 0/3000128}. */
    static long position(String text) {
        String[] halves = text.split("/", 2);
        return Long.parseLong(halves[0], 16) << 32 | Long.parseLong(halves[1], 16);
    }

    @Override
    public int compareTo(WalSegment other) {
        return Long.compare(number, other.number);
    }
}
