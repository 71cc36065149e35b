package org.exchequer.scoring.train;

import org.exchequer.scoring.model.Stack;

/** Logistic regression on the members' scores with a quadratic penalty, by Newton's method. */
public final class StackFit {
    private static final int MOST_STEPS = 100;
    private static final double CONVERGED = 1e-9;

    private StackFit() {}

    /**
     * @param scores of each row the score of each member; rows that the members were not trained on
     * @param penalty of the weights, on scores brought to deviation 1; 0 or more
     * @throws TrainingException if the labels are all the same or Newton's method does not settle
     */
    public static Stack fit(double[][] scores, boolean[] labels, double penalty) {
        int members = scores[0].length;
        double[] mean = new double[members];
        double[] deviation = new double[members];
        for (int j = 0; j < members; j++) {
            for (double[] row : scores) {
                mean[j] += row[j] / scores.length;
            }
            for (double[] row : scores) {
                deviation[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / scores.length;
            }
            deviation[j] = deviation[j] > 0 ? Math.sqrt(deviation[j]) : 1;
        }
        double[][] rows = new double[scores.length][members + 1];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = 1;
            for (int j = 0; j < members; j++) {
                rows[i][j + 1] = (scores[i][j] - mean[j]) / deviation[j];
            }
        }
        double[] solution = newton(rows, labels, penalty);
        double intercept = solution[0];
        double[] weights = new double[members];
        for (int j = 0; j < members; j++) {
            weights[j] = solution[j + 1] / deviation[j];
            intercept -= weights[j] * mean[j];
        }
        return new Stack(intercept, weights, mean);
    }

    private static double[] newton(double[][] rows, boolean[] labels, double penalty) {
        int size = rows[0].length;
        double[] w = new double[size];
        double loss = loss(rows, labels, w, penalty);
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[size];
            double[][] curvature = new double[size][size];
            for (int i = 0; i < rows.length; i++) {
                double p = 1 / (1 + StrictMath.exp(-dot(w, rows[i])));
                double error = (labels[i] ? 1 : 0) - p;
                double weight = Math.max(p * (1 - p), 1e-12);
                for (int j = 0; j < size; j++) {
                    gradient[j] += error * rows[i][j];
                    for (int k = 0; k <= j; k++) {
                        curvature[j][k] += weight * rows[i][j] * rows[i][k];
                    }
                }
            }
            for (int j = 1; j < size; j++) {
                gradient[j] -= penalty * w[j];
                curvature[j][j] += penalty;
            }
            double[] change = cholesky(curvature, gradient);
            double scale = 1;
            double[] next = plus(w, change, scale);
            double nextLoss = loss(rows, labels, next, penalty);
            // A full step may overshoot where frauds are nearly separable.
            while (nextLoss > loss && scale > CONVERGED) {
                scale /= 2;
                next = plus(w, change, scale);
                nextLoss = loss(rows, labels, next, penalty);
            }
            boolean settled = loss - nextLoss < CONVERGED * (1 + loss);
            w = next;
            loss = nextLoss;
            if (settled) {
                return w;
            }
        }
        throw new TrainingException("stacking: Newton's method did not settle in " + MOST_STEPS + " steps");
    }

    private static double loss(double[][] rows, boolean[] labels, double[] w, double penalty) {
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            double z = labels[i] ? -dot(w, rows[i]) : dot(w, rows[i]);
            sum += z > 0 ? z + StrictMath.log1p(StrictMath.exp(-z)) : StrictMath.log1p(StrictMath.exp(z));
        }
        for (int j = 1; j < w.length; j++) {
            sum += penalty / 2 * w[j] * w[j];
        }
        return sum;
    }

    private static double[] plus(double[] w, double[] change, double scale) {
        double[] sum = w.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += scale * change[i];
        }
        return sum;
    }

    private static double dot(double[] w, double[] row) {
        double sum = 0;
        for (int i = 0; i < w.length; i++) {
            sum += w[i] * row[i];
        }
        return sum;
    }

    /** Solves a positive definite system given by its lower half, which it overwrites. */
    private static double[] cholesky(double[][] a, double[] right) {
        int size = right.length;
        for (int j = 0; j < size; j++) {
            for (int k = 0; k < j; k++) {
                for (int i = j; i < size; i++) {
                    a[i][j] -= a[i][k] * a[j][k];
                }
            }
            if (!(a[j][j] > 0)) {
                throw new TrainingException("stacking: the members' scores say the same; raise the penalty");
            }
            double root = Math.sqrt(a[j][j]);
            for (int i = j; i < size; i++) {
                a[i][j] /= root;
            }
        }
        double[] x = right.clone();
        for (int i = 0; i < size; i++) {
            for (int k = 0; k < i; k++) {
                x[i] -= a[i][k] * x[k];
            }
            x[i] /= a[i][i];
        }
        for (int i = size - 1; i >= 0; i--) {
            for (int k = i + 1; k < size; k++) {
                x[i] -= a[k][i] * x[k];
            }
            x[i] /= a[i][i];
        }
        return x;
    }
}
