package org.exchequer.inward.edge.grpc;

import com.google.rpc.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.inward.v1.Invalid;
import org.exchequer.inward.v1.PaymentAnswer;
import org.exchequer.inward.v1.PaymentMessage;
import org.exchequer.platform.grpc.RpcError;
import org.jspecify.annotations.Nullable;

/**
 * One stream of messages. A message is under way from when it was read until its answer was handed to a transport that
 * wanted it: who sends without reading soon finds that no more is read.
 */
final class MessageStream implements StreamObserver<PaymentMessage> {
    /** Messages under way at which reading stops. */
    static final int MOST_UNDER_WAY = 500;

    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final ServerCallStreamObserver<PaymentAnswer> caller;
    private final Function<PaymentMessage, CompletableFuture<PaymentAnswer>> submit;
    private final Supplier<@Nullable StatusRuntimeException> refusal;
    private final Consumer<MessageStream> ended;

    // Guarded by this.
    private final Deque<PaymentAnswer> answers = new ArrayDeque<>();
    private int underWay;
    private boolean noMore;
    private @Nullable StatusRuntimeException end;
    private boolean closed;

    /**
     * Reads as much as may be under way.
     *
     * @param refusal why nothing more is taken from this caller, or null
     * @param ended told once, when nothing more happens here
     */
    MessageStream(
            ServerCallStreamObserver<PaymentAnswer> caller,
            Function<PaymentMessage, CompletableFuture<PaymentAnswer>> submit,
            Supplier<@Nullable StatusRuntimeException> refusal,
            Consumer<MessageStream> ended) {
        this.caller = caller;
        this.submit = submit;
        this.refusal = refusal;
        this.ended = ended;
        caller.disableAutoRequest();
        caller.setOnReadyHandler(this::send);
        caller.setOnCancelHandler(this::cancelled);
        caller.request(MOST_UNDER_WAY);
    }

    @Override
    public void onNext(PaymentMessage message) {
        StatusRuntimeException why = refusal.get();
        synchronized (this) {
            if (noMore) {
                return;
            }
            if (why != null) {
                end = why;
                noMore = true;
            } else {
                underWay++;
            }
        }
        if (why != null) {
            send();
            return;
        }
        RpcError.Violation violation = InwardRpc.violation(message);
        if (violation != null) {
            answer(PaymentAnswer.newBuilder()
                    .setReference(message.getReference().length() > 128 ? "" : message.getReference())
                    .setInvalid(Invalid.newBuilder().setField(violation.field()).setRule(violation.rule()))
                    .build());
            return;
        }
        var unused = submit.apply(message).thenAccept(this::answer);
    }

    private void answer(PaymentAnswer answer) {
        synchronized (this) {
            answers.add(answer);
        }
        send();
    }

    /** What is there goes out as far as the caller takes it, and as much is read anew. */
    private synchronized void send() {
        while (!closed && caller.isReady() && !answers.isEmpty()) {
            caller.onNext(answers.removeFirst());
            underWay--;
            if (!noMore) {
                caller.request(1);
            }
        }
        if (!closed && noMore && underWay == 0) {
            closed = true;
            if (end == null) {
                caller.onCompleted();
            } else {
                caller.onError(end);
            }
            ended.accept(this);
        }
    }

    /** The program stops: what is under way is still answered. */
    void stop() {
        synchronized (this) {
            if (!noMore) {
                noMore = true;
                end = RpcError.of(Code.UNAVAILABLE, "STOPPING", "The server stops; send it to another, or again.")
                        .retryAfter(AGAIN)
                        .asException();
            }
        }
        send();
    }

    private void cancelled() {
        synchronized (this) {
            noMore = true;
            closed = true;
            answers.clear();
        }
        ended.accept(this);
    }

    @Override
    public void onCompleted() {
        synchronized (this) {
            noMore = true;
        }
        send();
    }

    /** The connection broke; what was taken is carried out, and the same message gets its answer. */
    @Override
    public void onError(Throwable failure) {
        cancelled();
    }
}
