package org.exchequer.screening.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The pairing against trying all. */
class AssignmentTest {
    @Test
    void no_other_pairing_gains_more() {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            int rows = random.nextInt(6);
            int columns = 1 + random.nextInt(6);
            double[][] gain = new double[rows][columns];
            for (double[] row : gain) {
                for (int j = 0; j < columns; j++) {
                    row[j] = random.nextInt(3) == 0 ? 0 : random.nextInt(20) / 10.0;
                }
            }
            int[] columnOf = Assignment.best(gain);
            double sum = 0;
            boolean[] taken = new boolean[columns];
            for (int row = 0; row < rows; row++) {
                if (columnOf[row] >= 0) {
                    assertThat(taken[columnOf[row]]).isFalse();
                    taken[columnOf[row]] = true;
                    sum += gain[row][columnOf[row]];
                }
            }
            assertThat(sum).isCloseTo(naive(gain, 0, new boolean[columns]), within(1e-9));
        }
    }

    private static double naive(double[][] gain, int row, boolean[] taken) {
        if (row == gain.length) {
            return 0;
        }
        double best = naive(gain, row + 1, taken);
        for (int column = 0; column < taken.length; column++) {
            if (!taken[column]) {
                taken[column] = true;
                best = Math.max(best, gain[row][column] + naive(gain, row + 1, taken));
                taken[column] = false;
            }
        }
        return best;
    }
}
