package org.exchequer.scoring.train;

import java.util.Random;

/** Rows with a rule behind them that trees can find, noise, and holes. The same seed gives the same rows. */
final class MadeRows {
    final float[][] rows;
    final boolean[] labels;

    private MadeRows(float[][] rows, boolean[] labels) {
        this.rows = rows;
        this.labels = labels;
    }

    static MadeRows of(int count, int columns, long seed) {
        Random random = new Random(seed);
        float[][] rows = new float[count][columns];
        boolean[] labels = new boolean[count];
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < columns; j++) {
                float value = j % 3 == 0 ? random.nextInt(10) : (float) (random.nextGaussian() * Math.pow(10, j % 4));
                rows[i][j] = random.nextInt(10) == 0 ? Float.NaN : value;
            }
            double z = -3 + known(rows[i][0]) * 0.3 + (known(rows[i][1]) > 10 ? 2 : 0);
            z += known(rows[i][3]) > 6 && known(rows[i][2]) < 0 ? 3 : 0;
            z += Float.isNaN(rows[i][4]) ? 1.5 : 0;
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-z));
        }
        return new MadeRows(rows, labels);
    }

    private static double known(float value) {
        return Float.isNaN(value) ? 0 : value;
    }
}
