package org.exchequer.ledger.edge.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.Code;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.CommandFrames.Frame;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.NumberedOutcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.exchequer.platform.grpc.RpcError;
import org.jspecify.annotations.Nullable;

/**
 * One stream of commands on the server. A command is in flight from when it was read until its outcome was handed to a
 * transport that wanted it: a caller who sends without reading soon finds that the server reads no more.
 *
 * <p>Outcomes come in on the ledger's threads and go out on a thread of the stream's own, as many per message as have
 * gathered.
 */
final class CommandStream extends ServerCall.Listener<CommandFrames> {
    /** Commands in flight at which reading stops; the batch being read then may exceed it. */
    static final int MAX_IN_FLIGHT = 4_096;

    /** The same in bytes of their messages. */
    static final int MAX_BYTES_IN_FLIGHT = 4 << 20;

    private static final int OUTCOMES_PER_MESSAGE = 1_000;
    private static final int BYTES_PER_MESSAGE = 256 << 10;

    /** Becomes a message only when it is sent, on the stream's thread and not on the ledger's. */
    private record Answer(long index, String key, int bytes, Supplier<LedgerProto.Outcome> outcome) {}

    private final ServerCall<CommandFrames, OutcomeBatch> call;
    private final Taker taker;
    private final StreamDoor door;
    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final AtomicInteger work = new AtomicInteger();

    /** Read and written by {@link #onMessage} alone, which gRPC calls once at a time. */
    private long next;

    private volatile boolean closed;

    // Guarded by this.
    private boolean reading;
    private @Nullable Status end;
    private Metadata endTrailers = new Metadata();
    private long stalledSinceNanos;

    /** What a stream's commands are for. */
    interface Taker {
        /** Why nothing more is taken from this caller, or null. */
        @Nullable
        StatusRuntimeException refusal();

        /**
         * Takes a command.
         *
         * @throws FieldError when it cannot be formed
         * @throws ForbiddenException when this caller may not give it
         */
        CompletableFuture<Outcome> take(LedgerProto.Command command);
    }

    CommandStream(ServerCall<CommandFrames, OutcomeBatch> call, Taker taker, StreamDoor door) {
        this.call = call;
        this.taker = taker;
        this.door = door;
    }

    /** Says that outcomes may flow, and asks for the first batch. */
    synchronized void begin() {
        call.sendHeaders(new Metadata());
        readOn();
    }

    @Override
    public void onMessage(CommandFrames frames) {
        StatusRuntimeException refusal = taker.refusal();
        if (refusal == null && !frames.broken().isEmpty()) {
            refusal = RpcError.invalid("MALFORMED_MESSAGE", "commands", frames.broken())
                    .asException();
        }
        synchronized (this) {
            reading = false;
            if (end != null) {
                return;
            }
        }
        if (refusal != null) {
            end(refusal);
            return;
        }
        for (Frame frame : frames.items()) {
            inFlight.incrementAndGet();
            bytesInFlight.addAndGet(frame.length());
            take(next++, frames, frame);
        }
        synchronized (this) {
            readOn();
        }
    }

    private void take(long index, CommandFrames frames, Frame frame) {
        String key = "";
        try {
            LedgerProto.Command message = frames.parse(frame);
            String given = message.getKey();
            key = given;
            taker.take(message).whenComplete((outcome, bug) -> answer(index, given, frame, outcome, bug));
        } catch (InvalidProtocolBufferException e) {
            refuse(index, key, frame, "MALFORMED_MESSAGE", "command", "must be a Command");
        } catch (FieldError e) {
            refuse(index, key, frame, "INVALID_FIELD", CommandProto.fieldOf(e), String.valueOf(e.getMessage()));
        } catch (ForbiddenException e) {
            refuse(index, key, frame, "FORBIDDEN", "roles", String.valueOf(e.getMessage()));
        }
    }

