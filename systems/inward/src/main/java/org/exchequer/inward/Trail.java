package org.exchequer.inward;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.core.Way;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to one payment. Its thread writes it, others may read it. A first part is made durable while
 * partners are still asked, so that the ledger is never asked for what nobody could account for afterwards.
 */
final class Trail {
    private final Parts parts;
    private final UUID payment;
    private final List<PaymentEvent> events = new CopyOnWriteArrayList<>();

    /** Of the first part; null before, and when it cannot be stored for now. */
    private volatile @Nullable CompletableFuture<Void> stored;

    Trail(Parts parts, UUID payment) {
        this.parts = parts;
        this.payment = payment;
    }

    void add(PaymentEvent event) {
        events.add(event);
    }

    /** The number of the next event. */
    int next() {
        return events.size() + 1;
    }

    List<PaymentEvent> events() {
        return List.copyOf(events);
    }

    /** Has what there is stored, and does not wait for it. */
    void store() {
        stored = parts.way().apply(new Way(payment, events())).orElse(null);
    }

    /**
     * Waits for what {@link #store} began.
     *
     * @param deadline by the ticker
     * @return false when it is not durable by then
     */
    boolean await(long deadline) throws InterruptedException, ExecutionException {
        if (stored == null) {
            store();
        }
        CompletableFuture<Void> done = stored;
        if (done == null) {
            return false;
        }
        try {
            done.get(Math.max(0, deadline - parts.ticker().nanos()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException late) {
            return false;
        }
    }
}
