package org.exchequer.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.LedgerModule;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command.OpenAccount;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.Channels;
import org.exchequer.ledger.edge.grpc.GrpcLedger;
import org.exchequer.ledger.jobs.Leadership.Engine;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;

/** The ledger as the program runs it, on a PostgreSQL of its own, without Kafka. */
final class Bed implements AutoCloseable {
    /** Opening accounts in flight. */
    private static final int OPENING = 16_384;

    private final LedgerModule module;
    private final DatabaseAddress address;
    private final Optional<Long> postmaster;

    private Bed(LedgerModule module, DatabaseAddress address, Optional<Long> postmaster) {
        this.module = module;
        this.address = address;
        this.postmaster = postmaster;
    }

    /** What is done on a fresh database; false when something did not hold. */
    @FunctionalInterface
    interface Work {
        boolean on(DatabaseAddress address, Optional<Long> postmaster) throws Exception;
    }

    /** Does the work on a new embedded PostgreSQL, or on the one that the environment names, and cleans up. */
    static boolean fresh(PrintStream progress, Work work) throws Exception {
        String url = System.getenv("EXCHEQUER_DATABASE_URL");
        if (url != null) {
            return work.on(DatabaseAddress.parse(url), Optional.empty());
        }
        Path folder = Files.createTempDirectory("exchequer-bench");
        try (EmbeddedPostgres postgres =
                EmbeddedPostgres.start(folder.resolve("postgres"), Ticker.system(), progress::println)) {
            return work.on(postgres.address(), Optional.of(postgres.pid()));
        } finally {
            delete(folder);
        }
    }

    /** Starts the ledger without a proof log; once this returns it takes commands. */
    static Bed start(DatabaseAddress address, Optional<Long> postmaster) {
        return start(address, postmaster, Optional.empty());
    }

    /** The same, with a proof log in this folder if there is one. */
    static Bed start(DatabaseAddress address, Optional<Long> postmaster, Optional<Path> files) {
        LedgerModule module = new LedgerModule(new Foundation(
                Clock.systemUTC(),
                Ticker.system(),
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                "bench",
                "http://127.0.0.1:0",
                address,
                "",
                files));
        module.start();
        return new Bed(module, address, postmaster);
    }

    Ledger ledger() {
        return module.ledger();
    }

    DatabaseAddress address() {
        return address;
    }

    Optional<Long> postmaster() {
        return postmaster;
    }

    Engine engine() {
        Engine engine = module.engine();
        if (engine == null) {
            throw new IllegalStateException("the ledger is not the writer");
        }
        return engine;
    }

    /** Journal entries that the proof log has not signed yet. */
    long unsigned() {
        String[] checkpoint = new String(module.proofs().resource("checkpoint").orElse(new byte[0]), UTF_8).split("\n");
        return engine().committer().committedSequence() - (checkpoint.length < 2 ? 0 : Long.parseLong(checkpoint[1]));
    }

    /** Journal entries that statements have yet to take in. */
    long lag() {
        return engine().projector().lag();
    }

    /** Waits until statements are level with the journal and returns how long that took, in milliseconds. */
    long level() throws InterruptedException {
        long began = System.nanoTime();
        if (!engine().projector().await(engine().committer().committedSequence(), 600_000)) {
            throw new IllegalStateException("statements do not follow the journal");
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    }

    /** Opens accounts with a balance rule and an overdraft limit. */
    void openAccounts(int count) {
        openAccounts(ledger(), count);
    }

    /** The same on any ledger. */
    static void openAccounts(Ledger ledger, int count) {
        Deque<CompletableFuture<Outcome>> opening = new ArrayDeque<>();
        for (int i = 0; i < count; i++) {
            AccountSpec spec = AccountSpec.posting(
                            Doors.account(i), "Customer " + i, AccountType.LIABILITY, Currency.of("EUR"), null)
                    .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 1_000_000_000_000L);
            opening.add(ledger.submit(new OpenAccount("open-" + i, spec)));
            if (opening.size() >= OPENING) {
                opened(opening.remove());
            }
        }
        opening.forEach(Bed::opened);
    }

    private static void opened(CompletableFuture<Outcome> opening) {
        Outcome outcome = opening.join();
        if (!(outcome instanceof Outcome.AccountChanged)) {
            throw new IllegalStateException("not opened: " + outcome);
        }
    }

    /** Every entry, every balance and the whole hash chain are checked; false when something does not hold. */
    boolean verify(PrintStream out) {
        // Each check looks at a bounded number of entries; so many cover them all.
        for (long checked = 0; checked < ledger().lastSequence(); checked += 1_000_000) {
            module.checkInvariants();
        }
        boolean holds = true;
        for (InvariantResult result : module.checkInvariants()) {
            out.printf(
                    "%s: %s, %,d %s checked, %s%n",
                    result.statement(),
                    result.holds() ? "yes" : "NO",
                    result.checked(),
                    result.unit(),
                    result.detail());
            holds &= result.holds();
        }
        return holds;
    }

    @Override
    public void close() {
        module.close();
    }

    /** The ledger's HTTP door as the program serves it, with security and limits. */
    final class Rest implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("exchequer-bench-rest");
        private final Telemetry telemetry = Telemetry.create("bench", null);
        private final LocalIssuer issuer = LocalIssuer.open(folder);
        private final HttpHost host;
        private final GrpcHost grpc;

        Rest() throws IOException {
            Clock clock = Clock.systemUTC();
            LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), clock);
            HostSettings settings = HostSettings.local("bench");
            HostParts parts = new HostParts(clock, Ticker.system(), telemetry, issuer, links, null);
            int port = HttpHost.freePort(settings.address(), 0);
            grpc = GrpcHost.start(settings, port, parts, module.grpcServices(), () -> true);
            host = HttpHost.start(
                    settings,
                    parts,
                    CompletableFuture.completedFuture(
                            new Served(module.controllers(), module.routes(), java.util.List::of, context -> {})));
        }

        /** A client of the gRPC door: its callers share one stream. The caller closes it. */
        GrpcLedger client() {
            String token = token();
            return new GrpcLedger(
                    Channels.open(grpc.url(), null), () -> token, Ticker.system(), Duration.ofSeconds(20));
        }

        String url() {
            return host.url();
        }

        String token() {
            return issuer.token(
                    "bench", EnumSet.of(Role.OPERATOR), Clock.systemUTC().instant(), Duration.ofHours(1));
        }

        @Override
        public void close() throws Exception {
            grpc.close();
            host.close();
            telemetry.close();
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
