package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * From log odds to a probability that means what it says: of payments scored 0.3, three in ten are fraud. Monotonic:
 * knots found by pool-adjacent-violators, straight lines between them.
 */
public final class Calibration {
    private static final int MOST_KNOTS = 10_000;
    /** Standard normal quantile for a two-sided interval of 90 %. */
    private static final double NINETY = 1.6448536269514722;

    private final double[] margin;
    private final double[] probability;
    private final double[] weight;

    /** Where the true probability lies in 90 of 100 cases, by the number of training rows behind it (Wilson 1927). */
    public record Interval(double low, double high) {}

    /**
     * @param margin ascending
     * @param probability not descending, 0 to 1
     * @param weight training rows behind each knot, above 0
     */
    public Calibration(double[] margin, double[] probability, double[] weight) {
        if (margin.length < 1 || probability.length != margin.length || weight.length != margin.length) {
            throw new IllegalArgumentException("calibration: needs knots, each with probability and weight");
        }
        for (int i = 0; i < margin.length; i++) {
            boolean ordered = i == 0 || (margin[i] > margin[i - 1] && probability[i] >= probability[i - 1]);
            if (!ordered || !(probability[i] >= 0 && probability[i] <= 1) || !(weight[i] > 0)) {
                throw new IllegalArgumentException("calibration: knot " + i + " is out of order or out of range");
            }
        }
        this.margin = margin.clone();
        this.probability = probability.clone();
        this.weight = weight.clone();
    }

    public int knots() {
        return margin.length;
    }

    public double probability(double at) {
        return between(at, probability);
    }

    public Interval interval(double at) {
        double p = between(at, probability);
        double n = between(at, weight);
        double z2 = NINETY * NINETY;
        double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
        double half = NINETY / (1 + z2 / n) * Math.sqrt(p * (1 - p) / n + z2 / (4 * n * n));
        return new Interval(Math.max(0, centre - half), Math.min(1, centre + half));
    }

    private double between(double at, double[] values) {
        int found = Arrays.binarySearch(margin, at);
        if (found >= 0) {
            return values[found];
        }
        int next = -found - 1;
        if (next == 0) {
            return values[0];
        }
        if (next == margin.length) {
            return values[next - 1];
        }
        double way = (at - margin[next - 1]) / (margin[next] - margin[next - 1]);
        return values[next - 1] + way * (values[next] - values[next - 1]);
    }

    void write(DataOutputStream out) throws IOException {
        ModelFile.write(out, margin);
        ModelFile.write(out, probability);
        ModelFile.write(out, weight);
    }

    static Calibration read(DataInputStream in) throws IOException {
        return new Calibration(
                ModelFile.doubles(in, "calibration margins", MOST_KNOTS),
                ModelFile.doubles(in, "calibration probabilities", MOST_KNOTS),
                ModelFile.doubles(in, "calibration weights", MOST_KNOTS));
    }
}
