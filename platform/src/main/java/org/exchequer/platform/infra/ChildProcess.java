package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A program run as a child that does not outlive this process, however this process ends.
 *
 * <p>A small shell loop beside the child reads from a pipe whose other end only this process has. When this process is
 * gone the pipe ends, and the loop stops the child. It works on every Unix and does not depend on which thread started
 * the child, as Linux's own parent-death signal does. It ignores the signals that may reach this process's whole group:
 * they are this process's to act on. The child has a session of its own, so that Ctrl-C in a terminal
 * reaches this process alone, which then stops its children in order.
 */
final class ChildProcess {
    private static final String SHELL = "/bin/sh";

    /**
     * {@code $1} lists the signals to stop with, in order; the rest is the command. {@code $$} stays the process id of
     * the command, since the shell becomes it; the watching loop is no child of the command, because PostgreSQL treats
     * unknown children as crashed ones.
     */
    private static final String WATCHED = """
            exec 3<&0 </dev/null
            trap '' INT HUP TERM QUIT
            ( {
              read -r word <&3
              for signal in $1; do
                kill -"$signal" $$ || exit
                waited=0
                while [ $waited -lt 8 ] && kill -0 $$; do sleep 1; waited=$((waited + 1)); done
              done
            } >/dev/null 2>&1 & )
            trap - INT HUP TERM QUIT
            shift
            exec 3<&-
            if command -v setsid >/dev/null; then exec setsid "$@"; fi
            if command -v perl >/dev/null; then exec perl -e 'use POSIX; POSIX::setsid(); exec @ARGV or die' "$@"; fi
            exec "$@"
            """;

    private final Process process;
    private final List<String> signals;

    private ChildProcess(Process process, List<String> signals) {
        this.process = process;
        this.signals = signals;
    }

    /**
     * Starts a command.
     *
     * @param command program and arguments
     * @param environment added to this process's
     * @param log file that its output is appended to
     * @param signals how to stop it: names of signals from polite to final, the next one when the last did not do
     */
    static ChildProcess start(List<String> command, Map<String, String> environment, Path log, List<String> signals)
            throws IOException {
        List<String> watched = new ArrayList<>(List.of(SHELL, "-c", WATCHED, "exchequer", String.join(" ", signals)));
        watched.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(watched)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return new ChildProcess(builder.start(), List.copyOf(signals));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        // Asked of the system: Process.isAlive() may lag behind the exit that others have seen.
        return process.toHandle().isAlive();
    }

    /** Waits for its end. Returns false when it still runs after the time. */
    boolean awaitExit(Duration time) throws InterruptedException {
        return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for its end and returns its exit code; 128 + signal when a signal ended it. */
    int awaitExit() throws InterruptedException {
        return process.waitFor();
    }

    /**
     * Sends one signal after the other until it is gone, giving it {@code patience} after each.
     *
     * @param atOnce leaves out the first, polite one
     */
    void stop(Duration patience, boolean atOnce) throws InterruptedException {
        for (String signal : atOnce ? signals.subList(1, signals.size()) : signals) {
            if (!process.isAlive()) {
                return;
            }
            signal(List.of(process.pid()), signal);
            if (awaitExit(patience)) {
                return;
            }
        }
        process.destroyForcibly();
        process.waitFor();
    }

    /** Sends a signal to processes. That one is gone already is not an error. */
    static void signal(List<Long> pids, String signal) throws InterruptedException {
        String all = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        try {
            // The shell's own kill: the program of that name is missing from small container images.
            new ProcessBuilder(SHELL, "-c", "kill -" + signal + " " + all)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new InfrastructureException("cannot run " + SHELL + ": " + e, e);
        }
    }
}
