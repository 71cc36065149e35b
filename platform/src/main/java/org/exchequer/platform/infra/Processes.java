package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Finds and ends what an earlier run of the program, itself killed, may have left running. */
final class Processes {
    private Processes() {}

    /**
     * Living processes whose executable has this file name and which were started with this exact argument. Process ids
     * on disk are not trusted: they are reused, and the process behind one may be a stranger.
     */
    static List<ProcessHandle> find(String executable, String argument) {
        return ProcessHandle.allProcesses()
                .filter(process -> runs(process, executable, argument))
                .toList();
    }

    /** Whether this is such a process. */
    static boolean runs(ProcessHandle process, String executable, String argument) {
        return executable.equals(executable(process))
                && process.info().arguments().map(List::of).orElse(List.of()).contains(argument);
    }

    /**
     * Living processes with this executable that work in this folder. Sees them on Linux only; elsewhere the answer is
     * empty.
     */
    static List<ProcessHandle> findIn(String executable, Path folder) {
        return ProcessHandle.allProcesses()
                .filter(process -> executable.equals(executable(process)) && worksIn(process, folder))
                .toList();
    }

    private static boolean worksIn(ProcessHandle process, Path folder) {
        try {
            return folder.equals(Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd")));
        } catch (IOException gone) {
            return false;
        }
    }

    private static String executable(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .map(Path::toString)
                .orElse("");
    }

    /** Sends the signals one after the other until it is gone, giving it {@code patience} after each. */
    static void end(ProcessHandle process, List<String> signals, Duration patience) throws InterruptedException {
        for (String signal : signals) {
            ChildProcess.signal(process.pid(), signal);
            try {
                process.onExit().get(patience.toNanos(), TimeUnit.NANOSECONDS);
                return;
            } catch (TimeoutException e) {
                continue;
            } catch (ExecutionException e) {
                throw new InfrastructureException("cannot wait for process " + process.pid(), e);
            }
        }
        throw new InfrastructureException("process " + process.pid() + " does not end; stop it by hand");
    }
}
