package org.exchequer.inward.edge.grpc;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.Submission;
import org.exchequer.inward.v1.Answered;
import org.exchequer.inward.v1.Busy;
import org.exchequer.inward.v1.InwardServiceGrpc;
import org.exchequer.inward.v1.PaymentAnswer;
import org.exchequer.inward.v1.PaymentMessage;
import org.exchequer.inward.v1.Unreadable;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.grpc.RpcError;
import org.exchequer.platform.module.GrpcService;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.Caller;
import org.jspecify.annotations.Nullable;

/** Takes messages over gRPC, one by one or as a stream. */
public final class InwardRpc {
    private static final Set<Role> SEND = Set.of(Role.TELLER, Role.OPERATOR);
    private static final int MOST_REFERENCE = 128;
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private final Inward inward;
    private final Clock clock;
    private final Set<MessageStream> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;

    public InwardRpc(Inward inward, Clock clock) {
        this.inward = inward;
        this.clock = clock;
    }

    /** The service, and who may call it. */
    public GrpcService service() {
        return new GrpcService(
                new Calls().bindService(),
                List.of(
                        GrpcService.route(InwardServiceGrpc.getSubmitMethod().getFullMethodName(), SEND),
                        GrpcService.route(InwardServiceGrpc.getStreamMethod().getFullMethodName(), SEND)),
                this::stop);
    }

    private void stop() {
        stopping = true;
        streams.forEach(MessageStream::stop);
    }

    /** Streams that are open now. */
    int openStreams() {
        return streams.size();
    }

    /** The rule that a message breaks before it is looked at; null when none. */
    static RpcError.@Nullable Violation violation(PaymentMessage message) {
        if (message.getContent().isEmpty() || message.getContent().size() > Inward.MOST_BYTES) {
            return new RpcError.Violation("content", "must have 1 to " + Inward.MOST_BYTES + " bytes");
        }
        if (!message.getUnknownFields().asMap().isEmpty()) {
            // A caller who knows more fields than we do means something that we would not do.
            return new RpcError.Violation(
                    "message",
                    "must have no fields but those of this version, not numbers "
                            + message.getUnknownFields().asMap().keySet());
        }
        return message.getReference().length() > MOST_REFERENCE
                ? new RpcError.Violation("reference", "must have at most " + MOST_REFERENCE + " characters")
                : null;
    }

    /** Hands a message in; its answer comes normally within the time that the scheme allows. */
    CompletableFuture<PaymentAnswer> submit(PaymentMessage message) {
        PaymentAnswer.Builder answer = PaymentAnswer.newBuilder().setReference(message.getReference());
        return switch (inward.submit(message.getContent().toByteArray(), "grpc", Duration.ZERO)) {
            case Submission.Taken taken ->
                taken.answer()
                        .thenApply(answered -> answer.setAnswered(Answered.newBuilder()
                                        .setPaymentId(answered.payment().toString())
                                        .setMessage(ByteString.copyFrom(answered.message()))
                                        .setStatus(answered.status())
                                        .setReplayed(answered.repeated()))
                                .build());
            case Submission.Unreadable unreadable ->
                CompletableFuture.completedFuture(answer.setUnreadable(Unreadable.newBuilder()
                                .setDeadLetterId(unreadable.deadLetter().toString())
                                .setReasonCode(unreadable.code())
                                .setRule(unreadable.rule()))
                        .build());
            case Submission.Busy(long retryAfterMs) ->
                CompletableFuture.completedFuture(
                        answer.setBusy(Busy.newBuilder().setRetryAfterMs(retryAfterMs))
                                .build());
        };
    }

    private final class Calls extends InwardServiceGrpc.InwardServiceImplBase {
        @Override
        public void submit(PaymentMessage request, StreamObserver<PaymentAnswer> caller) {
            RpcError.Violation violation = violation(request);
            if (violation != null) {
                caller.onError(RpcError.invalid("INVALID_FIELD", violation.field(), violation.rule())
                        .asException());
                return;
            }
            var unused = InwardRpc.this.submit(request).thenAccept(answer -> {
                caller.onNext(answer);
                caller.onCompleted();
            });
        }

        @Override
        public StreamObserver<PaymentMessage> stream(StreamObserver<PaymentAnswer> caller) {
            Caller known = GrpcHost.caller();
            MessageStream stream = new MessageStream(
                    (ServerCallStreamObserver<PaymentAnswer>) caller,
                    InwardRpc.this::submit,
                    () -> refusal(known),
                    streams::remove);
            streams.add(stream);
            if (stopping) {
                stream.stop();
            }
            return stream;
        }
    }

    /** A stream may outlive the token that it was opened with; what it is sent after that is not taken. */
    private @Nullable StatusRuntimeException refusal(Caller caller) {
        return clock.instant().isAfter(caller.expiresAt().plus(CLOCK_SKEW))
                ? RpcError.of(Code.UNAUTHENTICATED, "TOKEN_EXPIRED", "The stream's token has run out.")
                        .asException()
                : null;
    }
}
