package org.exchequer.ledger.edge.grpc;

import com.google.rpc.Code;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.CommandStream.Taker;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.NodeServiceGrpc;
import org.exchequer.platform.grpc.RpcError;
import org.exchequer.platform.module.GrpcService;
import org.jspecify.annotations.Nullable;

/**
 * Takes commands from other nodes. Who knows the token of the writer's epoch can read it in the ledger's own schema, so
 * it is a node of this ledger; the caller's rights were checked there.
 */
public final class NodeRpc implements AutoCloseable {
    static final Metadata.Key<String> TOKEN = Metadata.Key.of("exchequer-node-token", Metadata.ASCII_STRING_MARSHALLER);

    /** Reasons by which the door refuses: nothing of the stream was taken since. */
    static final String NOT_THE_WRITER = "NOT_THE_WRITER";

    static final String WRONG_EPOCH = "WRONG_EPOCH";

    private final Supplier<@Nullable String> token;
    private final Function<Command, CompletableFuture<Outcome>> ledger;
    private final Function<List<Command>, CompletableFuture<List<Outcome>>> linkedLedger;
    private final StreamDoor streams;

    /**
     * @param token the secret of the epoch, null while this node is not the writer
     * @param ledger takes a command on this node, without forwarding it again
     * @param linkedLedger the same for linked batches
     */
    public NodeRpc(
            Supplier<@Nullable String> token,
            Function<Command, CompletableFuture<Outcome>> ledger,
            Function<List<Command>, CompletableFuture<List<Outcome>>> linkedLedger,
            Ticker ticker) {
        this.token = token;
        this.ledger = ledger;
        this.linkedLedger = linkedLedger;
        this.streams = new StreamDoor(ticker, Duration.ofSeconds(60));
    }

    /** The service. Its callers show the epoch's secret instead of a token. */
    public GrpcService service() {
        ServerInterceptor door = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                StatusRuntimeException refusal = refusal(headers.get(TOKEN));
                if (refusal != null) {
                    throw refusal;
                }
                return next.startCall(call, headers);
            }
        };
        return new GrpcService(
                ServerInterceptors.intercept(
                        streams.serving(
                                new Calls().bindService(), NodeServiceGrpc.getExecuteStreamMethod(), this::taker),
                        door),
                List.of(
                        GrpcService.open(
                                NodeServiceGrpc.getExecuteStreamMethod().getFullMethodName()),
                        GrpcService.open(
                                NodeServiceGrpc.getExecuteLinkedMethod().getFullMethodName())),
                streams::drain);
    }

    private @Nullable StatusRuntimeException refusal(@Nullable String given) {
        String expected = token.get();
        if (expected == null) {
            return RpcError.of(Code.UNAVAILABLE, NOT_THE_WRITER, "This process is not the writer.")
                    .asException();
        }
        boolean known = given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
        return known
                ? null
                : RpcError.of(Code.UNAUTHENTICATED, WRONG_EPOCH, "This is not the present epoch's secret.")
                        .asException();
    }

    private Taker taker() {
        String opened = token.get();
        return new Taker() {
            @Override
            public @Nullable StatusRuntimeException refusal() {
                return NodeRpc.this.refusal(opened);
            }

            @Override
            public CompletableFuture<Outcome> take(LedgerProto.Command command) {
                return ledger.apply(CommandProto.read(command, CommandProto.Actor.AS_GIVEN));
            }
        };
    }

    @Override
    public void close() {
        streams.close();
    }

    /** The call with one request. */
    private final class Calls extends NodeServiceGrpc.NodeServiceImplBase {
        @Override
        public void executeLinked(
                LedgerProto.LinkedCommands request, StreamObserver<LedgerProto.LinkedOutcomes> caller) {
            ReadCalls.answer(caller, () -> {
                List<Command> commands =
                        LedgerRpc.linked(request, message -> CommandProto.read(message, CommandProto.Actor.AS_GIVEN));
                return LedgerRpc.linked(linkedLedger.apply(commands).join());
            });
        }
    }
}
