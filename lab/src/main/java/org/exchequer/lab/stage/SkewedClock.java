package org.exchequer.lab.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.exchequer.kernel.Ticker;

/** Another clock, put forward or back by the milliseconds that stand in a file, which is read again every 50 ms. */
final class SkewedClock extends Clock {
    private static final long REREAD_NANOS = Duration.ofMillis(50).toNanos();

    private final Clock clock;
    private final Path file;
    private final Ticker ticker;
    private volatile Look look;

    private record Look(long atNanos, long skewMs) {}

    /** @param file need not exist: no skew then */
    SkewedClock(Clock clock, Path file, Ticker ticker) {
        this.clock = clock;
        this.file = file;
        this.ticker = ticker;
        this.look = new Look(ticker.nanos(), read(file));
    }

    @Override
    public Instant instant() {
        Look last = look;
        long now = ticker.nanos();
        if (now - last.atNanos() > REREAD_NANOS) {
            last = new Look(now, read(file));
            look = last;
        }
        return clock.instant().plusMillis(last.skewMs());
    }

    @Override
    public ZoneId getZone() {
        return clock.getZone();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new SkewedClock(clock.withZone(zone), file, ticker);
    }

    /** Written by renaming, so it is never seen half. */
    private static long read(Path file) {
        try {
            return Files.exists(file) ? Long.parseLong(Files.readString(file).strip()) : 0;
        } catch (IOException removed) {
            return 0;
        }
    }
}
