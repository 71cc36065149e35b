package org.exchequer.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The program as a user starts it, Kafka and all, and the import command as a user gives it. */
final class Berka {
    private Berka() {}

    static boolean run(Report report, Path file) throws Exception {
        Path folder = Files.createTempDirectory("exchequer-bench");
        Path data = folder.resolve("data");
        try (Child program =
                Child.start(exchequer("up", "--data", data.toString(), "--port", "0", "--no-sample"), report.out())) {
            report.line("Ready %s", program.await("Ready "));
            program.await("Stop with ");
            boolean posted = measured(report, folder, data, file, "import");
            return measured(report, folder, data, file, "import again") && posted;
        } finally {
            Bed.delete(folder);
        }
    }

    private static boolean measured(Report report, Path folder, Path data, Path file, String what) throws Exception {
        long began = System.nanoTime();
        int exit;
        try (Child child = Child.start(
                exchequer(
                        "ledger",
                        "import",
                        file.toAbsolutePath().toString(),
                        "--format",
                        "berka",
                        "--data",
                        data.toString(),
                        "--errors",
                        folder.resolve("errors.csv").toString()),
                report.out())) {
            exit = child.finish();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        report.line("%s: %,d ms, the command's start included; exit code %d", what, millis, exit);
        report.figure(what.replace(" ", "") + "Ms", millis);
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
