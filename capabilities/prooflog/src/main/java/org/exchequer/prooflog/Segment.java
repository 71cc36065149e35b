package org.exchequer.prooflog;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.exchequer.platform.infra.SmallFiles;

/**
 * One file of 65,536 entries: 256 entry bundles (C2SP tlog-tiles) end to end, behind a header of two slots. A group of
 * entries and the mark that says how far it goes are made durable by one fsync, since they are in one file; the two
 * slots are written in turn, so that a torn mark leaves the one before it. A mark holds the tree's root: entries of a
 * group that were torn do not lead to it.
 */
final class Segment implements Closeable {
    /** Entries in a full segment. */
    static final int ENTRIES = 1 << 16;

    static final int SLOT = 4_096;
    static final int HEADER = 2 * SLOT;

    private static final long MAGIC = 0x4558_5052_4c4f_4731L; // "EXPRLOG1"
    private static final int MARKED = 4 * Long.BYTES + MerkleTree.HASH_BYTES;
    private static final int MARK_BYTES = MARKED + MerkleTree.HASH_BYTES;

    /**
     * How far the log goes.
     *
     * @param size entries of the whole log
     * @param length bytes of this file
     * @param root of the tree of that size
     */
    record Mark(long size, long length, byte[] root, int slot) {}

    private final Path file;
    private final long number;
    private final FileChannel channel;

    private Segment(Path file, long number, FileChannel channel) {
        this.file = file;
        this.number = number;
        this.channel = channel;
    }

    /** The file's name: ten digits. */
    static String name(long number) {
        return String.format("%010d", number);
    }

    /** A new segment, durable before anything is written to it: one with entries has a mark. */
    static Segment create(Path folder, long number, byte[] root) throws IOException {
        Path file = folder.resolve(name(number));
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Segment segment = new Segment(file, number, channel);
        segment.mark(new Mark(number * ENTRIES, HEADER, root, 0));
        segment.truncate(HEADER);
        segment.force();
        SmallFiles.sync(folder);
        return segment;
    }

    static Segment open(Path file, long number, boolean toWrite) throws IOException {
        return new Segment(
                file,
                number,
                toWrite
                        ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
                        : FileChannel.open(file, StandardOpenOption.READ));
    }

    long number() {
        return number;
    }

    Path file() {
        return file;
    }

    long length() throws IOException {
        return channel.size();
    }

    /** The marks whose checksum holds, the furthest first. */
    List<Mark> marks() throws IOException {
        List<Mark> marks = new ArrayList<>();
        for (int slot = 0; slot < 2; slot++) {
            if (channel.size() < (long) slot * SLOT + MARK_BYTES) {
                break;
            }
            ByteBuffer bytes = ByteBuffer.wrap(read((long) slot * SLOT, MARK_BYTES));
            byte[] checksum = MerkleTree.sha256(Arrays.copyOf(bytes.array(), MARKED));
            if (Arrays.equals(bytes.array(), MARKED, MARK_BYTES, checksum, 0, checksum.length)
                    && bytes.getLong() == MAGIC
                    && bytes.getLong() == number) {
                long size = bytes.getLong();
                long length = bytes.getLong();
                byte[] root = new byte[MerkleTree.HASH_BYTES];
                bytes.get(root);
                marks.add(new Mark(size, length, root, slot));
            }
        }
        marks.sort(Comparator.comparingLong(Mark::size).reversed());
        return marks;
    }

    void write(ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Writes a mark; durable with the next {@link #force}. */
    void mark(Mark mark) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(SLOT);
        bytes.putLong(MAGIC).putLong(number).putLong(mark.size()).putLong(mark.length());
        bytes.put(mark.root());
        bytes.put(MerkleTree.sha256(Arrays.copyOf(bytes.array(), MARKED)));
        write(bytes.clear(), (long) mark.slot() * SLOT);
    }

    void force() throws IOException {
        channel.force(false);
    }

    void truncate(long length) throws IOException {
        if (channel.size() > length) {
            channel.truncate(length);
        } else if (channel.size() < length) {
            write(ByteBuffer.allocate(1), length - 1);
        }
    }

    byte[] read(long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException(file + " ends at " + channel.size());
            }
        }
        return bytes.array();
    }

    /** The entries from the beginning on, in order. */
    Entries entries() {
        return new Entries();
    }

    /** Reads one entry after the other. */
    final class Entries {
        private static final int CHUNK = 1 << 20;
        private static final int PREFIX = 2;

        private ByteBuffer chunk = ByteBuffer.allocate(0);
        private long next = HEADER;

        /** Where the next entry begins, in bytes from the file's beginning. */
        long offset() {
            return next;
        }

        /** @throws EOFException when the file ends before the entry does */
        byte[] next() throws IOException {
            fill(PREFIX);
            int length = Short.toUnsignedInt(chunk.getShort(chunk.position()));
            fill(PREFIX + length);
            byte[] entry = new byte[length];
            chunk.position(chunk.position() + PREFIX).get(entry);
            next += PREFIX + length;
            return entry;
        }

        private void fill(int bytes) throws IOException {
            if (chunk.remaining() < bytes) {
                long rest = channel.size() - next;
                if (rest < bytes) {
                    throw new EOFException(file + " ends within an entry");
                }
                chunk = ByteBuffer.wrap(read(next, (int) Math.min(rest, CHUNK)));
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
