package org.exchequer.kernel;

/**
 * Monotonic time, for deadlines and durations. Passed in like {@link java.time.Clock}, so that tests and the lab move
 * it by hand; wall time may jump, this never does.
 */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since an arbitrary origin; only differences mean something. */
    long nanos();

    /** The machine's monotonic clock. */
    static Ticker system() {
        return System::nanoTime;
    }
}
