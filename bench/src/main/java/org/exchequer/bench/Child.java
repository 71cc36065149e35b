package org.exchequer.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program under measurement: started, listened to, ended. */
final class Child implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;
    private final PrintStream out;

    private Child(Process process, PrintStream out) {
        this.process = process;
        this.lines = process.inputReader(StandardCharsets.UTF_8);
        this.out = out;
    }

    static Child start(List<String> command, PrintStream out) throws IOException {
        return start(command, Map.of(), out);
    }

    /** With these variables beside those of this process. */
    static Child start(List<String> command, Map<String, String> environment, PrintStream out) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return new Child(builder.start(), out);
    }

    /** Passes its lines on until one begins like this, and returns what stands behind. */
    String await(String beginning) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
            out.println("  " + line);
        }
        throw new IOException("the program ended before it said: " + beginning);
    }

    /** Lets it end by itself, passing its lines on, and returns its exit code. */
    int finish() throws IOException, InterruptedException {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println("  " + line);
        }
        return process.waitFor();
    }

    long pid() {
        return process.pid();
    }

    /** SIGKILL: it can do nothing more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and ends it when it does not. */
    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
