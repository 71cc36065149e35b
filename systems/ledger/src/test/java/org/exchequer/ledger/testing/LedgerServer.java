package org.exchequer.ledger.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.edge.http.LedgerDoors;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.platform.web.HttpLimits;
import org.jspecify.annotations.Nullable;

/** The real ledger on a real PostgreSQL behind the real HTTP host, with security and limits; without Kafka. */
public final class LedgerServer implements AutoCloseable {
    private final Clock clock = Clock.systemUTC();
    private final Path folder = TestFolders.create("ledger-server");
    private final Telemetry telemetry = Telemetry.create("test", null);
    private final LocalIssuer issuer = LocalIssuer.open(folder);
    private final TestLedger ledger;
    private final HttpHost host;
    private final GrpcHost grpc;

    private LedgerServer(String node, @Nullable Duration deadline) {
        Ticker ticker = Ticker.system();
        HostSettings anyPort = HostSettings.local("test");
        HostSettings settings = new HostSettings(
                anyPort.address(),
                HttpHost.freePort(anyPort.address(), 0),
                anyPort.tls(),
                limits(anyPort.limits()),
                anyPort.policy(),
                anyPort.metricsOpen(),
                anyPort.version());
        int grpcPort = HttpHost.freePort(anyPort.address(), 0);
        ledger = TestLedger.on(TestPostgres.freshDatabase(), node, settings.url(grpcPort), folder);
        List<Object> controllers = deadline == null
                ? ledger.module().controllers()
                : LedgerDoors.controllers(
                        ledger.api(), ledger.module().proofs(), ledger.module().subjects(), ticker, deadline);
        HostParts parts =
                new HostParts(clock, ticker, telemetry, issuer, new LoginLinks(usedLinks(folder), clock), null);
        grpc = GrpcHost.start(settings, grpcPort, parts, ledger.module().grpcServices(), () -> true);
        host = HttpHost.start(
                settings,
                parts,
                CompletableFuture.completedFuture(
                        new Served(controllers, ledger.module().routes(), List::of, context -> {})));
    }

    private static HttpLimits limits(HttpLimits normal) {
        return new HttpLimits(
                normal.bodyBytes(),
                LedgerDoors.bodyLimits(),
                normal.bodyTime(),
                normal.requestTime(),
                normal.requestsPerSecond(),
                normal.burst(),
                normal.anonymousPerSecond());
    }

    /** As the node of this name, with everything that the module serves. */
    public static LedgerServer node(String name) {
        return new LedgerServer(name, null);
    }

    public static LedgerServer start() {
        return new LedgerServer("a", null);
    }

    /** With a shorter wait for outcomes. */
    public static LedgerServer start(Duration deadline) {
        return new LedgerServer("a", deadline);
    }

    private static Path usedLinks(Path folder) {
        try {
            return Files.createDirectory(folder.resolve("used-links"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return host.url();
    }

    /** Where gRPC is reached. */
    public String grpcUrl() {
        return grpc.url();
    }

    public DatabaseAddress database() {
        return ledger.database();
    }

    public Ledger ledger() {
        return ledger.api();
    }

    /** Its data directory. */
    public Path folder() {
        return folder;
    }

    public Faults faults() {
        return ledger.faults();
    }

    /** A token that holds now. */
    public String token(Role... roles) {
        return token(clock.instant(), roles);
    }

    /** A token for five minutes from then on. */
    public String token(Instant from, Role... roles) {
        return token("tester", from, roles);
    }

    /** Somebody else's token that holds now. */
    public String token(String subject, Role... roles) {
        return token(subject, clock.instant(), roles);
    }

    private String token(String subject, Instant from, Role... roles) {
        EnumSet<Role> set = EnumSet.noneOf(Role.class);
        set.addAll(List.of(roles));
        return issuer.token(subject, set, from, Duration.ofMinutes(5));
    }

    /** Stops the gRPC server, as when the program stops. */
    public void stopGrpc() {
        grpc.close();
    }

    /** Stops the ledger under the running server. */
    public void stopLedger() {
        ledger.module().close();
    }

    @Override
    public void close() throws Exception {
        grpc.close();
        host.close();
        ledger.module().close();
        telemetry.close();
        TestFolders.delete(folder);
    }
}
