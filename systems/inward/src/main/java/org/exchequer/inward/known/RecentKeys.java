package org.exchequer.inward.known;

import java.time.Duration;
import org.exchequer.kernel.Ticker;

/**
 * Hashes of messages of the last hours, in two Bloom filters that take turns: one is filled for a while, or until it is
 * full, then it becomes the older one, and what that one held is forgotten. So memory is bounded, and what was added is
 * known for that while at least, unless so many come that it fills sooner. Safe to use from any thread.
 */
final class RecentKeys {
    /** Of both filters together, when both are full. */
    static final double FALSE_POSITIVES = 1e-3;

    private final int most;
    private final long whileNanos;
    private final Ticker ticker;
    private volatile Generations generations;

    private record Generations(BloomFilter current, BloomFilter older, long begun) {}

    /**
     * @param most hashes for each filter; about 2 bytes of memory for each
     * @param lasts how long one is filled
     */
    RecentKeys(int most, Duration lasts, Ticker ticker) {
        this.most = most;
        this.whileNanos = lasts.toNanos();
        this.ticker = ticker;
        this.generations = new Generations(empty(), empty(), ticker.nanos());
    }

    private BloomFilter empty() {
        return new BloomFilter(most, FALSE_POSITIVES / 2);
    }

    void add(byte[] hash) {
        now().current().add(hash);
    }

    /** False when it was surely not added, or so long ago that it is forgotten. */
    boolean mightContain(byte[] hash) {
        Generations now = now();
        return now.current().mightContain(hash) || now.older().mightContain(hash);
    }

    /** Memory of both filters. */
    long bytes() {
        Generations now = generations;
        return now.current().bytes() + now.older().bytes();
    }

    private Generations now() {
        Generations now = generations;
        return isOver(now) ? roll() : now;
    }

    private boolean isOver(Generations now) {
        return ticker.nanos() - now.begun() >= whileNanos || now.current().isFull();
    }

    private synchronized Generations roll() {
        Generations now = generations;
        if (!isOver(now)) {
            return now;
        }
        long at = ticker.nanos();
        boolean bothOver = at - now.begun() >= 2 * whileNanos;
        generations = new Generations(empty(), bothOver ? empty() : now.current(), at);
        return generations;
    }
}
