package org.exchequer.ledger.edge.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.edge.grpc.v1.NodeServiceGrpc;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.jspecify.annotations.Nullable;

/**
 * Sends commands to the node that is the writer. What never left here or was refused at the door is {@link
 * Outcome.Refused}; what may have been taken but brought no outcome is {@link Outcome.Unknown}.
 */
public final class NodeClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Outcome STOPPING = new Outcome.Refused(Outcome.Refused.Cause.STOPPING, 1_000);

    /** The way to the writer of one epoch. */
    private record Way(Holder writer, ManagedChannel channel, CommandSender commands) {
        boolean leadsTo(Holder other) {
            return writer.epoch() == other.epoch() && writer.url().equals(other.url());
        }

        void close() {
            commands.close();
            channel.shutdownNow();
        }
    }

    private final Ticker ticker;
    private volatile @Nullable Way way;
    private boolean closed;

    public NodeClient(Ticker ticker) {
        this.ticker = ticker;
    }

    public CompletableFuture<Outcome> send(Holder writer, Command command) {
        Way open = wayTo(writer);
        return open == null
                ? CompletableFuture.completedFuture(STOPPING)
                : open.commands().send(command);
    }

    /** Sends a linked batch. */
    public CompletableFuture<List<Outcome>> sendLinked(Holder writer, List<Command> commands) {
        Way open = wayTo(writer);
        return open == null
                ? CompletableFuture.completedFuture(Collections.nCopies(commands.size(), STOPPING))
                : LinkedCall.send(
                        open.channel(), NodeServiceGrpc.getExecuteLinkedMethod(), secret(writer), commands, PATIENCE);
    }

    private @Nullable Way wayTo(Holder writer) {
        Way open = way;
        return open != null && open.leadsTo(writer) ? open : newWayTo(writer);
    }

    private synchronized @Nullable Way newWayTo(Holder writer) {
        Way open = way;
        if (closed || (open != null && open.leadsTo(writer))) {
            return closed ? null : open;
        }
        ManagedChannel channel = Channels.open(writer.url(), null);
        Way fresh = new Way(
                writer,
                channel,
                new CommandSender(
                        channel, NodeServiceGrpc.getExecuteStreamMethod(), () -> secret(writer), ticker, PATIENCE));
        way = fresh;
        if (open != null) {
            // Elsewhere: it waits for outcomes that may still come from the former writer.
            Thread.ofVirtual().name("ledger-former-writer").start(open::close);
        }
        return fresh;
    }

    private static Metadata secret(Holder writer) {
        Metadata headers = new Metadata();
        headers.put(NodeRpc.TOKEN, writer.token());
        return headers;
    }

    @Override
    public void close() {
        Way open;
        synchronized (this) {
            closed = true;
            open = way;
        }
        if (open != null) {
            open.close();
        }
    }
}
