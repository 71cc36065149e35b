package org.exchequer.ledger.edge.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.LinkedCommands;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.LinkedOutcomes;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.grpc.RpcError;

/** One linked batch on its way to a server: all of it in one message. */
final class LinkedCall implements StreamObserver<LinkedOutcomes> {
    private final CompletableFuture<List<Outcome>> outcomes = new CompletableFuture<>();
    private final int size;
    private volatile boolean left;

    private LinkedCall(int size) {
        this.size = size;
    }

    /**
     * Sends it.
     *
     * @throws FieldError when there are too few or too many commands, or they are too large for a message
     */
    static CompletableFuture<List<Outcome>> send(
            Channel channel,
            MethodDescriptor<LinkedCommands, LinkedOutcomes> method,
            Metadata headers,
            List<Command> commands,
            Duration patience) {
        Command.requireLinkable(commands);
        LinkedCommands request = LinkedCommands.newBuilder()
                .addAllCommands(commands.stream().map(CommandProto::write).toList())
                .build();
        if (request.getSerializedSize() > GrpcHost.MAX_MESSAGE_BYTES) {
            throw new FieldError("commands", "must not exceed " + GrpcHost.MAX_MESSAGE_BYTES + " bytes together");
        }
        LinkedCall call = new LinkedCall(commands.size());
        CallOptions options = CallOptions.DEFAULT
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .withStreamTracerFactory(call.watch());
        ClientCalls.asyncUnaryCall(
                MetadataUtils.newAttachHeadersInterceptor(headers).interceptCall(method, options, channel),
                request,
                call);
        return call.outcomes;
    }

    /** Notes whether anything left here at all: the headers go first. */
    private ClientStreamTracer.Factory watch() {
        return new ClientStreamTracer.Factory() {
            @Override
            public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
                return new ClientStreamTracer() {
                    @Override
                    public void outboundHeaders() {
                        left = true;
                    }
                };
            }
        };
    }

    @Override
    public void onNext(LinkedOutcomes answer) {
        try {
            outcomes.complete(
                    answer.getOutcomesList().stream().map(OutcomeProto::read).toList());
        } catch (IllegalArgumentException e) {
            outcomes.complete(all(new Outcome.Unknown("the server answers in words of another version: " + e)));
        }
    }

    @Override
    public void onError(Throwable failure) {
        String reason = RpcError.reasonOf(failure);
        try {
            outcomes.complete(all(
                    left
                            ? Ends.of(io.grpc.Status.fromThrowable(failure), reason == null ? "" : reason)
                            : Ends.NOT_TAKEN));
        } catch (InvalidCommandException e) {
            outcomes.completeExceptionally(e);
        }
    }

    @Override
    public void onCompleted() {
        outcomes.complete(all(new Outcome.Unknown("the server ended the call without an answer")));
    }

    private List<Outcome> all(Outcome outcome) {
        return Collections.nCopies(size, outcome);
    }
}
