package org.exchequer.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.bench.Load.Pairs;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedPostgres;

/**
 * A ledger of many accounts in a process of its own with a heap of 1 GiB: what it keeps, what it takes under load, and
 * how long it needs to serve again after kill -9 of the process in the middle of that load, its PostgreSQL with it.
 */
final class ManyAccounts {
    private static final int CALLERS = 2_048;
    private static final int LOAD_MS = 20_000;

    private ManyAccounts() {}

    static boolean run(Report report, int accounts) throws Exception {
        Path folder = Files.createTempDirectory("exchequer-bench");
        try {
            try (Child child = Child.start(node(folder, accounts, "load"), report.out())) {
                report.line("%,d accounts opened in %s ms", accounts, child.await("opened-ms "));
                heap(report, "heapIdleMiB", "idle, after a collection", child);
                report.line("Transfers: %s", child.await("load "));
                heap(report, "heapLoadedMiB", "after the load and a collection", child);
                report.line("The heap had at most %s MiB in use under load", child.await("peak-mib "));
                child.await("on ");
                TimeUnit.SECONDS.sleep(5);
                child.kill();
            }
            long killed = System.nanoTime();
            try (Child child = Child.start(node(folder, accounts, "recover"), report.out())) {
                String postgres = child.await("postgres-ms ");
                String ledger = child.await("ledger-ms ");
                String cpu = child.await("cpu ");
                String first = child.await("first-ms ");
                long all = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed);
                report.line(
                        "Killed under load. First transfer %,d ms after the restart began: PostgreSQL up %s ms, ledger"
                                + " recovered %s ms (processor time: %s), transfer %s ms, the rest JVM",
                        all, postgres, ledger, cpu, first);
                report.figure("recoveryMs", all);
                heap(report, "heapRecoveredMiB", "recovered, after a collection", child);
                return child.finish() == 0;
            }
        } finally {
            Bed.delete(folder);
        }
    }

    private static void heap(Report report, String name, String when, Child child) throws IOException {
        String mib = child.await("heap-mib ");
        report.line("Heap %s: %s MiB", when, mib);
        report.figure(name, Long.parseLong(mib));
    }

    /** The same Java with the same options, but for the heap. */
    private static List<String> node(Path folder, int accounts, String what) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-XX:StartFlightRecording"))
                .forEach(command::add);
        command.add("-Xmx1g");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(List.of(Node.class.getName(), folder.toString(), Integer.toString(accounts), what));
        return command;
    }

    /** The process that is killed, and the one that takes over from it. */
    static final class Node {
        private Node() {}

        public static void main(String[] args) throws Exception {
            PrintStream out = System.out;
            int accounts = Integer.parseInt(args[1]);
            long began = System.nanoTime();
            try (EmbeddedPostgres postgres =
                    EmbeddedPostgres.start(Path.of(args[0]).resolve("postgres"), Ticker.system(), out::println)) {
                say(out, "postgres-ms ", began);
                began = System.nanoTime();
                Optional<Long> postmaster = Optional.of(postgres.pid());
                CpuTime before = CpuTime.now(postmaster);
                try (Bed bed = Bed.start(postgres.address(), postmaster)) {
                    say(out, "ledger-ms ", began);
                    CpuTime cpu = CpuTime.now(postmaster).since(before);
                    out.printf("cpu PostgreSQL %d ms, Java %d ms%n", cpu.postgres() / 1_000, cpu.java() / 1_000);
                    if (args[2].equals("load")) {
                        load(bed, accounts, out);
                    } else {
                        began = System.nanoTime();
                        Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED).send(pairs(accounts));
                        say(out, "first-ms ", began);
                        heapAfterCollection(out);
                        System.exit(bed.verify(out) ? 0 : 1);
                    }
                }
            }
        }

        private static Pairs pairs(int accounts) {
            Pairs pairs = new Pairs(System.nanoTime(), Spread.UNIFORM, accounts);
            pairs.next();
            return pairs;
        }

        private static void load(Bed bed, int accounts, PrintStream out) throws Exception {
            long began = System.nanoTime();
            bed.openAccounts(accounts);
            say(out, "opened-ms ", began);
            bed.level();
            heapAfterCollection(out);
            long[] peak = new long[1];
            Load.Caller caller = Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED);
            Result result = Load.run(
                    new Plan(CALLERS, Spread.UNIFORM, accounts, 5_000, LOAD_MS),
                    bed.postmaster(),
                    caller,
                    transfers -> peak[0] = Math.max(peak[0], used()));
            out.printf(
                    Locale.ROOT,
                    "load %,d/s at %,d callers, p99 %.1f ms, Java CPU %.1f µs%n",
                    result.perSecond(),
                    CALLERS,
                    result.latency().getValueAtPercentile(99) / 1_000.0,
                    result.each(result.cpu().java()));
            heapAfterCollection(out);
            out.println("peak-mib " + (peak[0] >> 20));
            out.println("on ");
            // Until killed.
            Load.run(new Plan(CALLERS, Spread.UNIFORM, accounts, 0, 3_600_000), bed.postmaster(), caller);
        }

        private static void say(PrintStream out, String what, long began) {
            out.println(what + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
        }

        private static long used() {
            MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
            return heap.getUsed();
        }

        private static void heapAfterCollection(PrintStream out) {
            ManagementFactory.getMemoryMXBean().gc();
            out.println("heap-mib " + (used() >> 20));
        }
    }
}
