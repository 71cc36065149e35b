package org.exchequer.lab.stage;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own for PostgreSQL, so that it can be filled without harm to anybody else. */
final class Disk implements AutoCloseable {
    private static final int BLOCK_BYTES = 64 * 1024;
    /** What filling leaves: a few hundred transfers. */
    private static final long LEFT_BYTES = 2L * BLOCK_BYTES;

    private final Path folder;

    private Disk(Path folder) {
        this.folder = folder;
    }

    /**
     * Mounts one in the folder, which is made.
     *
     * @throws StageException when this user may not mount a file system
     */
    static Disk mount(Path folder, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        if (!Shell.run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m,mode=0755", "tmpfs", folder.toString())) {
            throw new StageException("a disk that can be filled needs the right to mount a tmpfs: run as root");
        }
        return new Disk(folder);
    }

    Path folder() {
        return folder;
    }

    /** Takes nearly all room that is left; returns how many bytes still are. */
    long fill() throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (OutputStream out = Files.newOutputStream(filler())) {
            while (free() > LEFT_BYTES) {
                out.write(block);
            }
        }
        return free();
    }

    /** Gives the room back. */
    void empty() throws IOException {
        Files.deleteIfExists(filler());
    }

    long free() throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    private Path filler() {
        return folder.resolve("filler");
    }

    @Override
    public void close() throws IOException {
        try {
            if (!Shell.run("umount", folder.toString()) && !Shell.run("umount", "-l", folder.toString())) {
                throw new IOException("cannot unmount " + folder);
            }
        } catch (InterruptedException interrupted) {
            // The reaper unmounts it.
            Thread.currentThread().interrupt();
        }
    }
}
