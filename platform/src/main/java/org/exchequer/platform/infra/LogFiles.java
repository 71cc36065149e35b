package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Output of child processes, kept within bounds. */
final class LogFiles {
    private static final long LONGEST_BYTES = 16L << 20;

    private LogFiles() {}

    /** Sets a log that has grown long aside, in place of the one set aside before. For use between two lives. */
    static void rotate(Path log) throws IOException {
        if (Files.exists(log) && Files.size(log) > LONGEST_BYTES) {
            Files.move(log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
