package org.exchequer.inward.control;

import java.time.Duration;
import java.util.Arrays;
import org.exchequer.inward.partner.Places;
import org.exchequer.iso20022.Instruction.Priority;
import org.exchequer.kernel.Ticker;

/**
 * How many payments are worked on at once. The limit adapts to how long the work takes: when the 95th percentile of a
 * window is above the target it falls by a tenth; when it is not, and the places were needed, it grows by its square
 * root (additive increase, multiplicative decrease).
 *
 * <p>A payment that was received and finds no place waits by its priority; when too little time is left it is answered
 * as refused. Messages are turned away before they are received when so many wait that the wait would be of no use:
 * those of low priority first.
 */
public final class WorkGate {
    private static final int WINDOW = 128;
    private static final int LEAST_SAMPLES = 16;
    private static final long EVERY = Duration.ofMillis(100).toNanos();
    private static final double DECREASE = 0.9;
    private static final double NEEDED = 0.8;

    private final Ticker ticker;
    private final Places places;
    private final long[] samples = new long[WINDOW];
    private Bounds bounds;
    private int count;
    private int busiest;
    private long adjusted;

    /**
     * Between which numbers the limit moves.
     *
     * @param least 1 or more
     * @param most at the start
     * @param target time of work at the 95th percentile above which it falls
     */
    public record Bounds(int least, int most, Duration target) {
        /** 50 to 2,000 payments, and 2.5 s of work. */
        public static final Bounds STANDARD = new Bounds(50, 2_000, Duration.ofMillis(2_500));

        /** @throws IllegalArgumentException when they are out of order */
        public Bounds {
            if (least < 1 || least > most) {
                throw new IllegalArgumentException(
                        "payments at once must be 1 or more at least, and not fewer at most");
            }
        }
    }

    public WorkGate(Bounds bounds, Ticker ticker) {
        this.bounds = bounds;
        this.ticker = ticker;
        this.places = new Places(bounds.most());
        this.adjusted = ticker.nanos();
    }

    /** Moves between other bounds from now on. */
    public void adapt(Bounds others) {
        synchronized (samples) {
            if (!others.equals(bounds)) {
                bounds = others;
                places.resize(Math.clamp(places.limit(), others.least(), others.most()));
            }
        }
    }

    /** Whether so many wait already that a message of this priority is better sent again later. */
    public boolean isCrowded(Priority priority) {
        int waiting = places.waiting();
        int limit = places.limit();
        return switch (priority) {
            case HIGH -> waiting >= 2 * limit;
            case NORMAL -> waiting >= limit;
            case LOW -> waiting >= Math.max(1, limit / 2);
        };
    }

    /** Takes a place, waiting for it; false when there was none in time. */
    public boolean enter(Priority priority, long deadlineNanos) {
        boolean entered = places.take(priority, deadlineNanos - ticker.nanos());
        synchronized (samples) {
            busiest = Math.max(busiest, places.taken());
        }
        return entered;
    }

    /** Gives the place back. */
    public void leave(long tookNanos) {
        places.giveBack();
        synchronized (samples) {
            samples[count % WINDOW] = tookNanos;
            count++;
            long now = ticker.nanos();
            if (count >= LEAST_SAMPLES && now - adjusted >= EVERY) {
                adjust();
                adjusted = now;
                count = 0;
                busiest = places.taken();
            }
        }
    }

    private void adjust() {
        long[] window = Arrays.copyOf(samples, Math.min(count, WINDOW));
        Arrays.sort(window);
        long tail = window[(int) (0.95 * (window.length - 1))];
        int limit = places.limit();
        if (tail > bounds.target().toNanos()) {
            places.resize(Math.max(bounds.least(), (int) (limit * DECREASE)));
        } else if (busiest >= NEEDED * limit) {
            places.resize(Math.min(bounds.most(), limit + Math.max(1, (int) Math.sqrt(limit))));
        }
    }

    /** How many may be worked on at once now. */
    public int limit() {
        return places.limit();
    }

    /** How many are. */
    public int working() {
        return places.taken();
    }

    /** How many wait for a place. */
    public int waiting() {
        return places.waiting();
    }
}
