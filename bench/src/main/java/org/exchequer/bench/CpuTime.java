package org.exchequer.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Processor time used so far, in microseconds: fairer than wall time on a machine that others share.
 *
 * @param java of this JVM, load generator included
 * @param postgres of the postmaster and all its children, past and present; 0 where the system does not tell
 */
record CpuTime(long java, long postgres) {
    /** Linux counts process times in hundredths of a second on every platform that runs a JVM. */
    private static final long MICROS_PER_TICK = 10_000;

    static CpuTime now(Optional<Long> postmaster) throws IOException {
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return new CpuTime(system.getProcessCpuTime() / 1_000, postmaster.isPresent() ? of(postmaster.get()) : 0);
    }

    CpuTime since(CpuTime before) {
        return new CpuTime(java - before.java, postgres - before.postgres);
    }

    /** Used so far by a process and its descendants, in microseconds; 0 where the system does not tell. */
    static long of(long pid) throws IOException {
        Path proc = Path.of("/proc");
        if (!Files.isDirectory(proc)) {
            return 0;
        }
        long ticks = 0;
        try (Stream<ProcessHandle> children = ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants)) {
            for (long child : children.mapToLong(ProcessHandle::pid).toArray()) {
                ticks += ticks(child, false);
            }
        }
        return (ticks + ticks(pid, true)) * MICROS_PER_TICK;
    }

    /** User and system time of a process, with its dead children's on request; see proc(5), fields 14 to 17. */
    private static long ticks(long pid, boolean withDeadChildren) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
        } catch (java.nio.file.NoSuchFileException ended) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long own = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        return withDeadChildren ? own + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : own;
    }
}
