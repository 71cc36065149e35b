package org.exchequer.bench;

import java.io.IOException;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * A closed loop: so many callers, each sending its next transfer when the last was answered, so callers = transfers in
 * flight. Latency is what a caller sees.
 */
final class Load {
    /** Sends one transfer and returns when it is durable. */
    @FunctionalInterface
    interface Caller {
        void transfer(int debit, int credit) throws Exception;
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

    /** What was measured. */
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

        double cpuMicros(long total) {
            return transfers == 0 ? 0 : (double) total / transfers;
        }
    }

    private Load() {}

    /** Runs callers, made one per thread, for a warm-up and then a measured time. */
    static Result run(
            int callers,
            Spread spread,
            int accounts,
            long warmupMs,
            long measureMs,
            Optional<Long> postmaster,
            Caller caller)
            throws InterruptedException, IOException {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean measuring = new AtomicBoolean();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Recorder recorder = new Recorder(3);
        LongAdder count = new LongAdder();
        CountDownLatch done = new CountDownLatch(callers);
        for (int i = 0; i < callers; i++) {
            SplittableRandom random = new SplittableRandom(31L * callers + i);
            Thread.ofVirtual().start(() -> {
                try {
                    while (!stop.get()) {
                        int debit = spread == Spread.HOT && random.nextBoolean() ? 0 : random.nextInt(accounts);
                        int credit = (debit + 1 + random.nextInt(accounts - 1)) % accounts;
                        long began = System.nanoTime();
                        caller.transfer(debit, credit);
                        if (measuring.get()) {
                            recorder.recordValue((System.nanoTime() - began) / 1_000);
                            count.increment();
                        }
                    }
                } catch (Throwable t) {
                    failure.compareAndSet(null, t);
                    stop.set(true);
                } finally {
                    done.countDown();
                }
            });
        }
        TimeUnit.MILLISECONDS.sleep(warmupMs);
        CpuTime before = CpuTime.now(postmaster);
        long began = System.nanoTime();
        measuring.set(true);
        TimeUnit.MILLISECONDS.sleep(measureMs);
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
}
