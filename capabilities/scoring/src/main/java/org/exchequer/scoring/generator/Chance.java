package org.exchequer.scoring.generator;

import java.util.SplittableRandom;

/** Draws with shapes that payments have; the same seed gives the same draws on every machine. */
final class Chance {
    private final SplittableRandom random;

    Chance(long seed) {
        random = new SplittableRandom(seed);
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    /** From 0 to below the bound. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Both included. */
    long between(long least, long most) {
        return least + random.nextLong(most - least + 1);
    }

    float share(double least, double most) {
        return (float) (least + (most - least) * random.nextDouble());
    }

    long pseudonym() {
        return random.nextLong() | 1;
    }

    /** How many of independent rare things happen (Knuth's way: for small means). */
    int poisson(double mean) {
        double floor = StrictMath.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > floor; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    /** Log-normal about a median; spread is the standard deviation of the logarithm. */
    double around(double median, double spread) {
        double normal = random.nextDouble() + random.nextDouble() + random.nextDouble() + random.nextDouble() - 2;
        // The sum of four uniform draws has a variance of a third.
        return median * StrictMath.exp(spread * normal * 1.7320508);
    }

    /** A place with a chance by its weight; {@code sums} are running sums of weights. */
    int weighted(int[] sums) {
        int draw = random.nextInt(sums[sums.length - 1]);
        int place = 0;
        while (sums[place] <= draw) {
            place++;
        }
        return place;
    }

    static int[] sums(int[] weights) {
        int[] sums = weights.clone();
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
        return sums;
    }
}
