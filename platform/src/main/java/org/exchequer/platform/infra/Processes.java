package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Finds and ends what an earlier run of the program, itself killed, may have left running. */
final class Processes {
    private static final long POLL_MS = 5;

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

    /** Not so a zombie, which has nothing left but its exit code, and which some parents are slow to ask for. */
    private static boolean works(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    /**
     * Sends all of them the signals one after the other until they are gone, giving them {@code patience} after each.
     */
    static void end(List<ProcessHandle> processes, List<String> signals, Duration patience)
            throws InterruptedException {
        if (processes.isEmpty()) {
            return;
        }
        List<ProcessHandle> left = processes;
        for (String signal : signals) {
            ChildProcess.signal(left.stream().map(ProcessHandle::pid).toList(), signal);
            for (long waited = 0; waited < patience.toMillis(); waited += POLL_MS) {
                left = left.stream().filter(Processes::works).toList();
                if (left.isEmpty()) {
                    return;
                }
                // Nobody tells of the end of a process that is not ours: onExit() looks every 300 ms.
                Thread.sleep(POLL_MS);
            }
        }
        throw new InfrastructureException("process " + left.getFirst().pid() + " does not end; stop it by hand");
    }
}
