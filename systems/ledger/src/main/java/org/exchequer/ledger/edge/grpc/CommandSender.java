package org.exchequer.ledger.edge.grpc;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.CommandBatch;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto.OutcomeBatch;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands over one stream that all callers share, opened when first needed and again after it ended. What was
 * surely not taken is {@link Outcome.Refused}; what may have been, but brought no outcome, is {@link Outcome.Unknown}.
 */
final class CommandSender implements AutoCloseable {
    private static final int MAX_WAITING = 65_536;
    private static final long LOOK_MS = 500;
    private static final long RECONNECT_MS = 200;

    /** One command and who waits for its outcome. */
    static final class Waiting {
        final LedgerProto.Command command;
        final int bytes;
        final long sinceNanos;
        final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        private boolean sentAgain;

        Waiting(LedgerProto.Command command, long sinceNanos) {
            this.command = command;
            this.bytes = command.getSerializedSize();
            this.sinceNanos = sinceNanos;
        }
    }

    private final ManagedChannel channel;
    private final MethodDescriptor<CommandBatch, OutcomeBatch> method;
    private final Supplier<Metadata> headers;
    private final Ticker ticker;
    private final Duration patience;
    private final AtomicInteger waiting = new AtomicInteger();
    private final ExecutorService executor = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("ledger-client-", 0).factory());
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-client").factory());

    // Guarded by this.
    private volatile @Nullable SenderStream stream;
    private volatile boolean closed;
    private long reconnectedNanos;

    /**
     * @param headers made anew for each stream, e.g. with a token that holds now
     * @param patience how long a command may wait for its outcome
     */
    CommandSender(
            ManagedChannel channel,
            MethodDescriptor<CommandBatch, OutcomeBatch> method,
            Supplier<Metadata> headers,
            Ticker ticker,
            Duration patience) {
        this.channel = channel;
        this.method = method;
        this.headers = headers;
        this.ticker = ticker;
        this.patience = patience;
        this.reconnectedNanos = ticker.nanos();
        timer.scheduleWithFixedDelay(this::giveUpLate, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    CompletableFuture<Outcome> send(Command command) {
        SenderStream open;
        try {
            open = stream();
        } catch (RejectedExecutionException closing) {
            open = null; // closed while a stream was being started
        }
        if (open == null) {
            return CompletableFuture.completedFuture(new Outcome.Refused(Cause.STOPPING, 1_000));
        }
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.completedFuture(new Outcome.Refused(Cause.OVERLOADED, 100));
        }
        Waiting one = new Waiting(CommandProto.write(command), ticker.nanos());
        one.outcome.whenComplete((outcome, failure) -> waiting.decrementAndGet());
        try {
            open.offer(one);
        } catch (RejectedExecutionException closing) {
            // Closed since we looked, e.g. because another node is the writer now: no thread is left to send anything.
            one.outcome.complete(Ends.NOT_TAKEN);
        }
        return one.outcome;
    }

    /** Once more, over a new stream: the server said that it had not taken it from the old one. */
    void sendAgain(Waiting one) {
        boolean again = one.sentAgain;
        one.sentAgain = true;
        try {
            SenderStream open = again ? null : stream();
            if (open == null) {
                one.outcome.complete(Ends.NOT_TAKEN);
            } else {
                open.offer(one);
            }
        } catch (RuntimeException noHeaders) {
            one.outcome.completeExceptionally(noHeaders);
        }
    }

    /** An open stream; null when this is closed. */
    private @Nullable SenderStream stream() {
        SenderStream open = stream;
        return open != null && !open.isClosed() && !closed ? open : newStream();
    }

    private synchronized @Nullable SenderStream newStream() {
        if (closed) {
            return null;
        }
        SenderStream open = stream;
        if (open != null && !open.isClosed()) {
            return open;
        }
        Metadata given = headers.get();
        // A channel that failed to connect would wait longer each time; its callers would rather know.
        long now = ticker.nanos();
        if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
                && now - reconnectedNanos > TimeUnit.MILLISECONDS.toNanos(RECONNECT_MS)) {
            reconnectedNanos = now;
            channel.resetConnectBackoff();
        }
        SenderStream fresh =
                new SenderStream(this, channel.newCall(method, CallOptions.DEFAULT.withExecutor(executor)), executor);
        fresh.begin(given);
        // Only now: a call that was not started must not be used by those who come without the lock.
        stream = fresh;
        return fresh;
    }

    private void giveUpLate() {
        SenderStream open = stream;
        if (open != null) {
            open.giveUp(ticker.nanos() - patience.toNanos(), patience);
        }
    }

    /** Waits shortly for outcomes that are still to come; what brings none by then is unknown. */
    @Override
    public void close() {
        SenderStream open;
        synchronized (this) {
            closed = true;
            open = stream;
        }
        if (open != null) {
            open.close();
        }
        timer.shutdownNow();
        executor.shutdown();
    }
}
