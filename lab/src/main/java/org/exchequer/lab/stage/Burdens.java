package org.exchequer.lab.stage;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.faults.Faults;

/** What a node can be made to bear: no memory, no processor, no connections, models that are wrong. */
final class Burdens {
    private static final int PIECE = 1 << 20;
    /** So much of the heap at least is left, whatever is asked for: a node that runs out of memory ends. */
    private static final long LEAST_FREE = 40L << 20;

    private static final int PERCENT = 100;
    private static final long TURN = TimeUnit.MILLISECONDS.toNanos(50);

    private final Faults faults;
    private final Ticker ticker;

    /** Something that weighs on the node. */
    interface Burden {
        /** Takes it away, and says what it came to. */
        Seen end();
    }

    /** What it came to. */
    record Seen(boolean bit, String words) {}

    Burdens(Faults faults, Ticker ticker) {
        this.faults = faults;
        this.ticker = ticker;
    }

    /** @throws IllegalArgumentException when it cannot be begun */
    Burden begin(Order order) {
        return switch (order.what()) {
            case HEAP -> heap(order.amount());
            case CPU -> processors(order.amount());
            case SUPPLY -> supply(order.supply(), order.amount());
            case MODEL_SLOW,
                    MODEL_SPIKES,
                    MODEL_HANGS,
                    MODEL_FAILS,
                    FEATURES_MISSING,
                    FEATURES_STALE,
                    FEATURES_DRIFT,
                    REASONS_FAIL -> new ModelTroubles(faults, ticker, order.number()).begin(order);
        };
    }

    private static Burden heap(int percent) {
        MemoryUsage before = heapAfterCollection();
        long most = before.getMax() - LEAST_FREE;
        long wanted = Math.min(before.getMax() * percent / PERCENT, most) - before.getUsed();
        List<byte[]> held = new ArrayList<>();
        for (long bytes = 0; bytes < wanted; bytes += PIECE) {
            held.add(new byte[PIECE]);
        }
        MemoryUsage full = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return () -> {
            int pieces = held.size();
            held.clear();
            return new Seen(
                    pieces > 0,
                    "%d MiB were held; %d of %d MiB were in use, %d before"
                            .formatted(
                                    pieces, full.getUsed() / PIECE, full.getMax() / PIECE, before.getUsed() / PIECE));
        };
    }

    private static MemoryUsage heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    }

    private Burden processors(int percent) {
        int count = Runtime.getRuntime().availableProcessors();
        AtomicBoolean over = new AtomicBoolean();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long began = ticker.nanos();
        for (int i = 0; i < count; i++) {
            Thread.ofPlatform().name("burden-" + i).daemon().start(() -> spin(percent, over));
        }
        return () -> {
            over.set(true);
            long spent = system.getProcessCpuTime() - cpu;
            long share = PERCENT * spent / Math.max(1, (ticker.nanos() - began) * count);
            return new Seen(
                    spent > 0, "the node had %d %% of %d processors, asked for %d %%".formatted(share, count, percent));
        };
    }

    private void spin(int percent, AtomicBoolean over) {
        try {
            while (!over.get()) {
                long until = ticker.nanos() + TURN * percent / PERCENT;
                while (ticker.nanos() - until < 0) {
                    Thread.onSpinWait();
                }
                TimeUnit.NANOSECONDS.sleep(TURN - TURN * percent / PERCENT);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private Burden supply(String name, int percent) {
        Faults.Taken taken = faults.take(name, percent);
        return () -> {
            int count = taken.count();
            taken.close();
            return new Seen(count > 0, "%d of %s were taken away".formatted(count, name));
        };
    }
}
