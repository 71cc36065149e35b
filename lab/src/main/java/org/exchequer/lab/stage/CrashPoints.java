package org.exchequer.lab.stage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.platform.faults.Faults;
import org.jspecify.annotations.Nullable;

/**
 * Lets a process die, or kill a database, at the n-th passage of a fault point. What is armed stands in a file, which
 * is read again every 20 ms; what happened is written to another and onto the disk first. Runs within the node.
 */
final class CrashPoints {
    /** What a node ends with that died at a point. */
    static final int EXIT_CODE = 86;

    private static final long REREAD_MS = 20;

    /**
     * What is armed.
     *
     * @param point name of the fault point
     * @param passage dies at this one, 1 or more
     * @param victim process id of the PostgreSQL that is killed there, with all its backends; 0 for the node itself
     */
    record Armed(String point, int passage, long victim) {
        String line() {
            return point + " " + passage + " " + victim;
        }

        static Armed of(String line) {
            List<String> words = List.of(line.strip().split(" ", -1));
            return new Armed(words.get(0), Integer.parseInt(words.get(1)), Long.parseLong(words.get(2)));
        }
    }

    private CrashPoints() {}

    /** Begins to look at the file, for as long as the process lives. */
    static void watch(Faults faults, Path armed, Path crashed) {
        Thread.ofPlatform().name("crash-points").daemon().start(() -> {
            @Nullable Armed now = null;
            try {
                while (true) {
                    @Nullable Armed wanted = read(armed).orElse(null);
                    if (wanted != null && !wanted.equals(now)) {
                        arm(faults, now, wanted, crashed);
                    } else if (wanted == null && now != null) {
                        faults.disarm(now.point());
                    }
                    now = wanted;
                    TimeUnit.MILLISECONDS.sleep(REREAD_MS);
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void arm(Faults faults, @Nullable Armed before, Armed armed, Path crashed) {
        AtomicInteger passages = new AtomicInteger();
        if (before != null) {
            faults.disarm(before.point());
        }
        faults.arm(armed.point(), point -> {
            if (passages.incrementAndGet() == armed.passage()) {
                note(crashed, armed.line());
                if (armed.victim() == 0) {
                    Runtime.getRuntime().halt(EXIT_CODE);
                }
                ProcessHandle.of(armed.victim()).ifPresent(CrashPoints::kill);
            }
        });
    }

    private static void kill(ProcessHandle postmaster) {
        List<ProcessHandle> backends = postmaster.descendants().toList();
        postmaster.destroyForcibly();
        backends.forEach(ProcessHandle::destroyForcibly);
    }

    private static void note(Path file, String line) {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            out.write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
            out.force(true);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot note down that a fault point was passed", e);
        }
    }

    /** Written by renaming, so it is never seen half. */
    private static Optional<Armed> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Armed.of(Files.readString(file))) : Optional.empty();
        } catch (IOException removed) {
            return Optional.empty();
        }
    }
}
