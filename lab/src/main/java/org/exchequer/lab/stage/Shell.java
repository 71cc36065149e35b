package org.exchequer.lab.stage;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Small commands of the operating system. */
final class Shell {
    private static final long PATIENCE_SECONDS = 30;

    private Shell() {}

    /** Runs a command and returns whether it succeeded; one that does not end in 30 s has not. */
    static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return false;
        }
        return process.exitValue() == 0;
    }

    /** Sends a signal, e.g. {@code STOP}, to processes; those that are gone already do not matter. */
    static void signal(String name, List<Long> pids) throws IOException, InterruptedException {
        if (pids.isEmpty()) {
            return;
        }
        StringBuilder command = new StringBuilder("kill -" + name);
        pids.forEach(pid -> command.append(' ').append(pid));
        // The shell's own kill: the program of that name is missing from small container images.
        run("/bin/sh", "-c", command.toString());
    }
}
