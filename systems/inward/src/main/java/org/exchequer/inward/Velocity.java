package org.exchequer.inward;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import org.exchequer.kernel.Ticker;

/**
 * How often somebody pays: counts of the last hour by five minutes, and of the last day by the hour, each with the part
 * of the oldest bucket that may lie outside. Of this node, since its start; at most 200,000 payers, those seen last.
 */
final class Velocity {
    private static final int MOST_PAYERS = 200_000;
    private static final long FIVE_MINUTES = Duration.ofMinutes(5).toNanos();
    private static final long HOUR = Duration.ofHours(1).toNanos();

    /** Payments with the one that is being counted. */
    record Count(int hour, int day) {}

    private static final class Payer {
        private final Window hour = new Window(FIVE_MINUTES, 12);
        private final Window day = new Window(HOUR, 24);

        synchronized Count add(long nanos) {
            return new Count(hour.add(nanos), day.add(nanos));
        }
    }

    private static final class Window {
        private final long width;
        private final int[] counts;
        private long newest = Long.MIN_VALUE;

        Window(long width, int buckets) {
            this.width = width;
            this.counts = new int[buckets];
        }

        int add(long nanos) {
            long bucket = Math.floorDiv(nanos, width);
            if (newest == Long.MIN_VALUE) {
                newest = bucket;
            }
            for (long passed = newest + 1; passed <= bucket && passed <= newest + counts.length; passed++) {
                counts[Math.floorMod(passed, counts.length)] = 0;
            }
            newest = Math.max(newest, bucket);
            counts[Math.floorMod(newest, counts.length)]++;
            int sum = 0;
            for (int count : counts) {
                sum += count;
            }
            return sum;
        }
    }

    private final Ticker ticker;
    private final Cache<String, Payer> payers;

    Velocity(Ticker ticker) {
        this.ticker = ticker;
        this.payers = Caffeine.newBuilder()
                .maximumSize(MOST_PAYERS)
                .expireAfterAccess(Duration.ofDays(1))
                .ticker(ticker::nanos)
                .build();
    }

    /** Counts a payment. */
    Count add(String payer) {
        return payers.get(payer, key -> new Payer()).add(ticker.nanos());
    }
}
