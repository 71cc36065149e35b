package org.exchequer.platform.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost.CannotListenException;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.web.HttpLimits;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service of four methods, made by hand: one repeats, one breaks, one never answers, one is named by no route. */
class GrpcHostTest {
    private static final HttpLimits LIMITS =
            new HttpLimits(1 << 16, Map.of(), Duration.ofSeconds(1), Duration.ofMillis(700), 1_000, 1_000, 5);

    @TempDir
    private Path folder = Path.of("");

    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final Telemetry telemetry = Telemetry.create("test", null);
    private final Clock clock = Clock.systemUTC();

    @SuppressWarnings("NullAway.Init")
    private LocalIssuer issuer;

    @SuppressWarnings("NullAway.Init")
    private HostParts parts;

    @SuppressWarnings("NullAway.Init")
    private GrpcHost host;

    @SuppressWarnings("NullAway.Init")
    private ManagedChannel channel;

    @BeforeEach
    void start() throws Exception {
        issuer = LocalIssuer.open(folder);
        parts = new HostParts(
                clock,
                Ticker.system(),
                telemetry,
                issuer,
                new LoginLinks(Files.createDirectory(folder.resolve("links")), clock),
                null);
        host = GrpcHost.start(settings(), 0, parts, List.of(parrot()), ready::get);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", host.port())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow();
        host.close();
        telemetry.close();
    }

    private static HostSettings settings() {
        return new HostSettings("127.0.0.1", 0, null, LIMITS, TokenPolicy.LOCAL, true, "test");
    }

    private static GrpcService parrot() {
        return new GrpcService(
                ServerServiceDefinition.builder("parrot.Parrot")
                        .addMethod(method("Say"), ServerCalls.asyncUnaryCall((word, caller) -> {
                            caller.onNext(word + ", " + GrpcHost.caller().name());
                            caller.onCompleted();
                        }))
                        .addMethod(method("Break"), ServerCalls.asyncUnaryCall((word, caller) -> {
                            throw new IllegalStateException("password=hunter2 in a bug's message");
                        }))
                        .addMethod(method("Wait"), ServerCalls.asyncUnaryCall((word, caller) -> {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            }
                        }))
                        .addMethod(method("Unnamed"), ServerCalls.asyncUnaryCall((word, caller) -> caller.onNext("?")))
                        .build(),
                List.of(
                        GrpcService.route("parrot.Parrot/Say", Set.of(Role.TELLER)),
                        GrpcService.route("parrot.Parrot/Break", Set.of(Role.TELLER)),
                        GrpcService.route("parrot.Parrot/Wait", Set.of(Role.TELLER))),
                () -> {});
    }

    private static MethodDescriptor<String, String> method(String name) {
        return MethodDescriptor.<String, String>newBuilder(TEXT, TEXT)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("parrot.Parrot/" + name)
                .build();
    }

    private static final MethodDescriptor.Marshaller<String> TEXT = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(String text) {
            return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };

    private String token(Role... roles) {
        return issuer.token("polly", Set.of(roles), clock.instant(), Duration.ofMinutes(5));
    }

    private static Metadata headers(@Nullable String token) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return headers;
    }

    private String call(@Nullable String token, String method, String word) {
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers(token))),
                method(method),
                CallOptions.DEFAULT,
                word);
    }

    private void assertFails(Status.Code code, String reason, @Nullable String token, String method) {
        Throwable failure = catchThrowable(() -> call(token, method, "cracker"));
        assertThat(Status.fromThrowable(failure).getCode())
                .as(String.valueOf(failure))
                .isEqualTo(code);
        assertThat(RpcError.reasonOf(failure)).isEqualTo(reason);
        assertThat(String.valueOf(Status.fromThrowable(failure).getDescription()))
                .doesNotContain("hunter2");
    }

    @Test
    void onlyNamedRolesGetThrough() {
        assertThat(call(token(Role.TELLER), "Say", "cracker")).isEqualTo("cracker, polly");
        assertThat(call(token(Role.ADMIN), "Say", "cracker")).isEqualTo("cracker, polly");
        assertFails(Status.Code.PERMISSION_DENIED, "FORBIDDEN", token(Role.AUDITOR), "Say");
        assertFails(Status.Code.PERMISSION_DENIED, "FORBIDDEN", token(Role.TELLER), "Unnamed");
        assertFails(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", null, "Say");
        assertFails(Status.Code.UNAUTHENTICATED, "UNAUTHENTICATED", "e30.e30.e30", "Say");
    }

    private @Nullable String guess() {
        return RpcError.reasonOf(catchThrowable(() -> call("e30.e30.e30", "Say", "cracker")));
    }

    @Test
    void guessingTokensIsSlowedDown() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            // At once: one after the other, a busy machine guesses no faster than it may.
            try (ExecutorService guesses = Executors.newVirtualThreadPerTaskExecutor()) {
                return guesses.invokeAll(Collections.nCopies(64, this::guess)).stream()
                        .map(Future::resultNow)
                        .anyMatch("RATE_LIMITED"::equals);
            }
        });
        assertThat(call(token(Role.TELLER), "Say", "cracker")).isEqualTo("cracker, polly");
    }

    @Test
    void bugsAndLateAnswersGiveNothingAway() {
        assertFails(Status.Code.INTERNAL, "INTERNAL_ERROR", token(Role.TELLER), "Break");
        assertFails(Status.Code.DEADLINE_EXCEEDED, "TIMED_OUT", token(Role.TELLER), "Wait");
        Throwable large =
                catchThrowable(() -> call(token(Role.TELLER), "Say", "x".repeat(GrpcHost.MAX_MESSAGE_BYTES + 1)));
        assertThat(Status.fromThrowable(large).getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
    }

    @Test
    void healthIsOpenAndFollowsReadiness() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(channel);
        HealthCheckRequest parrot =
                HealthCheckRequest.newBuilder().setService("parrot.Parrot").build();
        Awaitility.await()
                .until(() ->
                        health.check(HealthCheckRequest.getDefaultInstance()).getStatus() == ServingStatus.SERVING);
        ready.set(false);
        Awaitility.await().until(() -> health.check(parrot).getStatus() == ServingStatus.NOT_SERVING);
    }

    @Test
    void reflectionNeedsAToken() throws Exception {
        assertThat(listServices(null)).isEqualTo("UNAUTHENTICATED");
        assertThat(listServices(token(Role.AUDITOR))).contains("grpc.health.v1.Health");
    }

    private String listServices(@Nullable String token) throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc.newStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers(token)))
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response.getListServicesResponse().toString());
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.complete(String.valueOf(RpcError.reasonOf(failure)));
                    }

                    @Override
                    public void onCompleted() {
                        answer.complete("nothing");
                    }
                });
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        return answer.get(20, TimeUnit.SECONDS);
    }

    @Test
    void callsAreMeasured() {
        call(token(Role.TELLER), "Say", "cracker");
        Awaitility.await().until(() -> telemetry.scrape(null).contains("grpc_server_seconds_count"));
        assertThat(telemetry.scrape(null)).contains("rpc_method=\"Say\"");
    }

    @Test
    void aPortInUseIsSaidInOneLine() {
        assertThatThrownBy(() -> GrpcHost.start(settings(), host.port(), parts, List.of(), ready::get))
                .isInstanceOf(CannotListenException.class)
                .hasMessageContaining("choose another port with --grpc-port");
    }
}
