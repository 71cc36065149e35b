package org.exchequer.lab.stage;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.exchequer.app.Program;
import org.exchequer.inward.sim.Service;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.proxy.TcpProxy;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.Folders;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL for each shard, a real Kafka and several nodes of the program, each a process of its own, with a
 * proxy on every wire, one for each pair:
 *
 * <pre>
 *   clients ──▶ node ──▶ PostgreSQL
 *                │  ╲
 *   other nodes ─┘   ──▶ Kafka, and with inward clearing Redis and its partners
 * </pre>
 *
 * <p>A node knows the others by names that mean another address for each of them, so each wire from one node to
 * another has a proxy of its own. That takes an operating system on which all of 127/8 is the machine itself.
 *
 * <p>All of it ends with the lab's process, however that ends (see {@link Reaper}).
 */
public final class Stage implements AutoCloseable {
    /** What is under test where there is no inward clearing, which would open accounts of its own. */
    private static final String OF_THE_LEDGER = "ledger,reconciliation,regtech";

    private static final long SUPERVISE_MS = 500;
    /** What was away needs a moment to be back, and so does who asks for it. */
    private static final Duration AFTERMATH = Duration.ofSeconds(10);

    private static final Duration TOKEN_LIFE = Duration.ofHours(12);
    /** A node whose clock is put back by this must still find the token issued before. */
    private static final Duration TOKEN_AGE = Duration.ofHours(1);

    private final Settings settings;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private final RandomGenerator random;
    private final FreePorts ports = new FreePorts();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Integer> peerPorts = new ArrayList<>();
    private final List<Node.Failure> unstartable = new CopyOnWriteArrayList<>();
    // Guarded by this.
    private int withheld;
    private long withheldUntil;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final LocalIssuer issuer;
    private final Clock clock;
    private final String token;
    private final @Nullable Disk disk;
    private final List<Postgres> databases = new ArrayList<>();
    private final Kafka kafka;
    private final HttpClient probe;
    private final @Nullable Partners partners;
    private final @Nullable Redis redis;

    /**
     * What to set up.
     *
     * @param folder of this run alone
     * @param nodes how many, 1 to 5
     * @param diskMiB size of a disk of the first PostgreSQL's own, 0 for the folder's
     * @param shards how many the ledger has, 1 to 5, each with a PostgreSQL of its own
     * @param partnersSeed of the partners of inward clearing in a process of their own; empty where each node simulates
     *     its own
     */
    public record Settings(Path folder, int nodes, int diskMiB, int shards, OptionalLong partnersSeed) {
        /** Where each node simulates the partners of inward clearing itself. */
        public Settings(Path folder, int nodes, int diskMiB, int shards) {
            this(folder, nodes, diskMiB, shards, OptionalLong.empty());
        }

        public Settings {
            if (nodes < 1 || nodes > 5) {
                throw new IllegalArgumentException("nodes must be from 1 to 5");
            }
            if (shards < 1 || shards > 5) {
                throw new IllegalArgumentException("shards must be from 1 to 5");
            }
        }
    }

