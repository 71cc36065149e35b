package org.exchequer.lab.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Ends everything of a run when the lab's own process is gone, however it went: also what was stopped by SIGSTOP, which
 * can neither end itself nor notice.
 *
 * <p>A shell waits on a pipe whose other end only the lab has. When that is closed it ends every Java and PostgreSQL
 * process that names the run's folder on its command line or works in it, and takes away the file system that was
 * mounted there. The folder's name is unique to the run, so no stranger is met. Reads {@code /proc}, so it is without
 * effect outside Linux.
 */
final class Reaper implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private static final String SCRIPT = """
            trap '' INT HUP TERM QUIT
            folder=$(cat "$1")
            read -r word
            for round in 1 2 3; do
              for process in /proc/[0-9]*; do
                pid=${process#/proc/}
                case $(readlink "$process/exe") in */java | */postgres | */initdb) ;; *) continue ;; esac
                case $(readlink "$process/cwd") in "$folder"/*) kill -KILL "$pid" ; continue ;; esac
                if tr '\\000' '\\n' <"$process/cmdline" | grep -qF "$folder/"; then kill -KILL "$pid"; fi
              done
              sleep 0.2
            done 2>/dev/null
            umount "$folder/disk" 2>/dev/null
            exit 0
            """;

    private final Process process;

    private Reaper(Process process) {
        this.process = process;
    }

    /** Watches over a run's folder; {@code note} is a file in it that holds the folder's name. */
    static Reaper start(Path folder) throws IOException {
        Path note = folder.resolve("reaper");
        Files.writeString(note, folder.toString());
        return new Reaper(new ProcessBuilder("/bin/sh", "-c", SCRIPT, "exchequer-lab-reaper", note.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    /** Lets it do its work now, and waits for it. */
    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException interrupted) {
            // It goes on by itself.
            Thread.currentThread().interrupt();
        }
    }
}
