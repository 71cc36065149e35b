package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.exchequer.ledger.testing.TestLedger.EUR;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.rpc.Code;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.Outcome.OutcomeCase;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of commands and callers who misuse it, over a real connection to a real ledger. */
class StreamTest {
    @SuppressWarnings("NullAway.Init")
    private static LedgerServer server;

    private final ManagedChannel channel = Channels.open(server.grpcUrl(), null);

    @BeforeAll
    static void open() {
        server = LedgerServer.start();
        for (String code : List.of("debit", "credit")) {
            server.ledger()
                    .execute(new Command.OpenAccount(
                            key(), AccountSpec.posting(code, "An account", AccountType.ASSET, EUR, null)));
        }
    }

    @AfterAll
    static void shut() throws Exception {
        server.close();
    }

    @AfterEach
    void disconnect() {
        channel.shutdownNow();
    }

    private RawStream stream(Role... roles) {
        return new RawStream(channel, server.token(roles), true);
    }

    private static LedgerProto.Command good(String key) {
        return CommandProto.write(transfer(key, "debit", "credit", 1));
    }

    private static OutcomeCase kind(RawStream stream, long index) {
        return stream.outcome(index).getOutcome().getOutcomeCase();
    }

    @Test
    void eachCommandGetsItsOutcomeWithNumberAndKey() throws Exception {
        RawStream stream = stream(Role.TELLER);
        List<String> keys = IntStream.range(0, 3_000).mapToObj(i -> key()).toList();
        keys.forEach(key -> stream.send(good(key)));
        stream.send(good(keys.getFirst()));
        stream.call.halfClose();
        assertThat(stream.await().status().isOk()).isTrue();
        assertThat(stream.outcomes).hasSize(3_001);
        for (int i = 0; i < keys.size(); i++) {
            assertThat(stream.outcome(i).getKey()).isEqualTo(keys.get(i));
            assertThat(kind(stream, i)).isEqualTo(OutcomeCase.POSTED);
        }
        assertThat(stream.outcome(3_000).getOutcome().getPosted().getReplayed()).isTrue();
    }

    @Test
    void oneBadCommandDisturbsNoOther() throws Exception {
        RawStream stream = stream(Role.TELLER);
        LedgerProto.Command wrong = good(key()).toBuilder()
                .setTransfer(LedgerProto.Transfer.newBuilder()
                        .setDebitAccount("no code!")
                        .setCreditAccount("credit")
                        .setAmount(
                                LedgerProto.Money.newBuilder().setMinorUnits(1).setCurrency("EUR")))
                .build();
        LedgerProto.Command forbidden = CommandProto.write(new Command.Reverse(key(), 1, Details.NONE));
        stream.call.sendMessage(batch(
                good(key()).toByteString(),
                ByteString.copyFromUtf8("\\u0012\\u00ff these are no fields"),
                wrong.toByteString(),
                forbidden.toByteString(),
                // A string that is not UTF-8.
                ByteString.copyFrom(new byte[] {0x0a, 2, (byte) 0xc3, 0x28}),
                ByteString.EMPTY,
                good(key()).toByteString()));
        stream.call.halfClose();
        assertThat(stream.await().status().isOk()).isTrue();
        assertThat(stream.outcomes).hasSize(7);
        assertThat(kind(stream, 0)).isEqualTo(OutcomeCase.POSTED);
        assertThat(kind(stream, 6)).isEqualTo(OutcomeCase.POSTED);
        assertInvalid(stream, 1, "MALFORMED_MESSAGE", "command");
        assertInvalid(stream, 2, "INVALID_FIELD", "debitAccount");
        assertInvalid(stream, 3, "FORBIDDEN", "roles");
        assertInvalid(stream, 4, "MALFORMED_MESSAGE", "command");
        assertInvalid(stream, 5, "INVALID_FIELD", "command");
    }

    private static void assertInvalid(RawStream stream, long index, String code, String field) {
        LedgerProto.Invalid invalid = stream.outcome(index).getOutcome().getInvalid();
        assertThat(invalid.getCode()).as(invalid.toString()).isEqualTo(code);
        assertThat(invalid.getField()).isEqualTo(field);
        assertThat(invalid.getRule()).isNotEmpty();
    }

