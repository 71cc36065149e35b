package org.exchequer.screening.quality;

import java.util.List;

/** Logistic regression with a quadratic penalty, by Newton's method: few features, so exact and quick. */
final class LogisticFit {
    private static final int MOST_STEPS = 50;
    private static final double SMALL = 1e-9;

    private LogisticFit() {}

    /**
     * @param penalty of all coefficients but the first, which is the base
     * @param pinned coefficients that are given; {@code NaN} for one that is to be fitted
     */
    static double[] fit(List<double[]> features, List<Boolean> matches, double penalty, double[] pinned) {
        int size = pinned.length;
        double[] coefficients = new double[size];
        for (int i = 0; i < size; i++) {
            coefficients[i] = Double.isNaN(pinned[i]) ? 0 : pinned[i];
        }
        for (int step = 0; step < MOST_STEPS; step++) {
            double[] gradient = new double[size];
            double[][] curvature = new double[size][size];
            for (int row = 0; row < features.size(); row++) {
                double[] x = features.get(row);
                double p = probability(coefficients, x);
                double error = (matches.get(row) ? 1 : 0) - p;
                for (int i = 0; i < size; i++) {
                    gradient[i] += error * x[i];
                    for (int j = 0; j < size; j++) {
                        curvature[i][j] += p * (1 - p) * x[i] * x[j];
                    }
                }
            }
            for (int i = 0; i < size; i++) {
                double each = i == 0 ? SMALL : penalty;
                gradient[i] -= each * coefficients[i];
                curvature[i][i] += each;
                if (!Double.isNaN(pinned[i])) {
                    gradient[i] = 0;
                    curvature[i] = new double[size];
                    curvature[i][i] = 1;
                }
            }
            double[] change = solve(curvature, gradient);
            double most = 0;
            for (int i = 0; i < size; i++) {
                coefficients[i] += change[i];
                most = Math.max(most, Math.abs(change[i]));
            }
            if (most < SMALL) {
                break;
            }
        }
        return coefficients;
    }

    static double probability(double[] coefficients, double[] x) {
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += coefficients[i] * x[i];
        }
        return 1 / (1 + StrictMath.exp(-sum));
    }

    /** Gauss-Jordan with the largest pivot; the penalty makes every system solvable. */
    private static double[] solve(double[][] matrix, double[] right) {
        int size = right.length;
        double[] x = right.clone();
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                pivot = Math.abs(matrix[row][column]) > Math.abs(matrix[pivot][column]) ? row : pivot;
            }
            double[] swap = matrix[column];
            matrix[column] = matrix[pivot];
            matrix[pivot] = swap;
            double value = x[column];
            x[column] = x[pivot];
            x[pivot] = value;
            for (int row = 0; row < size; row++) {
                if (row != column) {
                    double factor = matrix[row][column] / matrix[column][column];
                    for (int i = column; i < size; i++) {
                        matrix[row][i] -= factor * matrix[column][i];
                    }
                    x[row] -= factor * x[column];
                }
            }
        }
        for (int i = 0; i < size; i++) {
            x[i] /= matrix[i][i];
        }
        return x;
    }
}
