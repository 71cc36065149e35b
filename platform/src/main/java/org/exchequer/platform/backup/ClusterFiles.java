package org.exchequer.platform.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import org.exchequer.platform.infra.Folders;

/** Copies of files whose bytes are known, whatever happens to the original meanwhile. */
final class ClusterFiles {
    private static final FileAttribute<Set<PosixFilePermission>> OURS =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int CHUNK = 128 * PageChecksums.PAGE_BYTES;

    private final byte[] chunk = new byte[CHUNK];

    /** Looks at what was read of a file before it is written. */
    interface Check {
        /** @param at offset in the file; may read the original again and put what it finds in the chunk */
        void look(FileChannel original, byte[] chunk, int length, long at) throws IOException, BackupException;
    }

    static final Check NONE = (original, chunk, length, at) -> {};

    /** Copies a file to one that does not exist. To make it durable is up to the caller: later, and
     * together with others, it costs a fraction. */
    Manifest.Entry copy(Path from, Path to, String path, Check check) throws IOException, BackupException {
        MessageDigest digest = sha256();
        long bytes = 0;
        try (FileChannel in = FileChannel.open(from);
                FileChannel out =
                        FileChannel.open(to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OURS)) {
            for (int length = fill(in, chunk); length > 0; length = fill(in, chunk)) {
                check.look(in, chunk, length, bytes);
                digest.update(chunk, 0, length);
                ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, length);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                bytes += length;
            }
        }
        return new Manifest.Entry(path, bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /** Reads until the chunk is full or the file ends; returns how much. */
    static int fill(FileChannel in, byte[] chunk) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(chunk);
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {
            continue;
        }
        return buffer.position();
    }

    /** A new folder or an empty one that exists, for the caller alone. */
    static void claim(Path folder, String what) throws IOException, BackupException {
        if (Files.exists(folder)) {
            if (!Files.isDirectory(folder)) {
                throw new BackupException(folder + " is not a folder");
            }
            try (var content = Files.list(folder)) {
                if (content.findAny().isPresent()) {
                    throw new BackupException(
                            folder + " is not empty; " + what + " needs a new or an empty folder of its own");
                }
            }
        }
        Folders.make(folder);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