    private Stage(Settings settings, Clock clock, Ticker ticker, RandomGenerator random, Consumer<String> progress)
            throws Exception {
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.withheldUntil = ticker.nanos();
        this.random = random;
        this.progress = progress;
        try {
            Path folder = Folders.make(settings.folder()).toRealPath();
            parts.push(Reaper.start(folder));
            this.probe = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(2))
                    .build();
            parts.push(probe::shutdownNow);
            this.disk = settings.diskMiB() == 0 ? null : keep(Disk.mount(folder.resolve("disk"), settings.diskMiB()));
            Path cluster =
                    disk == null ? folder.resolve("postgresql") : disk.folder().resolve("postgresql");
            for (int shard = 0; shard < settings.shards(); shard++) {
                Path place = shard == 0 ? cluster : folder.resolve("postgresql-" + shard);
                databases.add(keep(Postgres.start(place, ticker, progress)));
            }
            this.issuer = issuer(folder);
            this.token =
                    issuer.token("lab", EnumSet.of(Role.ADMIN), clock.instant().minus(TOKEN_AGE), TOKEN_LIFE);
            this.partners = settings.partnersSeed().isEmpty()
                    ? null
                    : keep(Partners.start(folder, settings.partnersSeed().getAsLong(), ticker, probe));
            this.redis = partners == null ? null : keep(Redis.start(folder.resolve("redis"), ticker, progress));
            this.kafka = startNodes(folder, partners, redis);
        } catch (Exception e) {
            closeParts();
            throw e;
        }
    }

    /**
     * Sets everything up and returns when all nodes are ready. What could be started is stopped again when the rest
     * cannot.
     *
     * @param random decides what proxies do by chance
     */
    public static Stage open(
            Settings settings, Clock clock, Ticker ticker, RandomGenerator random, Consumer<String> progress)
            throws Exception {
        Stage stage = new Stage(settings, clock, ticker, random, progress);
        try {
            stage.awaitStart();
            stage.supervise();
            return stage;
        } catch (IOException | InterruptedException | RuntimeException e) {
            stage.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(T part) {
        parts.push(part);
        return part;
    }

    private static LocalIssuer issuer(Path folder) throws IOException {
        return LocalIssuer.open(Files.createDirectories(folder.resolve("issuer")));
    }

    private Kafka startNodes(Path folder, @Nullable Partners asked, @Nullable Redis shared) throws IOException {
        List<Integer> listeners = new ArrayList<>();
        List<Node.Wires> wires = new ArrayList<>();
        List<int[]> own = new ArrayList<>();
        for (int i = 0; i < settings.nodes(); i++) {
            String name = "node" + (i + 1);
            int http = ports.next();
            int grpc = ports.next();
            int listener = ports.next();
            listeners.add(listener);
            own.add(new int[] {http, grpc});
            List<TcpProxy> postgres = new ArrayList<>();
            for (int shard = 0; shard < databases.size(); shard++) {
                String which = databases.size() == 1 ? "PostgreSQL" : "PostgreSQL " + shard;
                postgres.add(proxy(name + " → " + which, postgresPort(shard)));
            }
            wires.add(new Node.Wires(
                    proxy("clients → " + name, http),
                    peers(i, grpc),
                    postgres,
                    proxy(name + " → Kafka", listener),
                    partnerWires(name, asked),
                    shared == null ? null : proxy(name + " → Redis", shared.port())));
        }
        Kafka started = keep(Kafka.start(
                folder.resolve("kafka"),
                listeners,
                ports.next(),
                node -> wires.get(node).kafka().port(),
                ticker,
                progress));
        for (int i = 0; i < settings.nodes(); i++) {
            writeHosts(folder, i);
            Node node = node(folder, i, own.get(i), wires.get(i), shared);
            nodes.add(node);
            keep(node::kill);
            node.start();
        }
        return started;
    }

    private Map<Service, TcpProxy> partnerWires(String node, @Nullable Partners asked) throws IOException {
        Map<Service, TcpProxy> proxies = new HashMap<>();
        if (asked != null) {
            for (Service service : Service.values()) {
                proxies.put(service, proxy(node + " → " + service.label(), asked.port(service)));
            }
        }
        return proxies;
    }

    /** Wires of all others to this one: on one port, each on an address of its own. */
    private Map<String, TcpProxy> peers(int node, int grpc) throws IOException {
        Map<String, TcpProxy> peers = new HashMap<>();
        int port = ports.next();
        peerPorts.add(port);
        for (int other = 0; other < settings.nodes(); other++) {
            if (other != node) {
                String name = "node" + (other + 1) + " → node" + (node + 1);
                InetAddress address = InetAddress.getByName(peerAddress(other, node));
                peers.put("node" + (other + 1), keep(TcpProxy.start(name, address, port, grpc, ticker, random)));
            }
        }
        return peers;
    }

    /** What a node is told that another one's name means; all of 127/8 is this machine. */
    private static String peerAddress(int from, int to) {
        return "127.1." + (from + 1) + "." + (to + 1);
    }

    private void writeHosts(Path folder, int node) throws IOException {
        StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
        for (int other = 0; other < settings.nodes(); other++) {
            hosts.append(peerAddress(node, other))
                    .append(" node")
                    .append(other + 1)
                    .append('\n');
        }
        Files.writeString(folder.resolve("node" + (node + 1) + Node.HOSTS), hosts);
    }

    private TcpProxy proxy(String name, int target) throws IOException {
        return keep(TcpProxy.start(name, ports.next(), target, ticker, random));
    }

    private int postgresPort(int shard) {
        String url = databases.get(shard).address().jdbcUrl();
        return Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1"));
    }

    private Node node(Path folder, int index, int[] own, Node.Wires wires, @Nullable Redis shared) throws IOException {
        String name = "node" + (index + 1);
        Path data = folder.resolve(name);
        try (DataDirectory made = DataDirectory.open(data)) {
            // One issuer for all nodes: a token of one holds at each.
            try (var keys = Files.newDirectoryStream(folder.resolve("issuer"))) {
                for (Path key : keys) {
                    Files.copy(key, made.folder(Program.SECURITY).resolve(key.getFileName()));
                }
            }
        }
        List<String> urls = new ArrayList<>();
        for (int shard = 0; shard < databases.size(); shard++) {
            DatabaseAddress database = databases.get(shard).address();
            int port = wires.postgres().get(shard).port();
            urls.add("postgresql://%s:%s@127.0.0.1:%d/exchequer".formatted(database.user(), database.password(), port));
        }
        Map<String, String> environment = new HashMap<>();
        environment.put("EXCHEQUER_DATABASE_URL", String.join(",", urls));
        environment.put("EXCHEQUER_KAFKA", "127.0.0.1:" + wires.kafka().port());
        environment.put("EXCHEQUER_PUBLIC_URL", "http://" + name + ":" + peerPorts.get(index));
        wires.partners()
                .forEach((service, proxy) ->
                        environment.put("EXCHEQUER_INWARD_" + service.name(), "http://127.0.0.1:" + proxy.port()));
        TcpProxy toRedis = wires.redis();
        environment.put("EXCHEQUER_REDIS", shared == null || toRedis == null ? "off" : shared.url(toRedis.port()));
        return new Node(
                name,
                data,
                folder.resolve(name + ".log"),
                own[0],
                wires,
                Node.program(folder.resolve(name), data, partners == null ? OF_THE_LEDGER : "all", own[0], own[1]),
                Map.copyOf(environment),
                ticker,
                probe);
    }

    private void awaitStart() throws IOException, InterruptedException {
        for (Node node : nodes) {
            if (!node.awaitReady(Node.START_PATIENCE, false)) {
                throw new StageException(
                        node.name() + " does not start; see " + settings.folder() + "/" + node.name() + ".log");
            }
        }
        awaitKafka();
    }

    private void awaitKafka() throws IOException, InterruptedException {
        if (!kafka.awaitRunning(Node.START_PATIENCE)) {
            throw new StageException("Kafka does not start; see " + settings.folder() + "/kafka/broker.log");
        }
    }

    /** Starts nodes again that end by themselves, as a process manager would. */
    private void supervise() {
        Thread thread = Thread.ofPlatform().name("supervise-nodes").daemon().unstarted(() -> {
            try {
                while (!closing.await(SUPERVISE_MS, TimeUnit.MILLISECONDS)) {
                    for (Node node : nodes) {
                        node.supervise(isWithheld());
                    }
                }
            } catch (IOException e) {
                unstartable.add(new Node.Failure("a node cannot be started again: " + e.getMessage(), List.of()));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        });
        thread.start();
        parts.push(() -> {
            closing.countDown();
            thread.join();
        });
    }

    /** Something that nodes need is taken away: until it is given back none has to be able to start. */
    public synchronized void withhold() {
        withheld++;
    }

    /** Ends what {@link #withhold} began. */
    public synchronized void giveBack() {
        withheld--;
        withheldUntil = ticker.nanos() + AFTERMATH.toNanos();
    }

    private synchronized boolean isWithheld() {
        return withheld > 0 || withheldUntil - ticker.nanos() > 0;
    }

    /** The PostgreSQL of a shard. */
    public Postgres postgres(int shard) {
        if (shard >= databases.size()) {
            throw new StageException("this run has no PostgreSQL " + shard);
        }
        return databases.get(shard);
    }

    /** That of each shard. */
    public List<Postgres> databases() {
        return List.copyOf(databases);
    }

    public Kafka kafka() {
        return kafka;
    }

    /**
     * The partners of inward clearing.
     *
     * @throws StageException when the nodes simulate them themselves
     */
    public Partners partners() {
        if (partners == null) {
            throw new StageException("this run has no partners of its own");
        }
        return partners;
    }

    /**
     * The Redis that nodes share.
     *
     * @throws StageException when there is none
     */
    public Redis redis() {
        if (redis == null) {
            throw new StageException("this run has no Redis");
        }
        return redis;
    }

    /** All nodes, by name {@code node1}, {@code node2} and so on. */
    public List<Node> nodes() {
        return List.copyOf(nodes);
    }

    /** A bearer token that every node takes, whatever its clock says: never to be logged. */
    public String token() {
        return token;
    }

    /** Whether a node, asked past the proxies, takes a token that holds from so long after now on; or before. */
    public boolean takesTokenFrom(Node node, Duration fromNow) throws IOException, InterruptedException {
        String other = issuer.token(
                "lab-clock", EnumSet.of(Role.AUDITOR), clock.instant().plus(fromNow), TOKEN_LIFE);
        return node.status("/ledger/api/v1/accounts?limit=1", other) != 401;
    }

    /** Every proxy. */
    public List<TcpProxy> proxies() {
        return nodes.stream().flatMap(node -> node.wires().all().stream()).toList();
    }

    /** The node with this identity, or null when it is none of ours. */
    public @Nullable Node byId(String id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst().orElse(null);
    }

    /**
     * Takes nearly all room on PostgreSQL's disk, and returns how many bytes are left.
     *
     * @throws StageException when it has no disk of its own
     */
    public long fillDisk() throws IOException {
        return ownDisk().fill();
    }

    private Disk ownDisk() {
        if (disk == null) {
            throw new StageException("PostgreSQL has no disk of its own in this run");
        }
        return disk;
    }

    /** Gives the room back. */
    public void emptyDisk() throws IOException {
        ownDisk().empty();
    }

    /**
     * Ends every fault there may be, and waits until all nodes are ready again; one that is not in its time has failed.
     *
     * @return whether any is
     */
    public boolean heal() throws IOException, SQLException, InterruptedException {
        for (TcpProxy proxy : proxies()) {
            proxy.heal();
        }
        if (disk != null) {
            disk.empty();
        }
        for (Postgres postgres : databases) {
            postgres.resume();
        }
        kafka.resume();
        if (redis != null) {
            redis.resume();
        }
        if (partners != null) {
            partners.reset();
        }
        for (Postgres postgres : databases) {
            postgres.awaitRunning();
            postgres.slowDisk(false);
        }
        for (Node node : nodes) {
            node.disarm("");
            node.recallAll();
            node.skewClock(Duration.ZERO);
            node.resume();
            node.start();
        }
        boolean any = false;
        for (Node node : nodes) {
            boolean ready = node.awaitReady(Node.START_PATIENCE, true);
            any |= ready;
            if (!ready) {
                node.notReady("every fault was over");
            }
        }
        awaitKafka();
        return any;
    }

    /** Nodes that ended though nobody had killed them, or did not come up though they had all that they need. */
    public List<Node.Failure> failures() {
        List<Node.Failure> failures = new ArrayList<>(unstartable);
        nodes.forEach(node -> failures.addAll(node.failures()));
        return failures;
    }

    /** How often a node could not start while something that it needs was away. */
    public int excusedStarts() {
        return nodes.stream().mapToInt(Node::excused).sum();
    }

    /** Stops all nodes in order, so that what they hold in memory is given back. */
    public void stopNodes() throws InterruptedException {
        for (Node node : nodes) {
            node.stop();
        }
    }

    /** Ends everything; goes on when one part cannot be ended, and throws that afterwards. Safe to call twice. */
    @Override
    public void close() throws IOException {
        closeParts();
    }

    private void closeParts() throws IOException {
        IOException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                failure = new IOException("not all of the stage could be ended: " + e, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
