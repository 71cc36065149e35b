package org.exchequer.lab.stage;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.proxy.TcpProxy;
import org.exchequer.platform.infra.DataDirectory;
import org.jspecify.annotations.Nullable;

/**
 * One {@code exchequer up} in a process and a data directory of its own. What it talks to and what talks to it goes
 * through proxies of its own.
 *
 * @see Stage
 */
public final class Node {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final String id;
    private final Path data;
    private final Path log;
    private final int httpPort;
    private final int grpcPort;
    private final Wires wires;
    private final Map<String, String> environment;
    private final Ticker ticker;
    private final HttpClient probe;
    // Guarded by this.
    private @Nullable Process process;
    private boolean asked;
    private boolean served;

    /**
     * The proxies of a node.
     *
     * @param clients from clients to its HTTP port
     * @param peers from other nodes to its gRPC port
     * @param postgres from it to PostgreSQL
     * @param kafka from it to Kafka
     */
    public record Wires(TcpProxy clients, TcpProxy peers, TcpProxy postgres, TcpProxy kafka) {
        /** All four. */
        public List<TcpProxy> all() {
            return List.of(clients, peers, postgres, kafka);
        }
    }

    Node(
            String name,
            Path data,
            Path log,
            int httpPort,
            int grpcPort,
            Wires wires,
            Map<String, String> environment,
            Ticker ticker,
            HttpClient probe) {
        this.name = name;
        this.data = data;
        this.log = log;
        this.httpPort = httpPort;
        this.grpcPort = grpcPort;
        this.wires = wires;
        this.environment = environment;
        this.ticker = ticker;
        this.probe = probe;
        this.id = DataDirectory.nodeOf(data)
                .orElseThrow(() -> new IllegalStateException(data + " has not been made a data directory"));
    }

    /** For people, e.g. {@code node1}. */
    public String name() {
        return name;
    }

    /** As it stands in the writer's lease. */
    public String id() {
        return id;
    }

    public Wires wires() {
        return wires;
    }

    /** Where clients reach it, through their proxy. */
    public String url() {
        return "http://127.0.0.1:" + wires.clients().port();
    }

    /** Process id; 0 before the first start. */
    public synchronized long pid() {
        return process == null ? 0 : process.pid();
    }

    /** Starts the process, unless it runs; does not wait until it serves. */
    public synchronized void start() throws IOException {
        if (process != null && process.isAlive()) {
            return;
        }
        ProcessBuilder builder = new ProcessBuilder(command())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        asked = false;
        served = false;
    }

    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A laptop runs several of these beside two databases: small, and quick to start.
        command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        // A node without memory must not stand there half dead: it ends, and that is a finding.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(NodeMain.class.getName(), skewFile().toString(), "up", "--no-sample"));
        command.addAll(List.of("--data", data.toString(), "--port", Integer.toString(httpPort)));
        command.addAll(List.of("--grpc-port", Integer.toString(grpcPort)));
        return command;
    }

    /** SIGKILL. */
    public synchronized void kill() throws InterruptedException {
        asked = true;
        if (process != null) {
            process.destroyForcibly().waitFor();
        }
    }

    /** SIGTERM: it finishes what is queued first. Killed when it does not end in time. */
    public void stop() throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
            asked = true;
        }
        if (running == null) {
            return;
        }
        running.destroy();
        if (!running.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            running.destroyForcibly().waitFor();
        }
    }

    /** SIGSTOP: it stands still between any two instructions. */
    public void pause() throws IOException, InterruptedException {
        Shell.signal("STOP", List.of(pid()));
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Shell.signal("CONT", List.of(pid()));
    }

    /** Puts its clock forward or, when negative, back; 0 sets it right again. */
    public void skewClock(Duration skew) throws IOException {
        Path fresh = Files.writeString(data.resolveSibling(name + ".skew.new"), Long.toString(skew.toMillis()));
        Files.move(fresh, skewFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path skewFile() {
        return data.resolveSibling(name + ".skew");
    }

    /**
     * What a supervisor does: starts it again when it has ended though nobody asked it to. That it cannot start while
     * the database is away is no wonder; that it ends once it has served is.
     *
     * @return one line when it had served, else empty
     */
    Optional<String> supervise() throws IOException, InterruptedException {
        boolean ready = isAlive() && (hasServed() || isReady());
        synchronized (this) {
            served |= ready;
            if (process == null || process.isAlive() || asked) {
                return Optional.empty();
            }
            String line = name + " ended by itself with exit code " + process.exitValue();
            boolean hadServed = served;
            start();
            return hadServed ? Optional.of(line) : Optional.empty();
        }
    }

    private synchronized boolean hasServed() {
        return served;
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The HTTP status of a page, asked past the proxies. */
    int status(String path, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(LOOK_PATIENCE)
                .header("Authorization", "Bearer " + token)
                .build();
        return probe.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /** Whether it says of itself that it is ready, asked past the proxies. */
    public boolean isReady() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/ready"))
                .timeout(LOOK_PATIENCE)
                .build();
        try {
            return probe.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /**
     * Waits until it is ready. Returns false when it is not within the time.
     *
     * @param supervised whether one that has ended is started again by somebody else, and worth waiting for
     */
    boolean awaitReady(Duration most, boolean supervised) throws InterruptedException {
        long began = ticker.nanos();
        while ((supervised || isAlive()) && ticker.nanos() - began < most.toNanos()) {
            if (isReady()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return false;
    }
}
