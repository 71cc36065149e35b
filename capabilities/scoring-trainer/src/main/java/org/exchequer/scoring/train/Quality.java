package org.exchequer.scoring.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How good scores are on rows that the models have not seen. */
public final class Quality {
    /**
     * @param mean of the probabilities in the bin
     * @param observed share of frauds in it
     */
    public record Reliability(double from, double mean, double observed, int rows) {}

    private Quality() {}

    /** Area under the ROC curve: how often a fraud scores above a harmless payment, ties half. */
    public static double auc(double[] scores, boolean[] labels) {
        Integer[] order = ascending(scores);
        double rankSum = 0;
        long frauds = 0;
        for (int i = 0; i < order.length; ) {
            int from = i;
            int fraudsHere = 0;
            while (i < order.length && scores[order[i]] == scores[order[from]]) {
                fraudsHere += labels[order[i]] ? 1 : 0;
                i++;
            }
            rankSum += fraudsHere * ((from + 1 + i) / 2.0);
            frauds += fraudsHere;
        }
        long harmless = scores.length - frauds;
        if (frauds == 0 || harmless == 0) {
            throw new TrainingException("AUC: needs frauds and harmless payments");
        }
        return (rankSum - frauds * (frauds + 1) / 2.0) / ((double) frauds * harmless);
    }

    /** Share of frauds found when at most this share of harmless payments is alerted. */
    public static double recall(double[] scores, boolean[] labels, double falsePositiveRate) {
        Integer[] order = ascending(scores);
        long frauds = 0;
        for (boolean label : labels) {
            frauds += label ? 1 : 0;
        }
        double most = falsePositiveRate * (labels.length - frauds);
        long found = 0;
        long foundBefore = 0;
        long alerts = 0;
        for (int i = order.length - 1; i >= 0; i--) {
            boolean label = labels[order[i]];
            found += label ? 1 : 0;
            alerts += label ? 0 : 1;
            if (alerts > most) {
                break;
            }
            // Equal scores are alerted together or not at all.
            if (i == 0 || scores[order[i - 1]] != scores[order[i]]) {
                foundBefore = found;
            }
        }
        return frauds == 0 ? 0 : (double) foundBefore / frauds;
    }

    /** Mean squared difference of probability and what happened (Brier 1950). */
    public static double brier(double[] probabilities, boolean[] labels) {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double error = probabilities[i] - (labels[i] ? 1 : 0);
            sum += error * error;
        }
        return sum / labels.length;
    }

    /** Probabilities beside what happened, in bins of equal width; empty ones are left out. */
    public static List<Reliability> reliability(double[] probabilities, boolean[] labels, int bins) {
        double[] sums = new double[bins];
        int[] frauds = new int[bins];
        int[] rows = new int[bins];
        for (int i = 0; i < labels.length; i++) {
            int bin = Math.min(bins - 1, (int) (probabilities[i] * bins));
            sums[bin] += probabilities[i];
            frauds[bin] += labels[i] ? 1 : 0;
            rows[bin]++;
        }
        List<Reliability> found = new ArrayList<>();
        for (int bin = 0; bin < bins; bin++) {
            if (rows[bin] > 0) {
                found.add(new Reliability(
                        (double) bin / bins, sums[bin] / rows[bin], (double) frauds[bin] / rows[bin], rows[bin]));
            }
        }
        return found;
    }

    /** Expected calibration error: the mean distance of the two, weighed by rows. */
    public static double calibrationError(double[] probabilities, boolean[] labels, int bins) {
        return reliability(probabilities, labels, bins).stream()
                .mapToDouble(each -> Math.abs(each.mean() - each.observed()) * each.rows() / labels.length)
                .sum();
    }

    private static Integer[] ascending(double[] scores) {
        Integer[] order = new Integer[scores.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> scores[i]));
        return order;
    }
}
