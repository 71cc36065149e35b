package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/** The members' scores put together by logistic regression: intercept + Σ weight × score, in log odds. */
public final class Stack {
    private static final int MOST_MEMBERS = 32;

    private final double intercept;
    private final double[] weights;
    private final double[] means;

    /**
     * @param weights of each member
     * @param means of each member's score in training: what its contribution is measured from
     */
    public Stack(double intercept, double[] weights, double[] means) {
        if (weights.length < 1 || weights.length > MOST_MEMBERS || means.length != weights.length) {
            throw new IllegalArgumentException("stack: must have 1 to " + MOST_MEMBERS + " weights, each with a mean");
        }
        this.intercept = intercept;
        this.weights = weights.clone();
        this.means = means.clone();
    }

    public int members() {
        return weights.length;
    }

    public double intercept() {
        return intercept;
    }

    public double weight(int member) {
        return weights[member];
    }

    public double mean(int member) {
        return means[member];
    }

    public double margin(double[] scores) {
        double sum = intercept;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * scores[i];
        }
        return sum;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeDouble(intercept);
        ModelFile.write(out, weights);
        ModelFile.write(out, means);
    }

    static Stack read(DataInputStream in) throws IOException {
        double intercept = in.readDouble();
        if (!Double.isFinite(intercept)) {
            throw new ModelFormatException("stack: intercept must be finite");
        }
        return new Stack(
                intercept,
                ModelFile.doubles(in, "stack weights", MOST_MEMBERS),
                ModelFile.doubles(in, "stack means", MOST_MEMBERS));
    }
}
