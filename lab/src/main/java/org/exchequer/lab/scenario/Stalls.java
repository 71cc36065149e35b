package org.exchequer.lab.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;

/** Notes when the lab's own process stood still: what it measured then is not the program's doing. */
final class Stalls implements AutoCloseable {
    private static final long STEP_MS = 20;
    private static final long STALL = TimeUnit.MILLISECONDS.toNanos(150);

    private final Ticker ticker;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread thread;
    // Guarded by this.
    private final List<long[]> spans = new ArrayList<>();

    private Stalls(Ticker ticker) {
        this.ticker = ticker;
        this.thread = Thread.ofPlatform().name("stalls").daemon().unstarted(this::run);
    }

    static Stalls watch(Ticker ticker) {
        Stalls stalls = new Stalls(ticker);
        stalls.thread.start();
        return stalls;
    }

    private void run() {
        try {
            long before = ticker.nanos();
            while (!end.await(STEP_MS, TimeUnit.MILLISECONDS)) {
                long now = ticker.nanos();
                if (now - before > STALL) {
                    synchronized (this) {
                        spans.add(new long[] {before, now});
                    }
                }
                before = now;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** From when to when, by the ticker. */
    synchronized List<long[]> spans() {
        return List.copyOf(spans);
    }

    @Override
    public void close() throws InterruptedException {
        end.countDown();
        thread.join();
    }
}
