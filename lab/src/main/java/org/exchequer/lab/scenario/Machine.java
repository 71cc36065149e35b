package org.exchequer.lab.scenario;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.exchequer.app.Version;

/** What a run ran on, and of which program. */
final class Machine {
    private Machine() {}

    /** E.g. {@code 0.1.0, commit 70ba8f7 with changes}. */
    static String program() throws InterruptedException {
        String home = System.getProperty("exchequer.home", ".");
        Optional<String> commit = output("git", "-C", home, "rev-parse", "--short", "HEAD");
        Optional<String> changes = output("git", "-C", home, "status", "--porcelain");
        return Version.current()
                + commit.map(id -> ", commit " + id).orElse(", commit unknown")
                + changes.filter(list -> !list.isEmpty())
                        .map(list -> " with changes")
                        .orElse("");
    }

    /** Processor, cores, memory, operating system, Java. */
    static String describe() {
        var system = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class);
        return "%s, %d cores, %d GiB, %s %s, Java %s"
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        system.getTotalMemorySize() >> 30,
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        Runtime.version());
    }

    private static String processor() {
        Path file = Path.of("/proc/cpuinfo");
        try {
            return Files.exists(file)
                    ? Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith("model name"))
                            .map(line -> line.substring(line.indexOf(':') + 1).strip())
                            .findFirst()
                            .orElse(System.getProperty("os.arch"))
                    : System.getProperty("os.arch");
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    private static Optional<String> output(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException absent) {
            return Optional.empty();
        }
    }
}
