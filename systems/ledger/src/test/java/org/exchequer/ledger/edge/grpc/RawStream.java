package org.exchequer.ledger.edge.grpc;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.NumberedOutcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.exchequer.ledger.edge.grpc.v1.LedgerServiceGrpc;
import org.exchequer.platform.grpc.RpcError;
import org.jspecify.annotations.Nullable;

/** A caller of {@code ExecuteStream} with no manners: it sends any bytes, and reads only when told to. */
final class RawStream extends ClientCall.Listener<OutcomeBatch> {
    /** How a stream ended. */
    record End(Status status, @Nullable String reason) {}

    final ClientCall<byte[], OutcomeBatch> call;
    final Map<Long, NumberedOutcome> outcomes = new ConcurrentHashMap<>();
    final CompletableFuture<End> end = new CompletableFuture<>();
    private final boolean greedy;

    /** @param greedy whether it reads as soon as there is something */
    RawStream(ManagedChannel channel, @Nullable String token, boolean greedy) {
        this.greedy = greedy;
        this.call = channel.newCall(
                LedgerServiceGrpc.getExecuteStreamMethod().toBuilder(
                                BYTES,
                                LedgerServiceGrpc.getExecuteStreamMethod().getResponseMarshaller())
                        .build(),
                CallOptions.DEFAULT);
        call.start(this, headers(token));
        if (greedy) {
            call.request(1);
        }
    }

    static Metadata headers(@Nullable String token) {
        Metadata headers = new Metadata();
        if (token != null) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        return headers;
    }

    void send(LedgerProto.Command... commands) {
        call.sendMessage(LedgerProto.CommandBatch.newBuilder()
                .addAllCommands(List.of(commands))
                .build()
                .toByteArray());
    }

    NumberedOutcome outcome(long index) {
        return Objects.requireNonNull(outcomes.get(index), "no outcome " + index);
    }

    End await() throws Exception {
        return end.get(30, TimeUnit.SECONDS);
    }

    @Override
    public void onMessage(OutcomeBatch batch) {
        batch.getOutcomesList().forEach(one -> outcomes.put(one.getIndex(), one));
        if (greedy) {
            call.request(1);
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        end.complete(new End(status, RpcError.reasonOf(status, trailers)));
    }

    static final MethodDescriptor.Marshaller<byte[]> BYTES = new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    };
}
