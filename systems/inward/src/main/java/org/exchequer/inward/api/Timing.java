package org.exchequer.inward.api;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How long many things took: counts in bins, from which shares and quantiles follow.
 *
 * @param bins how many took at least the bound before and less than the bound of their place in {@link #BOUNDS}; the
 *     last for all that took longer
 * @param total of all times
 */
public record Timing(List<Long> bins, Duration total) {
    /** Upper ends of the bins, in microseconds. All limits of the service level are among them. */
    public static final List<Long> BOUNDS = LongStream.of(
                    500,
                    1_000,
                    2_000,
                    3_000,
                    4_000,
                    5_000,
                    7_000,
                    10_000,
                    15_000,
                    20_000,
                    30_000,
                    40_000,
                    50_000,
                    70_000,
                    100_000,
                    125_000,
                    150_000,
                    175_000,
                    200_000,
                    250_000,
                    300_000,
                    350_000,
                    400_000,
                    500_000,
                    600_000,
                    700_000,
                    800_000,
                    900_000,
                    1_000_000,
                    1_250_000,
                    1_500_000,
                    1_750_000,
                    2_000_000,
                    2_250_000,
                    2_500_000,
                    2_750_000,
                    3_000_000,
                    3_250_000,
                    3_500_000,
                    3_750_000,
                    4_000_000,
                    4_200_000,
                    4_300_000,
                    4_450_000,
                    4_500_000,
                    5_000_000,
                    7_500_000,
                    10_000_000,
                    30_000_000)
            .boxed()
            .toList();

    /** Nothing was timed. */
    public static final Timing NONE = new Timing(Collections.nCopies(BOUNDS.size() + 1, 0L), Duration.ZERO);

    /** @throws IllegalArgumentException unless there is a count for each bin */
    public Timing {
        bins = List.copyOf(bins);
        if (bins.size() != BOUNDS.size() + 1) {
            throw new IllegalArgumentException("bins must be " + (BOUNDS.size() + 1));
        }
    }

    /** How many. */
    public long count() {
        return bins.stream().mapToLong(Long::longValue).sum();
    }

    /** On average; zero of none. */
    public Duration mean() {
        long count = count();
        return count == 0 ? Duration.ZERO : total.dividedBy(count);
    }

    /**
     * The time within which such a share was done: exact to the width of a bin, within which times are taken to lie
     * evenly. Zero of none.
     *
     * @param share more than 0, at most 1
     */
    public Duration quantile(double share) {
        double wanted = share * count();
        long below = 0;
        for (int bin = 0; bin < bins.size(); bin++) {
            long here = bins.get(bin);
            if (here > 0 && below + here >= wanted) {
                long from = bin == 0 ? 0 : BOUNDS.get(bin - 1);
                long to = bin == BOUNDS.size() ? from : BOUNDS.get(bin);
                double within = (wanted - below) / here;
                return Duration.of(from + Math.round((to - from) * within), ChronoUnit.MICROS);
            }
            below += here;
        }
        return Duration.ZERO;
    }

    /**
     * How many took at least {@code from} and less than {@code to}, which are zero, or among {@link #BOUNDS}.
     *
     * @throws IllegalArgumentException when they are not: it is not known how many
     */
    public long between(Duration from, Duration to) {
        return below(to) - below(from);
    }

    /** How many took less than {@code limit}, which is zero, or among {@link #BOUNDS}. */
    public long below(Duration limit) {
        long micros = limit.toNanos() / 1_000;
        int bound = BOUNDS.indexOf(micros);
        if (bound < 0 && micros != 0) {
            throw new IllegalArgumentException("not counted: how many took less than " + limit);
        }
        return bins.subList(0, bound + 1).stream().mapToLong(Long::longValue).sum();
    }

    /** Both together. */
    public Timing plus(Timing other) {
        List<Long> sums = new ArrayList<>();
        for (int bin = 0; bin < bins.size(); bin++) {
            sums.add(bins.get(bin) + other.bins.get(bin));
        }
        return new Timing(sums, total.plus(other.total));
    }
}
