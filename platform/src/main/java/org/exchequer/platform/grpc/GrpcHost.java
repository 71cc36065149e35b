package org.exchequer.platform.grpc;

import com.google.rpc.Code;
import io.grpc.BindableService;
import io.grpc.Context;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.binder.grpc.ObservationGrpcServerInterceptor;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost.CannotListenException;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.security.BearerTokens;
import org.exchequer.platform.security.Caller;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves gRPC beside the web server, under the same address, certificate, tokens and limits. Handlers run on virtual
 * threads. Health ({@code grpc.health.v1}) is open to all; reflection needs a token with any role.
 */
public final class GrpcHost implements AutoCloseable {
    /** Who calls, within a handler of a method that is not open. */
    public static final Context.Key<Caller> CALLER = Context.key("caller");

    /** Leaves the traces of commands within such a handler. */
    static final Context.Key<AccessTrail.Acts> ACTS = Context.key("acts");

    /** The largest message taken, in bytes. */
    public static final int MAX_MESSAGE_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(GrpcHost.class);
    private static final int MAX_METADATA_BYTES = 16 << 10;
    private static final int MAX_CALLS_PER_CONNECTION = 256;
    private static final long HEALTH_LOOK_MS = 1_000;
    private static final long GRACE_MS = 4_000;

    private final Server server;
    private final HealthStatusManager health;
    private final ExecutorService handlers;
    private final ScheduledThreadPoolExecutor timer;
    private final List<GrpcService> services;
    private final String url;

    private GrpcHost(
            Server server,
            HealthStatusManager health,
            ExecutorService handlers,
            ScheduledThreadPoolExecutor timer,
            List<GrpcService> services,
            String url) {
        this.server = server;
        this.health = health;
        this.handlers = handlers;
        this.timer = timer;
        this.services = List.copyOf(services);
        this.url = url;
    }

    /**
     * Starts and listens.
     *
     * @param settings the web server's, whose address, certificate, limits and tokens hold here too
     * @param port TCP port, 0 for any free one
     * @param services what to serve
     * @param ready whether the process can serve now, for health checks; asked every second
     * @throws CannotListenException when the port is taken or the address is not this machine's
     */
    public static GrpcHost start(
            HostSettings settings, int port, HostParts parts, List<GrpcService> services, BooleanSupplier ready) {
        HealthStatusManager health = new HealthStatusManager();
        ExecutorService handlers = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("grpc-", 0).factory());
        ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("grpc-time").factory());
        timer.setRemoveOnCancelPolicy(true);
        List<ServerServiceDefinition> definitions = new ArrayList<>();
        List<Route> routes = new ArrayList<>();
        for (GrpcService service : services) {
            // Bytes are parsed inside of the interceptors, so that malformed ones are told what is wrong with them.
            definitions.add(ServerInterceptors.useInputStreamMessages(service.definition()));
            routes.addAll(service.routes());
        }
        addOwn(definitions, routes, health);
        InetSocketAddress address = new InetSocketAddress(settings.address(), port);
        NettyServerBuilder builder = NettyServerBuilder.forAddress(address)
                .executor(handlers)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .maxInboundMetadataSize(MAX_METADATA_BYTES)
                .maxConcurrentCallsPerConnection(MAX_CALLS_PER_CONNECTION)
                .handshakeTimeout(10, TimeUnit.SECONDS)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(20, TimeUnit.SECONDS)
                .permitKeepAliveTime(10, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                .maxConnectionIdle(10, TimeUnit.MINUTES)
                // The last to be added is the first to see a call.
                .intercept(new TimeInterceptor(timer, settings.limits().requestTime()))
                .intercept(new AccessInterceptor(
                        routes,
                        new BearerTokens(settings.policy(), parts.issuer(), parts.clock()),
                        settings.limits(),
                        parts.trail()))
                .intercept(new ErrorInterceptor())
                .intercept(
                        new ObservationGrpcServerInterceptor(parts.telemetry().observations()));
        definitions.forEach(builder::addService);
        HostSettings.Tls tls = settings.tls();
        try {
            if (tls != null) {
                builder.sslContext(context(tls));
            }
            Server server = builder.build().start();
            timer.scheduleWithFixedDelay(() -> look(health, services, ready), 0, HEALTH_LOOK_MS, TimeUnit.MILLISECONDS);
            return new GrpcHost(server, health, handlers, timer, services, settings.url(server.getPort()));
        } catch (IOException e) {
            timer.shutdownNow();
            handlers.shutdownNow();
            throw new CannotListenException(
                    "cannot listen on " + settings.address() + ":" + port + " for gRPC: " + rootOf(e)
                            + "; choose another port with --grpc-port",
                    e);
        }
    }

    private static void addOwn(
            List<ServerServiceDefinition> definitions, List<Route> routes, HealthStatusManager health) {
        BindableService reflection = ProtoReflectionServiceV1.newInstance();
        ServerServiceDefinition healthChecks = health.getHealthService().bindService();
        ServerServiceDefinition reflections = reflection.bindService();
        definitions.add(healthChecks);
        definitions.add(reflections);
        methods(healthChecks).map(GrpcService::open).forEach(routes::add);
        Set<Role> anyone = EnumSet.allOf(Role.class);
        methods(reflections).map(method -> GrpcService.route(method, anyone)).forEach(routes::add);
    }

    private static Stream<String> methods(ServerServiceDefinition service) {
        return service.getMethods().stream()
                .map(method -> method.getMethodDescriptor().getFullMethodName());
    }

    private static SslContext context(HostSettings.Tls tls) throws IOException {
        return GrpcSslContexts.configure(
                        SslContextBuilder.forServer(
                                tls.certificate().toFile(), tls.key().toFile()),
                        SslProvider.JDK)
                .protocols("TLSv1.3")
                .build();
    }

    private static String rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static void look(HealthStatusManager health, List<GrpcService> services, BooleanSupplier ready) {
        ServingStatus status;
        try {
            status = ready.getAsBoolean() ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        } catch (RuntimeException e) {
            LOG.warn("cannot tell whether the process is ready", e);
            status = ServingStatus.NOT_SERVING;
        }
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        for (GrpcService service : services) {
            health.setStatus(service.definition().getServiceDescriptor().getName(), status);
        }
    }

    /**
     * Who makes this call.
     *
     * @throws StatusRuntimeException when nobody is known, which no route but an open one lets happen
     */
    public static Caller caller() {
        Caller caller = CALLER.get();
        if (caller == null) {
            throw RpcError.of(Code.UNAUTHENTICATED, "UNAUTHENTICATED", "Nobody is known to make this call.")
                    .asException();
        }
        return caller;
    }

    /** Leaves traces of what the call contains. To be asked for on the thread that the handler is called on. */
    public static AccessTrail.Acts acts() {
        return Objects.requireNonNull(ACTS.get(), "a method that is not open has its callers' acts recorded");
    }

    /** E.g. {@code http://127.0.0.1:7071}; {@code https} when TLS is spoken. */
    public String url() {
        return url;
    }

    /** The port it really listens on. */
    public int port() {
        return server.getPort();
    }

    /** Takes no new calls, gives those in flight 4 s, and stops. Safe to call twice. */
    @Override
    public void close() {
        timer.shutdownNow();
        health.enterTerminalState();
        server.shutdown();
        services.forEach(service -> service.stopping().run());
        try {
            if (!server.awaitTermination(GRACE_MS, TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GRACE_MS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        handlers.shutdown();
    }
}