    private static byte[] batch(ByteString... items) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (ByteString item : items) {
            out.writeBytes(LedgerProto.CommandBatch.COMMANDS_FIELD_NUMBER, item);
        }
        out.flush();
        return bytes.toByteArray();
    }

    @Test
    void aBatchThatCannotBeCutEndsTheStreamWhenAllBeforeIsAnswered() throws Exception {
        List<byte[]> broken = List.of(
                new byte[] {0x0a, 0x7f, 1},
                "not protobuf at all".getBytes(StandardCharsets.UTF_8),
                new byte[0],
                batch(IntStream.range(0, CommandFrames.MAX_ITEMS + 1)
                        .mapToObj(i -> ByteString.EMPTY)
                        .toArray(ByteString[]::new)));
        for (byte[] bytes : broken) {
            RawStream stream = stream(Role.TELLER);
            stream.send(good(key()), good(key()));
            stream.call.sendMessage(bytes);
            RawStream.End end = stream.await();
            assertThat(end.status().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(end.reason()).isEqualTo("MALFORMED_MESSAGE");
            assertThat(stream.outcomes).hasSize(2);
        }
    }

    @Test
    void aMalformedRequestOfOneMessageIsToldSo() {
        var method = LedgerServiceGrpc.getExecuteMethod().toBuilder(
                        RawStream.BYTES, LedgerServiceGrpc.getExecuteMethod().getResponseMarshaller())
                .build();
        var call = io.grpc.ClientInterceptors.intercept(
                        channel,
                        MetadataUtils.newAttachHeadersInterceptor(RawStream.headers(server.token(Role.TELLER))))
                .newCall(method, io.grpc.CallOptions.DEFAULT);
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> ClientCalls.blockingUnaryCall(call, new byte[] {0x0a, 0x7f, 1})))
                .satisfies(e -> {
                    assertThat(Status.fromThrowable(e).getCode().value()).isEqualTo(Code.INVALID_ARGUMENT_VALUE);
                    assertThat(org.exchequer.platform.grpc.RpcError.reasonOf(e)).isEqualTo("MALFORMED_MESSAGE");
                });
    }

    /** What the server took before the connection broke is decided, once; the rest was never there. */
    @Test
    void aCutStreamIsMendedByAskingAgain() throws Exception {
        RawStream stream = stream(Role.TELLER);
        List<LedgerProto.Command> commands = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            commands.add(good(key()));
        }
        long before = server.ledger().lastSequence();
        for (int from = 0; from < commands.size(); from += 250) {
            stream.send(commands.subList(from, from + 250).toArray(LedgerProto.Command[]::new));
        }
        await().until(() -> !stream.outcomes.isEmpty());
        channel.shutdownNow();
        stream.await();

        ManagedChannel other = Channels.open(server.grpcUrl(), null);
        try {
            RawStream again = new RawStream(other, server.token(Role.TELLER), true);
            commands.forEach(again::send);
            again.call.halfClose();
            assertThat(again.await().status().isOk()).isTrue();
            assertThat(again.outcomes.values())
                    .allMatch(one -> one.getOutcome().hasPosted())
                    .hasSize(5_000);
            stream.outcomes.forEach((index, outcome) -> assertThat(
                            again.outcome(index).getOutcome().getPosted().getTransaction())
                    .isEqualTo(outcome.getOutcome().getPosted().getTransaction()));
        } finally {
            other.shutdownNow();
        }
        assertThat(server.ledger().lastSequence() - before).isEqualTo(5_000);
    }

    /** A caller who reads nothing is not read from either: what the server holds for it is bounded. */
    @Test
    void aSlowConsumerIsHeldBackAndThenServedInFull() throws Exception {
        RawStream stream = new RawStream(channel, server.token(Role.TELLER), false);
        int all = 40_000;
        long before = server.ledger().lastSequence();
        Thread sender = Thread.ofVirtual().start(() -> {
            for (int i = 0; i < all; i += 100) {
                stream.send(IntStream.range(0, 100).mapToObj(n -> good(key())).toArray(LedgerProto.Command[]::new));
            }
            stream.call.halfClose();
        });
        sender.join();
        // It stops taking: two looks in a row see the same.
        long[] seen = {-1};
        await().pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> {
                    long taken = server.ledger().lastSequence() - before;
                    boolean stopped = taken == seen[0] && taken > 0;
                    seen[0] = taken;
                    return stopped;
                });
        // In flight, plus one batch beyond, plus what the transports buffer between here and there: 1 MiB and a bit.
        long buffered = (2 << 20) / 150;
        assertThat(seen[0]).isBetween(1_000L, CommandStream.MAX_IN_FLIGHT + 100 + buffered);

        stream.call.request(all);
        assertThat(stream.await().status().isOk()).isTrue();
        assertThat(stream.outcomes).hasSize(all);
        assertThat(server.ledger().lastSequence() - before).isEqualTo(all);
    }

    /** Its outcomes are let go, and its place with them. */
    @Test
    void whoTakesNothingForTooLongIsEnded(@TempDir Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        LocalIssuer issuer = LocalIssuer.open(folder);
        Telemetry telemetry = Telemetry.create("test", null);
        HostParts parts = new HostParts(clock, Ticker.system(), telemetry, issuer, new LoginLinks(folder, clock), null);
        String token = issuer.token("tester", Set.of(Role.TELLER), clock.instant(), Duration.ofMinutes(5));
        try (telemetry;
                LedgerRpc rpc =
                        new LedgerRpc(server.ledger(), Proofs.NONE, clock, Ticker.system(), Duration.ofMillis(300));
                GrpcHost host =
                        GrpcHost.start(HostSettings.local("test"), 0, parts, List.of(rpc.service()), () -> true)) {
            ManagedChannel impatient = Channels.open(host.url(), null);
            RawStream stream = new RawStream(impatient, token, false);
            for (int i = 0; i < 100; i++) {
                stream.send(IntStream.range(0, 100).mapToObj(n -> good(key())).toArray(LedgerProto.Command[]::new));
            }
            await().until(() -> rpc.openStreams() == 1);
            await().atMost(Duration.ofSeconds(20)).until(() -> rpc.openStreams() == 0);
            stream.call.request(1_000);
            assertThat(stream.await().reason()).isEqualTo("SLOW_CONSUMER");
            impatient.shutdownNow();
        }
    }

    @Test
    void withoutATokenOrTheRightRoleThereIsNoStream() throws Exception {
        RawStream nobody = new RawStream(channel, null, true);
        assertThat(nobody.await().status().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        RawStream nonsense = new RawStream(channel, "nonsense", true);
        assertThat(nonsense.await().reason()).isEqualTo("UNAUTHENTICATED");
        RawStream reader = stream(Role.AUDITOR);
        assertThat(reader.await().status().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(reader.await().reason()).isEqualTo("FORBIDDEN");
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        // It has two more seconds; clocks may differ by five.
        String old = server.token(
                Clock.systemUTC().instant().minus(Duration.ofMinutes(5)).plusSeconds(1), Role.TELLER);
        RawStream stream = new RawStream(channel, old, true);
        stream.send(good(key()));
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    if (!stream.end.isDone()) {
                        stream.send(good(key()));
                    }
                    return stream.end.isDone();
                });
        assertThat(stream.await().reason()).isEqualTo("TOKEN_EXPIRED");
        assertThat(stream.outcomes).isNotEmpty();
        assertThat(stream.outcomes.values()).allMatch(one -> one.getOutcome().hasPosted());
    }

    @Test
    void reflectionTellsTheSchema() throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        StreamObserver<ServerReflectionRequest> asking = ServerReflectionGrpc.newStub(channel)
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(RawStream.headers(server.token(Role.AUDITOR))))
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        asking.onNext(ServerReflectionRequest.newBuilder()
                .setFileContainingSymbol("exchequer.ledger.v1.LedgerService.ExecuteStream")
                .build());
        assertThat(answer.get(20, TimeUnit.SECONDS).getFileDescriptorResponse().getFileDescriptorProtoCount())
                .isPositive();
    }

    @Test
    void unaryCommandsAnswerWithOutcomesAndRejections() {
        var stub = LedgerServiceGrpc.newBlockingStub(channel)
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(RawStream.headers(server.token(Role.TELLER))));
        LedgerProto.Command command = good(key());
        assertThat(stub.execute(command).getPosted().getReplayed()).isFalse();
        assertThat(stub.execute(command).getPosted().getReplayed()).isTrue();
        assertThat(stub.execute(CommandProto.write(transfer(key(), "debit", "nobody", 1)))
                        .getRejected()
                        .getReason())
                .isEqualTo("ACCOUNT_NOT_FOUND");
        assertThat(OutcomeProto.read(stub.execute(command))).isInstanceOf(Outcome.Posted.class);
    }
}
