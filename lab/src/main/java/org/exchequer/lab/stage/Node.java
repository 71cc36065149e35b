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
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.inward.sim.Service;
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
    static final String HOSTS = ".hosts";
    static final String SKEW = ".skew";
    static final String ARMED = ".armed";
    static final String CRASHED = ".crashed";
    static final String ORDERS = ".orders";
    static final String CARRIED_OUT = ".carried-out";
    /** What a node ends with that died at a fault point. */
    public static final int CRASH_EXIT_CODE = CrashPoints.EXIT_CODE;

    private static final Duration STOP_PATIENCE = Duration.ofSeconds(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final Duration LOOK_PATIENCE = Duration.ofSeconds(2);
    private static final Duration READ_PATIENCE = Duration.ofSeconds(60);
    /** One that has all it needs is ready within this time of its start, however busy the machine is. */
    static final Duration START_PATIENCE = Duration.ofMinutes(3);

    private final String name;
    private final String id;
    private final Path data;
    private final Path log;
    private final int httpPort;
    private final Wires wires;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Ticker ticker;
    private final HttpClient probe;
    // Guarded by this.
    private @Nullable Process process;
    private final List<Order> orders = new ArrayList<>();
    private boolean asked;
    private boolean served;
    private boolean doomed;
    private boolean paused;
    private boolean hampered;
    private boolean late;
    private long unhamperedSince;
    private int excused;
    private final List<Failure> failures = new ArrayList<>();

    /**
     * It ended though nobody had asked it to, or did not come up.
     *
     * @param what in one line
     * @param log the last lines of its log then
     */
    public record Failure(String what, List<String> log) {
        public Failure {
            log = List.copyOf(log);
        }
    }

    /**
     * The proxies of a node.
     *
     * @param clients from clients to its HTTP port
     * @param peers from each other node, by name, to its gRPC port
     * @param postgres from it to each PostgreSQL, by shard
     * @param kafka from it to Kafka
     * @param partners from it to each partner of inward clearing; none where it simulates them itself
     * @param redis from it to Redis; null where it has none
     */
    public record Wires(
            TcpProxy clients,
            Map<String, TcpProxy> peers,
            List<TcpProxy> postgres,
            TcpProxy kafka,
            Map<Service, TcpProxy> partners,
            @Nullable TcpProxy redis) {
        public Wires {
            partners = Map.copyOf(partners);
            peers = Map.copyOf(peers);
            postgres = List.copyOf(postgres);
        }

        /** Every one. */
        public List<TcpProxy> all() {
            List<TcpProxy> all = new ArrayList<>(List.of(clients, kafka));
            all.addAll(peers.values());
            all.addAll(postgres);
            all.addAll(partners.values());
            if (redis != null) {
                all.add(redis);
            }
            return all;
        }
    }

    /** @param command that starts its process */
    Node(
            String name,
            Path data,
            Path log,
            int httpPort,
            Wires wires,
            List<String> command,
            Map<String, String> environment,
            Ticker ticker,
            HttpClient probe) {
        this.name = name;
        this.data = data;
        this.log = log;
        this.httpPort = httpPort;
        this.wires = wires;
        this.command = List.copyOf(command);
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
        noteEnd();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        asked = false;
        served = false;
        doomed = false;
        hampered = false;
        late = false;
        unhamperedSince = ticker.nanos();
    }

    /**
     * The program, so small and quick to start that a laptop runs several of them beside two databases.
     *
     * @param systems that it runs, with commas
     * @param control the front of the names of the files by which the lab skews its clock and arms its fault points
     */
    static List<String> program(Path control, Path data, String systems, int httpPort, int grpcPort) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx384m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        // A node without memory must not stand there half dead: it ends, and that is a finding.
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of("-Djava.awt.headless=true", "-cp", System.getProperty("java.class.path")));
        // Other nodes have addresses that are this node's alone to use, so that each wire can be cut by itself.
        command.add("-Djdk.net.hosts.file=" + control + HOSTS);
        command.addAll(List.of(NodeMain.class.getName(), control.toString(), "up", "--no-sample"));
        command.addAll(List.of("--systems", systems));
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

    /** SIGTERM: it finishes what is queued first. Returns false when it did not end in time and was killed. */
    public boolean stop() throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
            asked = true;
        }
        if (running == null) {
            return true;
        }
        running.destroy();
        if (running.waitFor(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        running.destroyForcibly().waitFor();
        return false;
    }

    /** SIGSTOP: it stands still between any two instructions. */
    public void pause() throws IOException, InterruptedException {
        paused(true);
        Shell.signal("STOP", List.of(pid()));
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Shell.signal("CONT", List.of(pid()));
        paused(false);
    }

    private synchronized void paused(boolean now) {
        paused = now;
    }

    /** Puts its clock forward or, when negative, back; 0 sets it right again. */
    public void skewClock(Duration skew) throws IOException {
        Path fresh = Files.writeString(control(SKEW + ".new"), Long.toString(skew.toMillis()));
        Files.move(fresh, control(SKEW), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path control(String end) {
        return data.resolveSibling(name + end);
    }

    /**
     * Lets the process die at a passage of a fault point, with exit code {@value CrashPoints#EXIT_CODE}, or kill a
     * database there.
     *
     * @param passage which one from now on, 1 for the next
     * @param victim process id of a PostgreSQL; 0 for the node itself
     */
    public synchronized void arm(String point, int passage, long victim) throws IOException {
        doomed = victim == 0;
        Path fresh = Files.writeString(control(ARMED + ".new"), new CrashPoints.Armed(point, passage, victim).line());
        Files.move(fresh, control(ARMED), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Nothing is armed any more; tells how often what was armed has happened since the run began, by its line. */
    public long disarm(String point) throws IOException {
        Files.deleteIfExists(control(ARMED));
        return crashes(point);
    }

    /** How often something was done at this point since the run began. */
    public long crashes(String point) throws IOException {
        if (!Files.exists(control(CRASHED))) {
            return 0;
        }
        return Files.readAllLines(control(CRASHED)).stream()
                .filter(line -> line.startsWith(point + " "))
                .count();
    }

    /** Asks it to do something to itself, until {@link #recall} or its time is over. */
    public synchronized void order(Order order) throws IOException {
        orders.add(order);
        writeOrders();
    }

    /** What was asked for is over; tells what came of it, empty when the process did not say so in time. */
    public Optional<Order.Outcome> recall(Order order) throws IOException, InterruptedException {
        synchronized (this) {
            orders.remove(order);
            writeOrders();
        }
        long end = ticker.nanos() + LOOK_PATIENCE.toNanos() * 2;
        Optional<Order.Outcome> outcome = outcome(order);
        while (outcome.isEmpty() && isAlive() && ticker.nanos() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
            outcome = outcome(order);
        }
        return outcome;
    }

    /** Nothing is asked for any more. */
    public synchronized void recallAll() throws IOException {
        if (!orders.isEmpty()) {
            orders.clear();
            writeOrders();
        }
    }

    private Optional<Order.Outcome> outcome(Order order) throws IOException {
        Path file = control(CARRIED_OUT);
        return Files.exists(file)
                ? Files.readAllLines(file).stream()
                        .map(Order.Outcome::of)
                        .filter(each -> each.number() == order.number())
                        .findFirst()
                : Optional.empty();
    }

    private synchronized void writeOrders() throws IOException {
        Path fresh = Files.write(
                control(ORDERS + ".new"), orders.stream().map(Order::line).toList());
        Files.move(fresh, control(ORDERS), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Waits until its process has ended, but not for longer than this. */
    public void awaitEnd(Duration most) throws InterruptedException {
        Process running;
        synchronized (this) {
            running = process;
        }
        if (running != null) {
            var unused = running.waitFor(most.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** What its process ended with; empty while it runs. */
    public synchronized OptionalInt exitCode() {
        return process == null || process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /**
     * What a supervisor does: starts it again when it has ended though nobody asked it to, which is a failure; and
     * looks whether it comes up in its time.
     *
     * @param withheld whether something that it needs is, or has just been, away: no wonder then that it cannot start.
     *     That it ends once it has served is one all the same
     */
    void supervise(boolean withheld) throws IOException, InterruptedException {
        boolean ready = isAlive() && (hasServed() || isReady());
        synchronized (this) {
            served |= ready;
            hampered |= withheld;
            if (withheld || paused) {
                unhamperedSince = ticker.nanos();
            }
            if (endedByItself()) {
                start();
            } else if (isAlive() && !served && !late && ticker.nanos() - unhamperedSince > START_PATIENCE.toNanos()) {
                notReady("its start");
            }
        }
    }

    private boolean endedByItself() {
        boolean crashed = doomed && exitCode().equals(OptionalInt.of(CrashPoints.EXIT_CODE));
        return process != null && !process.isAlive() && !asked && !crashed;
    }

    /** Before it is started again: whoever does that first. */
    private void noteEnd() {
        if (process == null || !endedByItself()) {
            return;
        }
        if (!served && hampered) {
            excused++;
            return;
        }
        fail("%s %s with exit code %d"
                .formatted(name, served ? "ended by itself" : "could not start: it ended", process.exitValue()));
    }

    /** It was waited for long enough. */
    synchronized void notReady(String since) {
        if (late) {
            return;
        }
        late = true;
        fail("%s was not ready %d s after %s".formatted(name, START_PATIENCE.toSeconds(), since));
    }

    private void fail(String what) {
        failures.add(new Failure(what, LogTail.of(log)));
    }

    /** What it failed in so far. */
    synchronized List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** How often it could not start while something that it needs was away. */
    synchronized int excused() {
        return excused;
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

    /** A page, asked past the proxies. */
    public String get(String path, String token) throws IOException, InterruptedException {
        return get(path, token, LOOK_PATIENCE);
    }

    /** The same where no time is measured: on a crowded machine the first of its kind takes seconds. */
    public String read(String path, String token) throws IOException, InterruptedException {
        return get(path, token, READ_PATIENCE);
    }

    private String get(String path, String token, Duration patience) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .build();
        return probe.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    /** The HTTP status of a small JSON document posted past the proxies. */
    public int post(String path, String token, String body) throws IOException, InterruptedException {
        return post(path, token, body, LOOK_PATIENCE);
    }

    /** The same where no time is measured. */
    public int write(String path, String token, String body) throws IOException, InterruptedException {
        return post(path, token, body, READ_PATIENCE);
    }

    private int post(String path, String token, String body, Duration patience)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
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
