package org.exchequer.platform.infra;

import java.nio.file.Path;
import java.util.Optional;

/** Small files that are there whole or not at all, whenever the process dies. */
public final class SmallFiles {
    private SmallFiles() {}

    /** Replaces the file's text, durably (temporary file, fsync, rename, fsync of the folder); mode 0600. */
    public static void write(Path file, String text) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The file's text without surrounding space, or empty when there is no such file. */
    public static Optional<String> read(Path file) {
        throw new UnsupportedOperationException("not yet");
    }
}
