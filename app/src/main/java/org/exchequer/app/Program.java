package org.exchequer.app;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.exchequer.app.Systems.Need;
import org.exchequer.app.access.AccessDoor;
import org.exchequer.app.access.AccessLog;
import org.exchequer.app.access.LocalActs;
import org.exchequer.console.edge.Console;
import org.exchequer.console.edge.ConsoleContext;
import org.exchequer.inward.InwardModule;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.ledger.jobs.SampleBank;
import org.exchequer.platform.backup.ArchiveTrimmer;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.host.Served.Component;
import org.exchequer.platform.infra.DataDirectory;
import org.exchequer.platform.infra.EmbeddedKafka;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.infra.EmbeddedRedis;
import org.exchequer.platform.infra.ProcessState;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.LogSetup;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.reconciliation.ReconciliationModule;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Statements;
import org.exchequer.regtech.RegtechModule;
import org.exchequer.regtech.api.Packs;
import org.exchequer.screening.list.ListFolder;
import org.exchequer.shards.api.Shards;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running program: what {@code exchequer up} starts, in the order in which it depends on each other, and stops the
 * other way round. The composition root: here, and nowhere else, objects meet.
 */
public final class Program implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    /** Folder of the issuer's key. */
    public static final String SECURITY = "security";

    /** The master key of personal data, in {@link #SECURITY}. */
    public static final String MASTER_KEY = "master.key";

    /** Folder of the embedded PostgreSQL. */
    public static final String POSTGRESQL = "postgresql";

    /** Folder of sanctions lists. */
    public static final String SANCTIONS = "sanctions";

    /** Folder of login links. */
    public static final String LINKS = "login-links";

    /**
     * What to run.
     *
     * @param data the data directory
     * @param port TCP port of HTTP, 0 for any free one
     * @param grpcPort TCP port of gRPC, 0 for any free one
     * @param systems rows of {@link Systems}
     * @param sample whether an empty ledger gets a sample bank
     * @param shards how many shards the ledger on the embedded PostgreSQL shall have at least; 1 for a whole one
     */
    public record Options(Path data, int port, int grpcPort, List<Systems.Row> systems, boolean sample, int shards) {
        /** With a ledger that has as many shards as it had. */
        public Options(Path data, int port, int grpcPort, List<Systems.Row> systems, boolean sample) {
            this(data, port, grpcPort, systems, sample, 1);
        }
    }

    /** At most so often all invariants are checked. */
    private static final Duration CHECK_EVERY = Duration.ofMinutes(1);

    private record Part(String name, AutoCloseable closing) {}

    private final Deque<Part> running = new ArrayDeque<>();
    private final List<SystemModule> modules = new ArrayList<>();
    private final Options options;
    private final Settings settings;
    private final Clock clock;
    private final Ticker ticker;
    private final Faults faults;
    private final PrintStream out;
    private final Steps steps;
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable EmbeddedKafka kafka;
    private @Nullable EmbeddedRedis redis;
    private @Nullable HttpHost host;
    private @Nullable GrpcHost grpc;
    private volatile @Nullable InvariantWatch watch;
    private volatile @Nullable LoginLinks links;

    private Program(Options options, Settings settings, Clock clock, Ticker ticker, Faults faults, PrintStream out) {
        this.options = options;
        this.settings = settings;
        this.clock = clock;
        this.ticker = ticker;
        this.faults = faults;
        this.out = out;
        this.steps = new Steps(ticker, out);
    }

    /**
     * Starts everything and returns when it is ready. When one part cannot start, those that did are stopped again.
     *
     * @param faults fault points of all systems, as a rule unarmed
     * @throws org.exchequer.platform.infra.DirectoryInUseException when another program runs on the directory
     * @throws HttpHost.CannotListenException when the port is taken
     */
    public static Program start(
            Options options, Settings settings, Clock clock, Ticker ticker, Faults faults, PrintStream out)
            throws Exception {
        Program program = new Program(options, settings, clock, ticker, faults, out);
        try {
            program.start();
            return program;
        } catch (Exception e) {
            program.close();
            throw e;
        }
    }

    private void start() throws Exception {
        // Before anything is started, so that a port in use costs nobody a database.
        int port = HttpHost.freePort(settings.bind(), options.port());
        int grpcPort = HttpHost.freePort(settings.bind(), options.grpcPort(), "--grpc-port");
        DataDirectory data = keep("data directory", DataDirectory.open(options.data()));
        starting("the access log");
        LogSetup.toFiles(data.folder("logs"), settings.log());
        AccessLog accesses = keep(
                "access log", AccessLog.open(data.path(), new LocalActs(data.path()), data.nodeId(), clock, ticker));
        Telemetry telemetry = keep("telemetry", Telemetry.create(Version.current(), settings.otlp()));
        HostSettings hostSettings = new HostSettings(
                settings.bind(),
                port,
                settings.tls(),
                settings.limits(),
                settings.tokens(),
                settings.metricsOpen(),
                Version.current());
        HostParts parts = hostParts(data, telemetry, accesses);
        // The web server starts while the systems do, and waits for what it shall serve.
        CompletableFuture<Served> served = new CompletableFuture<>();
        FutureTask<HttpHost> starting = new FutureTask<>(() -> HttpHost.start(hostSettings, parts, served));
        Thread.ofPlatform().name("web-server").start(starting);
        try {
            startSystems(data, telemetry, hostSettings, grpcPort);
            served.complete(served(accesses));
        } finally {
            // Without effect when it is complete; else the web server must not wait for what never comes.
            served.cancel(false);
        }
        HttpHost newHost = step("web server and console", () -> join(starting));
        host = keep("web server", newHost);
        GrpcHost newGrpc = keep(
                "gRPC server",
                GrpcHost.start(
                        hostSettings,
                        grpcPort,
                        parts,
                        modules.stream()
                                .flatMap(module -> module.grpcServices().stream())
                                .toList(),
                        () -> Served.ready(components())));
        grpc = newGrpc;
        watch = keep("invariant watch", new InvariantWatch(modules, telemetry.meters(), ticker, CHECK_EVERY).start());
        if (kafka != null) {
            // Last: nobody waits for it, and it takes as much of the machine as everything before.
            kafka.launch();
        }
        announce(data, hostSettings, newHost, newGrpc);
    }

    /** Tells the other commands where to find us. */
    private void announce(DataDirectory data, HostSettings hostSettings, HttpHost newHost, GrpcHost newGrpc) {
        HostSettings.Tls tls = hostSettings.tls();
        new RuntimeFile(
                        newHost.url(),
                        newGrpc.url(),
                        ProcessHandle.current().pid(),
                        clock.instant().toString(),
                        Version.current(),
                        tls == null ? null : tls.certificate().toString())
                .write(data.path());
        StartingFile.remove(data.path());
    }

    /** Runs one step of the start, known to who asks how far it is. */
    private <T> T step(String what, Callable<T> step) throws Exception {
        starting(what);
        return steps.run(what, step);
    }

    private void starting(String what) {
        new StartingFile(ProcessHandle.current().pid(), what, clock.instant().toString(), Version.current())
                .write(options.data());
    }

    private HostParts hostParts(DataDirectory data, Telemetry telemetry, AccessLog accesses) {
        LocalIssuer issuer = LocalIssuer.open(data.folder(SECURITY));
        LoginLinks newLinks = new LoginLinks(data.folder(LINKS), clock);
        links = newLinks;
        ConsoleDoor door = new ConsoleDoor(
                Console.CONTENT_SECURITY_POLICY,
                Console.LOGIN,
                Console.DENIED,
                Console.CSRF_FAILED,
                Console.OPEN.toArray(String[]::new));
        return new HostParts(clock, ticker, telemetry, issuer, newLinks, door, accesses);
    }

    /** An address of this machine alone would send a standby on another machine to itself. */
    private void warnOfUnreachableWriter(HostSettings hostSettings, int grpcPort) {
        if (settings.database() == null || settings.publicUrl() != null || !hostSettings.isLoopback()) {
            return;
        }
        String warning = "other nodes on this database are told to reach this one at " + hostSettings.url(grpcPort)
                + ", which only this machine can; when they run on other machines, set EXCHEQUER_PUBLIC_URL";
        LOG.warn("{}", warning);
        steps.note("warning: " + warning);
    }

    private void startSystems(DataDirectory data, Telemetry telemetry, HostSettings hostSettings, int grpcPort)
            throws Exception {
        warnOfUnreachableWriter(hostSettings, grpcPort);
        List<DatabaseAddress> databases = databases(data);
        Foundation foundation = new Foundation(
                clock,
                ticker,
                faults,
                telemetry.meters(),
                telemetry.openTelemetry(),
                data.nodeId(),
                settings.publicUrl() == null ? hostSettings.url(grpcPort) : settings.publicUrl(),
                databases.getFirst(),
                kafka(data),
                Optional.of(data.path()),
                redis(data));
        Systems.Others offers = new Systems.Others() {
            @Override
            public Ledger ledger() {
                return Objects.requireNonNull(Program.this.ledger(), "select() has seen to it");
            }

            @Override
            public Proofs proofs() {
                return Program.this.proofs();
            }

            @Override
            public List<DatabaseAddress> databases() {
                return databases;
            }

            @Override
            public MasterKeys masterKeys() {
                return settings.masterKeys(data.folder(SECURITY).resolve(MASTER_KEY));
            }

            @Override
            public InwardModule.Options inward() {
                return inwardOptions(data);
            }
        };
        for (Systems.Row row : options.systems()) {
            SystemModule module = row.build().apply(foundation, offers);
            modules.add(module);
            keep(row.name(), module);
            step(row.name(), () -> {
                module.start();
                return module;
            });
            if (row.name().equals("ledger")) {
                // While it is empty: others open accounts of their own.
                loadSample();
            }
        }
    }

    private InwardModule.Options inwardOptions(DataDirectory data) {
        Path folder = settings.sanctions() == null ? data.path().resolve(SANCTIONS) : settings.sanctions();
        InwardModule.Options sample = InwardModule.Options.standard();
        try {
            if (settings.sanctions() == null && !Files.isDirectory(folder)) {
                steps.note("names are screened against a made-up list; put real ones into " + folder);
                return sample.with(settings.inwardPartners());
            }
            return sample.with(settings.inwardPartners()).screening(ListFolder.read(folder));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the sanctions lists in " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static <T> T join(FutureTask<T> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw e;
        }
    }

    private <T extends AutoCloseable> T keep(String name, T part) {
        running.push(new Part(name, part));
        return part;
    }

    private Set<Need> needs() {
        Set<Need> needs = EnumSet.noneOf(Need.class);
        options.systems().forEach(row -> needs.addAll(row.needs()));
        return needs;
    }

    /** One, or those of the ledger's shards. */
    private List<DatabaseAddress> databases(DataDirectory data) throws Exception {
        if (!settings.databases().isEmpty()) {
            settings.databases().forEach(database -> steps.note("PostgreSQL at " + database.jdbcUrl()));
            starting("PostgreSQL at " + settings.databases().getFirst().jdbcUrl());
            int registered = ShardDatabases.registered(settings.databases().getFirst());
            if (registered > settings.databases().size()) {
                throw new IllegalArgumentException("EXCHEQUER_DATABASE_URL names "
                        + settings.databases().size() + " of the ledger's " + registered
                        + " shards: all are needed, in the order in which they were added");
            }
            return settings.databases();
        }
        Path walArchive = settings.walArchive(data);
        EmbeddedPostgres started = step(
                "PostgreSQL",
                () -> keep(
                        "PostgreSQL",
                        EmbeddedPostgres.start(data.folder(POSTGRESQL), walArchive, ticker, this::progress)));
        keep("archive of the log", ArchiveTrimmer.start(walArchive, clock));
        postgres = started;
        return ShardDatabases.on(started.address(), options.shards());
    }

    private String kafka(DataDirectory data) {
        if (settings.kafka() != null) {
            steps.note("Kafka at " + settings.kafka());
            return settings.kafka();
        }
        if (!needs().contains(Need.EVENTS)) {
            return "";
        }
        starting("Kafka's folder");
        EmbeddedKafka prepared = keep("Kafka", EmbeddedKafka.prepare(data.folder("kafka"), ticker, this::progress));
        kafka = prepared;
        return prepared.bootstrapServers();
    }

    /** Started in the background: whoever uses it does without until it answers. */
    private Optional<URI> redis(DataDirectory data) {
        Settings.Redis chosen = settings.redis();
        if (chosen.url().isPresent()) {
            URI url = chosen.url().get();
            steps.note("Redis at " + url.getHost() + ":" + url.getPort());
            return chosen.url();
        }
        if (!chosen.embedded() || !needs().contains(Need.CACHE)) {
            return Optional.empty();
        }
        starting("Redis");
        Optional<EmbeddedRedis> started = EmbeddedRedis.start(data.folder("redis"), ticker, this::progress);
        started.ifPresent(running -> redis = keep("Redis", running));
        return started.map(EmbeddedRedis::url);
    }

    private void progress(String line) {
        LOG.info("{}", line);
        steps.note(line);
    }

    private @Nullable Ledger ledger() {
        for (SystemModule module : modules) {
            if (module instanceof LedgerModule ledger) {
                return ledger.ledger();
            }
            if (module instanceof ShardedSystem ledger) {
                return ledger.ledger();
            }
        }
        return null;
    }

    private Proofs proofs() {
        for (SystemModule module : modules) {
            if (module instanceof LedgerModule ledger) {
                return ledger.proofs();
            }
            if (module instanceof ShardedSystem ledger) {
                return ledger.proofs();
            }
        }
        return Proofs.NONE;
    }

    private @Nullable Subjects subjects() {
        for (SystemModule module : modules) {
            if (module instanceof LedgerModule ledger) {
                return ledger.subjects();
            }
            if (module instanceof ShardedSystem ledger) {
                return ledger.subjects();
            }
        }
        return null;
    }

    private @Nullable Reconciliations reconciliations() {
        for (SystemModule module : modules) {
            if (module instanceof ReconciliationModule reconciliation) {
                return reconciliation.reconciliations();
            }
        }
        return null;
    }

    private @Nullable Statements statements() {
        for (SystemModule module : modules) {
            if (module instanceof ReconciliationModule reconciliation) {
                return reconciliation.statements();
            }
        }
        return null;
    }

    private @Nullable InwardViews inward() {
        for (SystemModule module : modules) {
            if (module instanceof InwardModule inward) {
                return inward.views();
            }
        }
        return null;
    }

    private @Nullable Packs packs() {
        for (SystemModule module : modules) {
            if (module instanceof RegtechModule regtech) {
                return regtech.packs();
            }
        }
        return null;
    }

    private @Nullable Shards shards() {
        for (SystemModule module : modules) {
            if (module instanceof ShardedSystem ledger) {
                return ledger.shards();
            }
        }
        return null;
    }

    private void loadSample() throws Exception {
        Ledger ledger = ledger();
        if (ledger != null && options.sample() && !SampleBank.isComplete(ledger)) {
            step("sample bank", () -> SampleBank.load(ledger));
        }
    }

    private Served served(AccessLog accesses) {
        Console console = new Console(new ConsoleContext(
                ledger(),
                proofs(),
                subjects(),
                shards(),
                reconciliations(),
                statements(),
                packs(),
                inward(),
                accesses,
                settings.labRuns(options.data()),
                modules,
                clock,
                ticker));
        List<Object> controllers = new ArrayList<>(List.of(new AccessDoor(accesses)));
        List<Route> routes = new ArrayList<>(console.routes());
        routes.addAll(AccessDoor.routes());
        for (SystemModule module : modules) {
            controllers.addAll(module.controllers());
            routes.addAll(module.routes());
        }
        return new Served(controllers, routes, this::components, console::register);
    }

    private List<Component> components() {
        List<Component> components = new ArrayList<>();
        for (SystemModule module : modules) {
            Readiness readiness = module.readiness();
            components.add(new Component(module.name(), readiness.ready(), true, readiness.detail()));
        }
        if (postgres != null) {
            components.add(child("postgresql", postgres.state()));
        }
        if (kafka != null) {
            components.add(child("kafka", kafka.state()));
        }
        redis().ifPresent(components::add);
        InvariantWatch watching = watch;
        if (watching != null) {
            components.add(watching.component());
        }
        return components;
    }

    /** As who uses it sees it; where the embedded one does not run, as its supervisor does. */
    private Optional<Component> redis() {
        if (redis != null && redis.state() != ProcessState.RUNNING) {
            return Optional.of(child("redis", redis.state()));
        }
        return modules.stream()
                .filter(InwardModule.class::isInstance)
                .findFirst()
                .flatMap(module -> ((InwardModule) module).redis())
                .map(state -> new Component("redis", state.ready(), false, state.detail()));
    }

    /** Not required: what needs it knows best whether it can do without for a while. */
    private static Component child(String name, ProcessState state) {
        return new Component(
                name, state == ProcessState.RUNNING, false, state.name().toLowerCase(Locale.ROOT));
    }

    /** Where it is reached. */
    public String url() {
        if (host == null) {
            throw new IllegalStateException("not started");
        }
        return host.url();
    }

    /** Where gRPC is reached. */
    public String grpcUrl() {
        if (grpc == null) {
            throw new IllegalStateException("not started");
        }
        return grpc.url();
    }

    /** A new one-time link into the console, as administrator. */
    public String loginLink() {
        if (links == null) {
            throw new IllegalStateException("not started");
        }
        String user = System.getProperty("user.name", "admin");
        new LocalActs(options.data()).leave(user, Set.of(), "login link for " + user + " as admin", clock);
        return links.link(url(), user, Set.of(Role.ADMIN));
    }

    /** Stops everything in reverse order, saying so; goes on when one part fails to. Safe to call twice. */
    @Override
    public synchronized void close() {
        while (!running.isEmpty()) {
            Part part = running.pop();
            try {
                long start = ticker.nanos();
                part.closing().close();
                out.printf("  %-34s %s%n", "stopped " + part.name(), Steps.seconds(ticker.nanos() - start));
            } catch (Exception e) {
                LOG.error("{} did not stop cleanly", part.name(), e);
                out.println("  " + part.name() + " did not stop cleanly: " + e.getMessage());
            }
        }
    }
}
