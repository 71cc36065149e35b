package org.exchequer.lab.linear;

import java.time.Duration;
import org.exchequer.kernel.Ticker;

/**
 * What a search may use before it gives up.
 *
 * @param deadlineNanos on the ticker
 * @param configurations most that are remembered; one takes about 200 bytes
 */
public record Budget(Ticker ticker, long deadlineNanos, long configurations) {
    public static final long DEFAULT_CONFIGURATIONS = 1_000_000;

    /** A budget that begins now. */
    public static Budget of(Ticker ticker, Duration time) {
        return new Budget(ticker, ticker.nanos() + time.toNanos(), DEFAULT_CONFIGURATIONS);
    }

    boolean late() {
        return ticker.nanos() - deadlineNanos > 0;
    }
}