    private void refuse(long index, String key, Frame frame, String code, String field, String rule) {
        LedgerProto.Outcome outcome = LedgerProto.Outcome.newBuilder()
                .setInvalid(LedgerProto.Invalid.newBuilder()
                        .setCode(code)
                        .setField(field)
                        .setRule(rule))
                .build();
        answer(new Answer(index, key, frame.length(), () -> outcome));
    }

    private void answer(long index, String key, Frame frame, @Nullable Outcome outcome, @Nullable Throwable bug) {
        Outcome told = outcome != null ? outcome : new Outcome.Unknown("the outcome could not be told: " + bug);
        answer(new Answer(index, key, frame.length(), () -> OutcomeProto.write(told)));
    }

    private void answer(Answer answer) {
        if (!closed) {
            answers.add(answer);
            schedule();
        }
    }

    /** One thread at a time sends; whoever comes meanwhile leaves word for it to look again. */
    private void schedule() {
        if (work.getAndIncrement() == 0) {
            door.executor().execute(this::run);
        }
    }

    private void run() {
        int seen;
        do {
            seen = work.get();
            send();
        } while (!work.compareAndSet(seen, 0));
    }

    private synchronized void send() {
        while (!closed && call.isReady() && !answers.isEmpty()) {
            OutcomeBatch.Builder batch = OutcomeBatch.newBuilder();
            long bytes = 0;
            int count = 0;
            for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
                batch.addOutcomes(NumberedOutcome.newBuilder()
                        .setIndex(answer.index())
                        .setKey(answer.key())
                        .setOutcome(answer.outcome().get()));
                bytes += answer.bytes();
                count++;
                if (count == OUTCOMES_PER_MESSAGE || bytes >= BYTES_PER_MESSAGE) {
                    break;
                }
            }
            call.sendMessage(batch.build());
            inFlight.addAndGet(-count);
            bytesInFlight.addAndGet(-bytes);
        }
        stalledSinceNanos = answers.isEmpty() ? 0 : stalledSinceNanos == 0 ? door.nanos() : stalledSinceNanos;
        readOn();
        closeWhenDone();
    }

    /** Asks for another batch if there is room for it. */
    private void readOn() {
        if (!reading && end == null && inFlight.get() < MAX_IN_FLIGHT && bytesInFlight.get() < MAX_BYTES_IN_FLIGHT) {
            reading = true;
            call.request(1);
        }
    }

    private void closeWhenDone() {
        Status status = end;
        if (status != null && !closed && inFlight.get() == 0) {
            closed = true;
            call.close(status, endTrailers);
            door.ended(this);
        }
    }

    /** Takes no more, and closes with this once everything taken has been answered. */
    void end(StatusRuntimeException why) {
        Metadata trailers = why.getTrailers();
        end(why.getStatus(), trailers == null ? new Metadata() : trailers);
    }

    private synchronized void end(Status status, Metadata trailers) {
        if (end == null) {
            end = status;
            endTrailers = trailers;
        }
        schedule();
    }

    @Override
    public void onHalfClose() {
        end(Status.OK, new Metadata());
    }

    @Override
    public void onReady() {
        schedule();
    }

    /** The connection is gone, or the caller hung up: what was taken is decided nevertheless, and told to nobody. */
    @Override
    public void onCancel() {
        drop();
    }

    @Override
    public void onComplete() {
        drop();
    }

    private synchronized void drop() {
        end = Status.CANCELLED;
        closed = true;
        answers.clear();
        door.ended(this);
    }

    /** Ends the stream of a caller who has taken no outcome for so long although there are some. */
    synchronized void endIfStalled(Duration limit) {
        if (!closed && stalledSinceNanos != 0 && door.nanos() - stalledSinceNanos > limit.toNanos()) {
            closed = true;
            StatusRuntimeException why = RpcError.of(
                            Code.RESOURCE_EXHAUSTED,
                            "SLOW_CONSUMER",
                            "No outcome was taken for " + limit.toSeconds()
                                    + " s. What was sent may have been done: ask" + " again with the same keys.")
                    .asException();
            Metadata trailers = why.getTrailers();
            answers.clear();
            call.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
            door.ended(this);
        }
    }
}
