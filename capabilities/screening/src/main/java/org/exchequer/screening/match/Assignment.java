package org.exchequer.screening.match;

import java.util.Arrays;

/** The pairing of rows with columns that gains most: Kuhn (1955) and Munkres (1957), shortest augmenting paths. */
final class Assignment {
    private Assignment() {}

    /**
     * @param gain never below 0; a pair that gains nothing is no pair
     * @return for each row its column, or -1
     */
    static int[] best(double[][] gain) {
        int rows = gain.length;
        int columns = rows == 0 ? 0 : gain[0].length;
        int size = Math.max(rows, columns);
        double[] rowPrice = new double[size + 1];
        double[] columnPrice = new double[size + 1];
        int[] rowOf = new int[size + 1];
        for (int row = 1; row <= size; row++) {
            augment(gain, row, size, rowPrice, columnPrice, rowOf);
        }
        int[] columnOf = new int[rows];
        Arrays.fill(columnOf, -1);
        for (int column = 1; column <= columns; column++) {
            int row = rowOf[column] - 1;
            if (row >= 0 && row < rows && gain[row][column - 1] > 0) {
                columnOf[row] = column - 1;
            }
        }
        return columnOf;
    }

    private static void augment(
            double[][] gain, int row, int size, double[] rowPrice, double[] columnPrice, int[] rowOf) {
        int[] cameFrom = new int[size + 1];
        double[] least = new double[size + 1];
        Arrays.fill(least, Double.MAX_VALUE);
        boolean[] done = new boolean[size + 1];
        int column = 0;
        rowOf[0] = row;
        do {
            done[column] = true;
            int current = rowOf[column];
            double step = Double.MAX_VALUE;
            int next = 0;
            for (int j = 1; j <= size; j++) {
                if (!done[j]) {
                    double cost = cost(gain, current, j) - rowPrice[current] - columnPrice[j];
                    if (cost < least[j]) {
                        least[j] = cost;
                        cameFrom[j] = column;
                    }
                    if (least[j] < step) {
                        step = least[j];
                        next = j;
                    }
                }
            }
            for (int j = 0; j <= size; j++) {
                if (done[j]) {
                    rowPrice[rowOf[j]] += step;
                    columnPrice[j] -= step;
                } else {
                    least[j] -= step;
                }
            }
            column = next;
        } while (rowOf[column] != 0);
        while (column != 0) {
            int previous = cameFrom[column];
            rowOf[column] = rowOf[previous];
            column = previous;
        }
    }

    private static double cost(double[][] gain, int row, int column) {
        return row <= gain.length && column <= gain[0].length ? -gain[row - 1][column - 1] : 0;
    }
}
