package org.exchequer.lab.load;

import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * When operations are to begin: a Poisson process, fixed before the run. Nobody waits for an answer to ask the next
 * thing, as customers do not, so a stall of the program is felt by everything that falls due in it (see G. Tene, How
 * NOT to Measure Latency, on coordinated omission).
 */
public final class Arrivals {
    private Arrivals() {}

    /**
     * Times since the beginning, in nanoseconds, rising.
     *
     * @param perSecond mean rate, 1 or more
     */
    public static long[] poisson(int perSecond, Duration length, RandomGenerator random) {
        if (perSecond < 1) {
            throw new IllegalArgumentException("perSecond must be 1 or more");
        }
        long end = length.toNanos();
        double meanNanos = 1e9 / perSecond;
        long[] times = new long[1_024];
        int count = 0;
        for (double at = next(random, meanNanos); at < end; at += next(random, meanNanos)) {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = (long) at;
        }
        return Arrays.copyOf(times, count);
    }

    private static double next(RandomGenerator random, double mean) {
        return -Math.log(1 - random.nextDouble()) * mean;
    }
}
