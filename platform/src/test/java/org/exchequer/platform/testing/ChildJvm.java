package org.exchequer.platform.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A second Java process with this one's class path, to be killed. */
public final class ChildJvm implements AutoCloseable {
    /** Exit code of a process that SIGKILL ended. */
    public static final int KILLED = 128 + 9;

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), Map.of(), main, arguments);
    }

    /** With a command in front and additions to the environment. */
    public static ChildJvm start(
            List<String> prefix, Map<String, String> environment, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.add(main.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putAll(environment);
        return new ChildJvm(builder.start());
    }

    /** Called in the child: returns when the parent closes it or is gone. */
    public static void awaitParent() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is ever sent.
        }
    }

    public long pid() {
        return process.pid();
    }

    /** What it prints next; fails when it has ended. */
    public String nextLine() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the child has ended");
        }
        return line;
    }

    /** {@code kill -9}. Returns what it ended with: {@value #KILLED}, unless it had ended by itself before. */
    public int kill() throws InterruptedException {
        process.destroyForcibly();
        return process.waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
