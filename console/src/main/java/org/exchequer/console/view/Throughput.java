package org.exchequer.console.view;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.exchequer.kernel.Ticker;

/**
 * How fast the journal grows, from its positions seen at different times. Nobody counts while nobody looks: the rate
 * is over the time between looks, at most the last minute when looks are frequent.
 */
public final class Throughput {
    private static final long SPACING_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private long first;

    private record Sample(long nanos, long sequence) {}

    /**
     * What can be said now.
     *
     * @param commands how many were decided since counting started
     * @param perSecond rate over the last {@code seconds}; empty while there is nothing to compare with
     * @param seconds how far back the rate reaches
     */
    public record Rate(String commands, String perSecond, long seconds) {}

    /** @param first position when counting starts, or -1 to start at the first look */
    public Throughput(Ticker ticker, long first) {
        this.ticker = ticker;
        this.first = first;
    }

    /** Takes note of the journal's last position and answers the rate up to it. */
    public synchronized Rate observe(long sequence) {
        long now = ticker.nanos();
        if (first < 0) {
            first = sequence;
        }
        while (samples.size() > 1 && now - samples.getFirst().nanos() > WINDOW_NANOS) {
            samples.removeFirst();
        }
        Sample oldest = samples.peekFirst();
        if (oldest == null || now - samples.getLast().nanos() >= SPACING_NANOS) {
            samples.addLast(new Sample(now, sequence));
        }
        String commands = Amounts.count(sequence - first);
        if (oldest == null || now - oldest.nanos() < SPACING_NANOS) {
            return new Rate(commands, "", 0);
        }
        long elapsed = now - oldest.nanos();
        long tenths = (sequence - oldest.sequence())
                * 10_000
                / Duration.ofNanos(elapsed).toMillis();
        String rate = tenths >= 1_000 ? Amounts.count(tenths / 10) : tenths / 10 + "." + tenths % 10;
        return new Rate(commands, rate, Duration.ofNanos(elapsed).toSeconds());
    }
}
