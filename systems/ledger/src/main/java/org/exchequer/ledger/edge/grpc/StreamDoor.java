package org.exchequer.ledger.edge.grpc;

import com.google.rpc.Code;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.edge.grpc.CommandStream.Taker;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.CommandBatch;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.exchequer.platform.grpc.RpcError;

/** The streams of commands that are open, at most {@value #MAX_STREAMS} of them. */
final class StreamDoor implements AutoCloseable {
    static final int MAX_STREAMS = 256;

    private static final long LOOK_MS = 1_000;

    private final Ticker ticker;
    private final Duration stall;
    private final Set<CommandStream> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ledger-stream-", 0).factory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-streams").factory());

    /** @param stall how long a caller may leave outcomes untaken */
    StreamDoor(Ticker ticker, Duration stall) {
        this.ticker = ticker;
        this.stall = stall;
        timer.scheduleWithFixedDelay(
                () -> open.forEach(stream -> stream.endIfStalled(stall)), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /** The service with its method {@code ExecuteStream} served here, and its others as they are. */
    ServerServiceDefinition serving(
            ServerServiceDefinition service,
            MethodDescriptor<CommandBatch, OutcomeBatch> stream,
            Supplier<Taker> takers) {
        MethodDescriptor<CommandFrames, OutcomeBatch> framed = stream.toBuilder(
                        CommandFrames.marshaller(), stream.getResponseMarshaller())
                .build();
        ServiceDescriptor.Builder described = ServiceDescriptor.newBuilder(
                        service.getServiceDescriptor().getName())
                .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor())
                .addMethod(framed);
        service.getServiceDescriptor().getMethods().stream()
                .filter(method -> method != stream)
                .forEach(described::addMethod);
        ServerServiceDefinition.Builder definition =
                ServerServiceDefinition.builder(described.build()).addMethod(framed, handler(takers));
        service.getMethods().stream()
                .filter(method -> method.getMethodDescriptor() != stream)
                .forEach(definition::addMethod);
        return definition.build();
    }

    private ServerCallHandler<CommandFrames, OutcomeBatch> handler(Supplier<Taker> takers) {
        return (call, headers) -> {
            CommandStream stream = new CommandStream(call, takers.get(), this);
            open.add(stream);
            if (open.size() > MAX_STREAMS) {
                open.remove(stream);
                throw RpcError.of(
                                Code.RESOURCE_EXHAUSTED,
                                "TOO_MANY_STREAMS",
                                "As many streams are open as are served: " + MAX_STREAMS + ".")
                        .retryAfter(Duration.ofSeconds(1))
                        .asException();
            }
            stream.begin();
            return stream;
        };
    }

    int count() {
        return open.size();
    }

    ExecutorService executor() {
        return executor;
    }

    long nanos() {
        return ticker.nanos();
    }

    void ended(CommandStream stream) {
        open.remove(stream);
    }

    /** Ends every stream once what it took has been answered. */
    void drain() {
        open.forEach(stream -> stream.end(
                RpcError.of(Code.UNAVAILABLE, "STOPPING", "This process is stopping; the rest was not taken.")
                        .retryAfter(Duration.ofSeconds(1))
                        .asException()));
    }

    @Override
    public void close() {
        timer.shutdownNow();
        drain();
        executor.shutdown();
    }
}
