package org.exchequer.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: so many callers, each sending its next transfers when the last were answered. Latency is what a caller
 * sees. Callers wait on virtual threads; thousands of them, where the door can be asked without waiting, are called
 * back.
 */
final class Load {
    /** Sends transfers and returns when they are durable. */
    @FunctionalInterface
    interface Caller {
        /** @return how many */
        int send(Pairs pairs) throws Exception;
    }

    /** Sends one transfer without waiting for it. */
    interface AsyncCaller extends Caller {
        /** @return completed when the transfer is durable, or exceptionally when it was not posted */
        CompletableFuture<?> submit(Pairs pairs);

        @Override
        default int send(Pairs pairs) throws Exception {
            submit(pairs).get();
            return 1;
        }
    }

    /** Told once a second while it is measured, with the transfers so far. */
    @FunctionalInterface
    interface Watch {
        void second(long transfers);
    }

    /** Which accounts a transfer touches. */
    enum Spread {
        UNIFORM("uniform"),
        /** Half of all transfers debit the same account. */
        HOT("half on one account");

        final String text;

        Spread(String text) {
            this.text = text;
        }
    }

    /** Pairs of different accounts, by number, drawn from a caller's own seed. */
    static final class Pairs {
        private final SplittableRandom random;
        private final Spread spread;
        private final int accounts;
        private int debit;
        private int credit;

        Pairs(long seed, Spread spread, int accounts) {
            this.random = new SplittableRandom(seed);
            this.spread = spread;
            this.accounts = accounts;
        }

        /** Draws the next pair. */
        void next() {
            debit = spread == Spread.HOT && random.nextBoolean() ? 0 : random.nextInt(accounts);
            credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
        }

        int debit() {
            return debit;
        }

        int credit() {
            return credit;
        }
    }

    /** What was measured; the latency is of one call, in microseconds. */
    record Result(long transfers, long nanos, Histogram latency, CpuTime cpu) {
        long perSecond() {
            return transfers * 1_000_000_000L / nanos;
        }

        Result plus(Result other) {
            Histogram both = latency.copy();
            both.add(other.latency);
            CpuTime total = new CpuTime(cpu.java() + other.cpu.java(), cpu.postgres() + other.cpu.postgres());
            return new Result(transfers + other.transfers, nanos + other.nanos, both, total);
        }

        /** Processor time per transfer. */
        double each(long micros) {
            return transfers == 0 ? 0 : (double) micros / transfers;
        }
    }

    /**
     * How to load.
     *
     * @param callers that call at the same time
     * @param accounts numbered from 0
     * @param warmupMs before anything is counted
     */
    record Plan(int callers, Spread spread, int accounts, long warmupMs, long measureMs) {}

    /** More callers than these are called back where they can be: their threads would cost as much as the ledger. */
    private static final int MOST_THREADS = 256;

    private final Plan plan;
    private final Caller caller;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicBoolean measuring = new AtomicBoolean();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Recorder recorder = new Recorder(3);
    private final LongAdder count = new LongAdder();
    private final CountDownLatch done;

    private Load(Plan plan, Caller caller) {
        this.plan = plan;
        this.caller = caller;
        this.done = new CountDownLatch(plan.callers);
    }

    static Result run(Plan plan, Optional<Long> postmaster, Caller caller) throws InterruptedException, IOException {
        return run(plan, postmaster, caller, transfers -> {});
    }

    /** Runs the callers for the warm-up and then the measured time, and returns when all have been answered. */
    static Result run(Plan plan, Optional<Long> postmaster, Caller caller, Watch watch)
            throws InterruptedException, IOException {
        return new Load(plan, caller).run(postmaster, watch);
    }

    private Result run(Optional<Long> postmaster, Watch watch) throws InterruptedException, IOException {
        for (int i = 0; i < plan.callers; i++) {
            Pairs pairs = new Pairs(31L * plan.callers + i, plan.spread, plan.accounts);
            if (caller instanceof AsyncCaller async && plan.callers > MOST_THREADS) {
                next(async, pairs);
            } else {
                Thread.ofVirtual().start(() -> call(pairs));
            }
        }
        TimeUnit.MILLISECONDS.sleep(plan.warmupMs);
        CpuTime before = CpuTime.now(postmaster);
        long began = System.nanoTime();
        measuring.set(true);
        long end = began + TimeUnit.MILLISECONDS.toNanos(plan.measureMs);
        for (long left = plan.measureMs; left > 0; left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
            TimeUnit.MILLISECONDS.sleep(Math.min(left, 1_000));
            watch.second(count.sum());
        }
        measuring.set(false);
        long nanos = System.nanoTime() - began;
        CpuTime cpu = CpuTime.now(postmaster).since(before);
        stop.set(true);
        done.await();
        Throwable failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a caller failed: " + failed, failed);
        }
        return new Result(count.sum(), nanos, recorder.getIntervalHistogram(), cpu);
    }

    private void call(Pairs pairs) {
        try {
            while (!stop.get()) {
                long began = System.nanoTime();
                answered(began, caller.send(pairs));
            }
        } catch (Throwable t) {
            failed(t);
        } finally {
            done.countDown();
        }
    }

    /** Sends a transfer, and when it was answered the next. */
    private void next(AsyncCaller async, Pairs pairs) {
        if (stop.get()) {
            done.countDown();
            return;
        }
        long began = System.nanoTime();
        CompletableFuture<?> transfer;
        try {
            transfer = async.submit(pairs);
        } catch (RuntimeException e) {
            transfer = CompletableFuture.failedFuture(e);
        }
        transfer.whenComplete((posted, refused) -> {
            if (refused == null) {
                answered(began, 1);
            } else {
                failed(refused);
            }
            next(async, pairs);
        });
    }

    private void answered(long began, int transfers) {
        if (measuring.get()) {
            recorder.recordValue((System.nanoTime() - began) / 1_000);
            count.add(transfers);
        }
    }

    private void failed(Throwable t) {
        failure.compareAndSet(null, t);
        stop.set(true);
    }
}
