package org.exchequer.inward.partner;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.exchequer.inward.core.Terms;
import org.exchequer.inward.core.Terms.Standing;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;
import org.exchequer.kernel.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which banks take part, as the availability service said last. It is read anew in the background: who looks a bank up
 * never waits. While the service cannot be reached, what it said before goes on to hold, and {@link #age} tells how old
 * that is.
 */
public final class Directory implements Terms.Banks, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private record Known(Map<String, Standing> banks, long atNanos) {}

    private final Availability availability;
    private final Ticker ticker;
    private final ScheduledExecutorService reader = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("inward-directory").daemon().factory());
    private volatile Optional<Known> known = Optional.empty();

    public Directory(Availability availability, Ticker ticker) {
        this.availability = availability;
        this.ticker = ticker;
    }

    /**
     * Reads it once, waiting 2 s at most, and from then on in the background.
     *
     * @param every how long after one reading the next begins
     * @return whether the first reading succeeded
     */
    public boolean start(Duration every) {
        boolean read = refresh();
        var unused =
                reader.scheduleWithFixedDelay(this::refresh, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        return read;
    }

    /** Reads it now; returns whether that succeeded. */
    public boolean refresh() {
        Reply<Map<String, Standing>> reply = availability.banks(ticker.nanos() + PATIENCE.toNanos());
        switch (reply) {
            case Answered<Map<String, Standing>>(Map<String, Standing> banks) ->
                known = Optional.of(new Known(banks, ticker.nanos()));
            case Late<Map<String, Standing>>(String why) -> LOG.warn("Banks not read: {}", why);
            case Unreachable<Map<String, Standing>>(Cause cause, String why) ->
                LOG.warn("Banks not read: {} ({})", why, cause);
        }
        return reply instanceof Answered<Map<String, Standing>>;
    }

    /** {@inheritDoc} Nobody takes part before the first reading: {@link #age} is empty then. */
    @Override
    public Optional<Standing> standing(String bic8) {
        return known.map(last -> last.banks().get(bic8));
    }

    /** Whether it was ever read. */
    public boolean isRead() {
        return age().isPresent();
    }

    /** How long ago the service was read; empty when it never was. */
    public Optional<Duration> age() {
        return known.map(last -> Duration.ofNanos(ticker.nanos() - last.atNanos()));
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}
