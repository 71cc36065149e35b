package org.exchequer.inward.partner;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.kernel.Ticker;

/** Time that passes only when it is told to. */
public final class HandTicker implements Ticker {
    private final AtomicLong nanos = new AtomicLong(1_000_000_000_000L);

    @Override
    public long nanos() {
        return nanos.get();
    }

    /** Lets time pass. */
    public void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** The time so many milliseconds from now. */
    public long in(long ms) {
        return nanos() + Duration.ofMillis(ms).toNanos();
    }
}
