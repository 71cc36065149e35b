package org.exchequer.prooflog;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.exchequer.platform.infra.SmallFiles;

/**
 * The tiles of hashes: one file per level, its tiles end to end, so that a tile of any width is a stretch of it. Made
 * durable before a checkpoint is signed; what is newer is made again from the entries after a crash.
 */
final class HashFiles implements Closeable, TileNodes.Tiles {
    private static final int BUFFER = 1 << 16;

    private final Path folder;
    private final boolean toWrite;
    private final List<Level> levels = new CopyOnWriteArrayList<>();

    /** A level's file, and what is to be written at its end. */
    private static final class Level {
        final FileChannel channel;
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long flushed;

        Level(FileChannel channel) throws IOException {
            this.channel = channel;
            this.flushed = channel.size();
        }

        void flush() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                flushed += channel.write(buffer, flushed);
            }
            buffer.clear();
        }
    }

    private HashFiles(Path folder, boolean toWrite) {
        this.folder = folder;
        this.toWrite = toWrite;
    }

    static HashFiles open(Path folder, boolean toWrite) throws IOException {
        HashFiles files = new HashFiles(folder, toWrite);
        while (Files.exists(folder.resolve("" + files.levels.size()))) {
            files.addLevel();
        }
        return files;
    }

    private void addLevel() throws IOException {
        Set<StandardOpenOption> options = toWrite
                ? Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)
                : Set.of(StandardOpenOption.READ);
        levels.add(new Level(FileChannel.open(folder.resolve("" + levels.size()), options)));
    }

    /** Adds the next hash of a level; read again only after {@link #flush}. */
    void append(int level, byte[] hash) throws IOException {
        if (level == levels.size()) {
            addLevel();
            SmallFiles.sync(folder);
        }
        Level file = levels.get(level);
        if (file.buffer.remaining() < hash.length) {
            file.flush();
        }
        file.buffer.put(hash);
    }

    void flush() throws IOException {
        for (Level level : levels) {
            level.flush();
        }
    }

    /** Makes durable what was flushed. */
    void force() throws IOException {
        for (Level level : levels) {
            level.channel.force(false);
        }
    }

    /** Leaves of each level what a tree of this size has. */
    void truncate(long size) throws IOException {
        for (int level = 0; level < levels.size(); level++) {
            Level file = levels.get(level);
            long length = (size >> (TilePath.HEIGHT * level)) * MerkleTree.HASH_BYTES;
            if (file.channel.size() < length) {
                throw new DamagedLogException(
                        (file.channel.size() / MerkleTree.HASH_BYTES) << (TilePath.HEIGHT * level),
                        "hashes/" + level + " ends here");
            }
            file.channel.truncate(length);
            file.flushed = length;
        }
    }

    @Override
    public byte[] tile(int level, long index, int width) throws IOException {
        if (level >= levels.size() || width < 1) {
            throw new EOFException("there are no hashes of level " + level + " here");
        }
        ByteBuffer bytes = ByteBuffer.allocate(width * MerkleTree.HASH_BYTES);
        long offset = index * TilePath.FULL * MerkleTree.HASH_BYTES;
        while (bytes.hasRemaining()) {
            if (levels.get(level).channel.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("hashes/" + level + " ends before tile " + index);
            }
        }
        return bytes.array();
    }

    /** The hash of one entry. */
    byte[] leaf(long position) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MerkleTree.HASH_BYTES);
        while (bytes.hasRemaining()) {
            long at = position * MerkleTree.HASH_BYTES + bytes.position();
            if (levels.isEmpty() || levels.getFirst().channel.read(bytes, at) < 0) {
                throw new DamagedLogException(position, "hashes/0 has no hash of this entry");
            }
        }
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        for (Level level : levels) {
            level.channel.close();
        }
    }
}
