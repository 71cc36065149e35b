package org.exchequer.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as a user starts it, Kafka and all, and the import command as a user gives it. */
final class Berka {
    /** As if nothing had been prepared. */
    private static final Map<String, String> BARE =
            Map.of("EXCHEQUER_JAVA_OPTS", "-XX:AOTMode=off -Dexchequer.kafka.archive=");

    private final Report report;
    private final Path file;
    /** In a second. */
    private static final long SETTLED_MICROS = 100_000;

    private final Map<String, String> environment;
    private final String suffix;

    private Berka(Report report, Path file, Map<String, String> environment, String suffix) {
        this.report = report;
        this.file = file.toAbsolutePath();
        this.environment = environment;
        this.suffix = suffix;
    }

    static boolean run(Report report, Path file) throws Exception {
        report.line("As built:");
        boolean bare = new Berka(report, file, BARE, "Bare").run();
        try (Child prepare = Child.start(exchequer("prepare"), report.out())) {
            if (prepare.finish() != 0) {
                return false;
            }
        }
        report.line("With the caches of exchequer prepare:");
        return new Berka(report, file, Map.of(), "").run() && bare;
    }

    /** Into a program that says it is ready this moment, and into one that has been left alone since. */
    private boolean run() throws Exception {
        return run(false, "at once") & run(true, "when it has settled");
    }

    private boolean run(boolean settled, String when) throws Exception {
        Path folder = Files.createTempDirectory("exchequer-bench");
        Path data = folder.resolve("data");
        List<String> up = exchequer("up", "--data", data.toString(), "--port", "0", "--no-sample");
        try (Child program = Child.start(up, environment, report.out())) {
            report.line("Ready %s", program.await("Ready "));
            program.await("Stop with ");
            if (settled) {
                settle(program);
            }
            boolean posted = measured(folder, data, "import " + when);
            return measured(folder, data, "import again " + when) && posted;
        } finally {
            Bed.delete(folder);
        }
    }

    /** Waits until it hardly uses a processor any more: its own start, and Kafka's, go on for a while after "ready". */
    private void settle(Child program) throws Exception {
        long began = System.nanoTime();
        long used = CpuTime.of(program.pid());
        while (true) {
            TimeUnit.SECONDS.sleep(1);
            long now = CpuTime.of(program.pid());
            if (now - used < SETTLED_MICROS) {
                report.line("Settled %,d ms later", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began));
                return;
            }
            used = now;
        }
    }

    private boolean measured(Path folder, Path data, String what) throws Exception {
        List<String> command = exchequer("ledger", "import", file.toString(), "--format", "berka");
        command.addAll(List.of(
                "--data",
                data.toString(),
                "--errors",
                folder.resolve("errors.csv").toString()));
        long began = System.nanoTime();
        int exit;
        try (Child child = Child.start(command, environment, report.out())) {
            exit = child.finish();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        report.line("%s: %,d ms, the command's start included; exit code %d", what, millis, exit);
        report.figure(what.replace(" ", "") + suffix + "Ms", millis);
        return exit == 0;
    }

    private static List<String> exchequer(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(
                Path.of(System.getProperty("exchequer.home", "."), "exchequer").toString());
        command.addAll(List.of(arguments));
        return command;
    }
}
