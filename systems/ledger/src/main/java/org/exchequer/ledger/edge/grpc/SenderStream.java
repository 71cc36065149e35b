package org.exchequer.ledger.edge.grpc;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.exchequer.ledger.edge.grpc.CommandSender.Waiting;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.CommandBatch;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.NumberedOutcome;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.exchequer.platform.grpc.RpcError;

/**
 * One stream of commands on the client. Commands wait in the outbox until the transport wants them; what has gathered
 * by then goes out in one message.
 */
final class SenderStream extends ClientCall.Listener<OutcomeBatch> {
    private static final int BYTES_PER_MESSAGE = 512 << 10;
    private static final int MESSAGES_AHEAD = 8;
    private static final long CLOSE_S = 5;

    private final CommandSender sender;
    private final ClientCall<CommandBatch, OutcomeBatch> call;
    private final Executor executor;
    private final Queue<Waiting> outbox = new ConcurrentLinkedQueue<>();
    private final Map<Long, Waiting> sent = new ConcurrentHashMap<>();
    private final AtomicInteger work = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile Consumer<Waiting> afterEnd = waiting -> waiting.outcome.complete(Ends.NOT_TAKEN);

    // Guarded by this.
    private long next;
    private boolean halfClosed;

    SenderStream(CommandSender sender, ClientCall<CommandBatch, OutcomeBatch> call, Executor executor) {
        this.sender = sender;
        this.call = call;
        this.executor = executor;
    }

    void begin(Metadata headers) {
        call.start(this, headers);
        call.request(MESSAGES_AHEAD);
    }

    boolean isClosed() {
        return closed;
    }

    void offer(Waiting one) {
        outbox.add(one);
        if (closed) {
            emptyOutbox(); // it ended between the check and the offer
        } else {
            schedule();
        }
    }

    /** One thread at a time sends; whoever comes meanwhile leaves word for it to look again. */
    private void schedule() {
        if (work.getAndIncrement() == 0) {
            executor.execute(this::run);
        }
    }

    private void run() {
        int seen;
        do {
            seen = work.get();
            flush();
        } while (!work.compareAndSet(seen, 0));
    }

    private synchronized void flush() {
        while (!closed && !halfClosed && call.isReady() && !outbox.isEmpty()) {
            CommandBatch.Builder batch = CommandBatch.newBuilder();
            int bytes = 0;
            for (Waiting one = outbox.poll(); one != null; one = outbox.poll()) {
                batch.addCommands(one.command);
                sent.put(next++, one);
                bytes += one.bytes;
                if (batch.getCommandsCount() == CommandFrames.MAX_ITEMS || bytes >= BYTES_PER_MESSAGE) {
                    break;
                }
            }
            call.sendMessage(batch.build());
        }
    }

    @Override
    public void onReady() {
        schedule();
    }

    @Override
    public void onMessage(OutcomeBatch batch) {
        for (NumberedOutcome one : batch.getOutcomesList()) {
            Waiting waiting = sent.remove(one.getIndex());
            if (waiting != null) {
                complete(waiting, one);
            }
        }
        call.request(1);
    }

    private static void complete(Waiting waiting, NumberedOutcome answer) {
        try {
            waiting.outcome.complete(OutcomeProto.read(answer.getOutcome()));
        } catch (InvalidCommandException e) {
            waiting.outcome.completeExceptionally(e);
        } catch (IllegalArgumentException e) {
            waiting.outcome.complete(new Outcome.Unknown("the server answers in words of another version: " + e));
        }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        String given = RpcError.reasonOf(status, trailers);
        String reason = given == null ? "" : given;
        Consumer<Waiting> verdict =
                reason.equals(Ends.TOKEN_EXPIRED) ? sender::sendAgain : waiting -> end(waiting, status, reason);
        afterEnd =
                reason.equals(Ends.TOKEN_EXPIRED) ? sender::sendAgain : waiting -> endUnsent(waiting, status, reason);
        closed = true;
        List<Waiting> unanswered;
        synchronized (this) {
            unanswered = List.copyOf(sent.values());
            sent.clear();
        }
        unanswered.forEach(verdict);
        emptyOutbox();
        ended.countDown();
    }

    private static void end(Waiting waiting, Status status, String reason) {
        try {
            waiting.outcome.complete(Ends.of(status, reason));
        } catch (InvalidCommandException e) {
            waiting.outcome.completeExceptionally(e);
        }
    }

    /** What never left here is not taken, whatever became of the rest; but who may not call is told so. */
    private static void endUnsent(Waiting waiting, Status status, String reason) {
        try {
            Outcome outcome = Ends.of(status, reason);
            waiting.outcome.complete(outcome instanceof Outcome.Unknown ? Ends.NOT_TAKEN : outcome);
        } catch (InvalidCommandException e) {
            waiting.outcome.completeExceptionally(e);
        }
    }

    private void emptyOutbox() {
        for (Waiting one = outbox.poll(); one != null; one = outbox.poll()) {
            afterEnd.accept(one);
        }
    }

    /** Ends the wait of those who came before this. */
    void giveUp(long beforeNanos, Duration patience) {
        for (Iterator<Waiting> all = outbox.iterator(); all.hasNext(); ) {
            Waiting one = all.next();
            if (one.sinceNanos - beforeNanos < 0 && outbox.remove(one)) {
                one.outcome.complete(new Outcome.Refused(Cause.OVERLOADED, 1_000));
            }
        }
        for (Map.Entry<Long, Waiting> one : sent.entrySet()) {
            if (one.getValue().sinceNanos - beforeNanos < 0 && sent.remove(one.getKey(), one.getValue())) {
                one.getValue()
                        .outcome
                        .complete(new Outcome.Unknown("no outcome within " + patience.toSeconds() + " s"));
            }
        }
    }

    /** Sends no more, waits shortly for what is still to come, and ends. */
    void close() {
        synchronized (this) {
            if (!closed) {
                halfClosed = true;
                call.halfClose();
            }
        }
        try {
            if (!ended.await(CLOSE_S, TimeUnit.SECONDS)) {
                call.cancel("the client is closing", null);
                ended.await(CLOSE_S, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            call.cancel("the client is closing", e);
            Thread.currentThread().interrupt();
        }
    }
}
