package org.exchequer.scoring.train;

import java.util.Arrays;
import java.util.Comparator;
import org.exchequer.scoring.model.Calibration;

/** Isotonic regression by pool-adjacent-violators (Ayer et al. 1955): the least squares that never descend. */
public final class Isotonic {
    private Isotonic() {}

    /**
     * @param margins of rows that the models were not trained on
     * @throws TrainingException if there is none
     */
    public static Calibration fit(double[] margins, boolean[] labels) {
        if (margins.length == 0 || margins.length != labels.length) {
            throw new TrainingException("calibration: needs rows, each with a label");
        }
        Integer[] order = new Integer[margins.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> margins[i]));
        // Blocks so far: rows, frauds among them, sum of their margins.
        double[] rows = new double[margins.length];
        double[] frauds = new double[margins.length];
        double[] sums = new double[margins.length];
        int blocks = 0;
        for (int i = 0; i < order.length; ) {
            double margin = margins[order[i]];
            int from = i;
            double fraud = 0;
            // Equal margins cannot get different probabilities.
            while (i < order.length && margins[order[i]] == margin) {
                fraud += labels[order[i]] ? 1 : 0;
                i++;
            }
            rows[blocks] = i - from;
            frauds[blocks] = fraud;
            sums[blocks] = margin * (i - from);
            blocks++;
            while (blocks > 1 && frauds[blocks - 2] * rows[blocks - 1] >= frauds[blocks - 1] * rows[blocks - 2]) {
                rows[blocks - 2] += rows[blocks - 1];
                frauds[blocks - 2] += frauds[blocks - 1];
                sums[blocks - 2] += sums[blocks - 1];
                blocks--;
            }
        }
        double[] at = new double[blocks];
        double[] probability = new double[blocks];
        for (int i = 0; i < blocks; i++) {
            at[i] = sums[i] / rows[i];
            probability[i] = frauds[i] / rows[i];
        }
        return new Calibration(at, probability, Arrays.copyOf(rows, blocks));
    }
}
