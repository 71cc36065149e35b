package org.exchequer.lab.sim;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.exchequer.kernel.Ticker;

/**
 * Simulated time: what is due happens in order, and nothing happens in between. Everything that is left to chance is
 * drawn from the seed and from what it is drawn for, not from how often was drawn before: so leaving one thing out of a
 * run leaves the others as they were.
 */
public final class Simulation implements Ticker {
    private record Due(long at, long order, Runnable action) {}

    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private final long seed;
    private long now;
    private long order;

    public Simulation(long seed) {
        this.seed = seed;
    }

    /** Simulated nanoseconds since the run began. */
    @Override
    public long nanos() {
        return now;
    }

    /** Does it at this time, or now when that has passed. */
    public void at(long nanos, Runnable action) {
        queue.add(new Due(Math.max(nanos, now), order++, action));
    }

    /** Does it so much later. */
    public void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /** Runs until nothing is due by this time. */
    public void runUntil(long nanos) {
        while (!queue.isEmpty() && queue.element().at() <= nanos) {
            Due due = queue.remove();
            now = due.at();
            due.action().run();
        }
        now = Math.max(now, nanos);
    }

    /** A number from 0 to bound - 1, the same for the same seed and the same things it is drawn for. */
    public long draw(long bound, long... identity) {
        long mixed = seed;
        for (long part : identity) {
            mixed = mix(mixed ^ (part * 0x9E3779B97F4A7C15L));
        }
        return Long.remainderUnsigned(mix(mixed), bound);
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
