package org.exchequer.ledger.edge.grpc;

import com.google.rpc.Code;
import io.grpc.Context;
import io.grpc.Contexts;
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

    /** The secret that a call has shown. */
    private static final Context.Key<String> SHOWN = Context.key("exchequer-node-token");

    private final List<Writer> writers;
    private final StreamDoor streams;

    /**
     * A ledger that this node may be the writer of.
     *
     * @param token the secret of the epoch, null while this node is not the writer
     * @param ledger takes a command on this node, without forwarding it again
     * @param linkedLedger the same for linked batches
     */
    public record Writer(
            Supplier<@Nullable String> token,
            Function<Command, CompletableFuture<Outcome>> ledger,
            Function<List<Command>, CompletableFuture<List<Outcome>>> linkedLedger) {}

    /** @param writers the ledgers of this node: one, or the shards of one. The secret shown tells which is meant */
    public NodeRpc(List<Writer> writers, Ticker ticker) {
        this.writers = List.copyOf(writers);
        this.streams = new StreamDoor(ticker, Duration.ofSeconds(60));
    }

    /** The service. Its callers show the epoch's secret instead of a token. */
    public GrpcService service() {
        ServerInterceptor door = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                String shown = headers.get(TOKEN);
                StatusRuntimeException refusal = refusal(shown);
                if (refusal != null) {
                    throw refusal;
                }
                return Contexts.interceptCall(Context.current().withValue(SHOWN, shown), call, headers, next);
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
        if (writer(given) != null) {
            return null;
        }
        return writers.stream().allMatch(writer -> writer.token().get() == null)
                ? RpcError.of(Code.UNAVAILABLE, NOT_THE_WRITER, "This process is not the writer.")
                        .asException()
                : RpcError.of(Code.UNAUTHENTICATED, WRONG_EPOCH, "This is not the present epoch's secret.")
                        .asException();
    }

    /** The ledger whose epoch has this secret now; null when none has. */
    private @Nullable Writer writer(@Nullable String given) {
        Writer known = null;
        for (Writer writer : writers) {
            String expected = writer.token().get();
            if (given != null
                    && expected != null
                    && MessageDigest.isEqual(
                            given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
                known = writer;
            }
        }
        return known;
    }

    /** The ledger of the call that runs on this thread: its secret was good when it began. */
    private Writer shown() {
        Writer writer = writer(SHOWN.get());
        if (writer == null) {
            throw RpcError.of(Code.UNAUTHENTICATED, WRONG_EPOCH, "This is not the present epoch's secret.")
                    .asException();
        }
        return writer;
    }

    private Taker taker() {
        String opened = SHOWN.get();
        Writer writer = shown();
        return new Taker() {
            @Override
            public @Nullable StatusRuntimeException refusal() {
                return NodeRpc.this.refusal(opened);
            }

            @Override
            public CompletableFuture<Outcome> take(LedgerProto.Command command) {
                return writer.ledger().apply(CommandProto.read(command, CommandProto.Actor.AS_GIVEN));
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
            Writer writer = shown();
            ReadCalls.answer(caller, () -> {
                List<Command> commands =
                        LedgerRpc.linked(request, message -> CommandProto.read(message, CommandProto.Actor.AS_GIVEN));
                return LedgerRpc.linked(writer.linkedLedger().apply(commands).join());
            });
        }
    }
}
