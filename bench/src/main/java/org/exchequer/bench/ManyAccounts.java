package org.exchequer.bench;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.spi.ToolProvider;
import org.exchequer.bench.Load.Pairs;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.EmbeddedPostgres;

/**
 * A ledger of many accounts in a process of its own with a heap of 1 GiB: what it keeps, what it takes under load, and
 * how long it needs to serve again after kill -9 in the middle of that load, of the process alone and of both it and
 * PostgreSQL.
 */
final class ManyAccounts {
    private static final int CALLERS = 2_048;
    private static final int LOAD_MS = 20_000;
    private static final int PRACTICE_ACCOUNTS = 50_000;

    private static final String URL = "BENCH_DATABASE_URL";
    private static final String USER = "BENCH_DATABASE_USER";
    private static final String PASSWORD = "BENCH_DATABASE_PASSWORD";
    /** Of Java, between spaces. */
    private static final String OPTIONS = "BENCH_NODE_OPTIONS";

    private static final String POSTMASTER = "BENCH_POSTMASTER";

    private ManyAccounts() {}

    static boolean run(Report report, int accounts) throws Exception {
        Path folder = Files.createTempDirectory("exchequer-bench");
        try {
            String classes = jars(folder);
            Path cache = practise(folder, classes, report.out());
            boolean sound;
            try (EmbeddedPostgres postgres = postgres(folder, "postgres", report.out())) {
                Nodes nodes = new Nodes(postgres, classes, accounts, "-XX:AOTCache=" + cache, report.out());
                try (Child child = nodes.start("open")) {
                    report.line("%,d accounts opened in %s ms", accounts, child.await("opened-ms "));
                    heap(report, "heapIdleMiB", "idle, after a collection", child);
                    report.line("Transfers: %s", child.await("load "));
                    heap(report, "heapLoadedMiB", "after the load and a collection", child);
                    report.line("The heap had at most %s MiB in use under load", child.await("peak-mib "));
                    killUnderLoad(child, () -> {});
                }
                long killed = System.nanoTime();
                try (Child child = nodes.start("recover")) {
                    sound = recovered(report, "process", child, killed);
                }
                long old = postgres.pid();
                try (Child child = nodes.start("load")) {
                    ProcessHandle postmaster = ProcessHandle.of(old).orElseThrow();
                    // Its supervisor in this process starts it again.
                    killUnderLoad(child, postmaster::destroyForcibly);
                }
                killed = System.nanoTime();
                while (postgres.pid() == old) {
                    TimeUnit.MILLISECONDS.sleep(5);
                }
                try (Child child = nodes.start("recover")) {
                    if (!postgres.awaitRunning(Duration.ofMinutes(2))) {
                        throw new IOException("PostgreSQL did not come back");
                    }
                    report.line(
                            "PostgreSQL recovered %,d ms after kill -9",
                            TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - killed));
                    return recovered(report, "both", child, killed) && sound;
                }
            }
        } finally {
            Bed.delete(folder);
        }
    }

    /**
     * What {@code ./exchequer prepare} makes for the program: classes loaded and linked beforehand, and which code was
     * hot, from a small ledger that was opened and recovered.
     */
    private static Path practise(Path folder, String classes, PrintStream out) throws Exception {
        Path cache = folder.resolve("ledger.aot");
        try (EmbeddedPostgres postgres = postgres(folder, "practice", out)) {
            try (Child child = new Nodes(postgres, classes, PRACTICE_ACCOUNTS, "-Xshare:auto", out).start("practise")) {
                child.finish();
            }
            try (Child child = new Nodes(postgres, classes, PRACTICE_ACCOUNTS, "-XX:AOTCacheOutput=" + cache, out)
                    .start("recover")) {
                child.finish();
            }
        }
        return cache;
    }

    /** This class path with a jar in the place of each folder: a cache is made of jars only. */
    private static String jars(Path folder) throws IOException {
        ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
        List<String> jars = new ArrayList<>();
        for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!Files.isDirectory(Path.of(part))) {
                jars.add(part);
                continue;
            }
            String file = folder.resolve(jars.size() + ".jar").toString();
            if (jar.run(System.out, System.err, "--create", "--file", file, "-C", part, ".") != 0) {
                throw new IOException("no jar could be made of " + part);
            }
            jars.add(file);
        }
        return String.join(File.pathSeparator, jars);
    }

    private static EmbeddedPostgres postgres(Path folder, String name, PrintStream out) {
        return EmbeddedPostgres.start(folder.resolve(name), Ticker.system(), out::println);
    }

    private static void killUnderLoad(Child child, Runnable first) throws Exception {
        child.await("on ");
        TimeUnit.SECONDS.sleep(5);
        first.run();
        child.kill();
    }

    private static boolean recovered(Report report, String killed, Child child, long from) throws Exception {
        String ledger = child.await("ledger-ms ");
        String cpu = child.await("cpu ");
        child.await("first ");
        long all = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from);
        report.line(
                "kill -9 of %s under load: first transfer answered after %,d ms, of which the ledger took %s ms"
                        + " (processor time: %s)",
                killed.equals("both") ? "the process and PostgreSQL" : "the process", all, ledger, cpu);
        report.figure("recoveryMs." + killed, all);
        heap(report, "heapRecoveredMiB", "recovered, after a collection", child);
        return child.finish() == 0;
    }

    private static void heap(Report report, String name, String when, Child child) throws IOException {
        String mib = child.await("heap-mib ");
        report.line("Heap %s: %s MiB", when, mib);
        report.figure(name, Long.parseLong(mib));
    }

    /** Starts the same Java with the options that the program has, but for the heap. */
    private record Nodes(EmbeddedPostgres postgres, String classes, int accounts, String cache, PrintStream out) {
        Child start(String what) throws IOException {
            List<String> command = new ArrayList<>();
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                    .filter(option -> !option.startsWith("-Xm") && !option.startsWith("-XX:StartFlightRecording"))
                    .forEach(command::add);
            command.addAll(List.of(System.getenv().getOrDefault(OPTIONS, "-Xrs").split(" ")));
            command.addAll(List.of("-Xmx1g", cache));
            command.add("-cp");
            command.add(classes);
            command.addAll(List.of(Node.class.getName(), Integer.toString(accounts), what));
            DatabaseAddress address = postgres.address();
            return Child.start(
                    command,
                    Map.of(
                            URL,
                            address.jdbcUrl(),
                            USER,
                            address.user(),
                            PASSWORD,
                            address.password(),
                            POSTMASTER,
                            Long.toString(postgres.pid())),
                    out);
        }
    }

    /** The process that is killed, and the one that takes over from it. */
    static final class Node {
        private Node() {}

        public static void main(String[] args) throws Exception {
            PrintStream out = System.out;
            int accounts = Integer.parseInt(args[0]);
            Map<String, String> environment = System.getenv();
            DatabaseAddress address = new DatabaseAddress(
                    Objects.requireNonNull(environment.get(URL)),
                    Objects.requireNonNull(environment.get(USER)),
                    Objects.requireNonNull(environment.get(PASSWORD)));
            Optional<Long> postmaster =
                    Optional.ofNullable(environment.get(POSTMASTER)).map(Long::parseLong);
            awaitDatabase(address);
            long began = System.nanoTime();
            CpuTime before = CpuTime.now(postmaster);
            try (Bed bed = Bed.start(address, postmaster)) {
                say(out, "ledger-ms ", began);
                CpuTime cpu = CpuTime.now(postmaster).since(before);
                out.printf("cpu PostgreSQL %d ms, Java %d ms%n", cpu.postgres() / 1_000, cpu.java() / 1_000);
                switch (args[1]) {
                    case "open" -> {
                        open(bed, accounts, out);
                        load(bed, accounts, out);
                    }
                    case "load" -> load(bed, accounts, out);
                    case "practise" -> {
                        bed.openAccounts(accounts);
                        Load.run(
                                new Plan(CALLERS, Spread.UNIFORM, accounts, 0, 2_000),
                                postmaster,
                                Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED));
                    }
                    default -> {
                        Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED).send(pairs(accounts));
                        out.println("first ");
                        heapAfterCollection(out);
                        System.exit(bed.verify(out) ? 0 : 1);
                    }
                }
            }
        }

        /** A node is started again at once, also where PostgreSQL was killed and is still reading its log. */
        private static void awaitDatabase(DatabaseAddress address) throws InterruptedException {
            long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
            while (true) {
                try {
                    DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password())
                            .close();
                    return;
                } catch (SQLException e) {
                    if (System.nanoTime() > patience) {
                        throw new IllegalStateException("PostgreSQL cannot be reached", e);
                    }
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        }

        private static Pairs pairs(int accounts) {
            Pairs pairs = new Pairs(System.nanoTime(), Spread.UNIFORM, accounts);
            pairs.next();
            return pairs;
        }

        private static void open(Bed bed, int accounts, PrintStream out) throws Exception {
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
        }

        /** Until killed. */
        private static void load(Bed bed, int accounts, PrintStream out) throws Exception {
            out.println("on ");
            Load.run(
                    new Plan(CALLERS, Spread.UNIFORM, accounts, 0, 3_600_000),
                    bed.postmaster(),
                    Doors.inProcess(bed.ledger(), Keys.TIME_ORDERED));
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
