package org.exchequer.scoring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.exchequer.scoring.model.Calibration;
import org.exchequer.scoring.model.Gru;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Stack;
import org.junit.jupiter.api.Test;

/** Each fit against what defines it. */
class FitsTest {
    @Test
    void isotonic_pools_what_descends() {
        Calibration fit =
                Isotonic.fit(new double[] {5, 1, 2, 3, 4, 4}, new boolean[] {true, false, true, false, true, true});
        assertThat(fit.probability(0)).isZero();
        assertThat(fit.probability(2.5)).isEqualTo(0.5);
        assertThat(fit.probability(1.75)).isEqualTo(0.25);
        assertThat(fit.probability(9)).isEqualTo(1);
        assertThat(fit.interval(2.5).low()).isBetween(0.0, 0.2);
        assertThat(fit.interval(2.5).high()).isBetween(0.8, 1.0);
    }

    @Test
    void isotonic_is_the_max_of_min_of_means() {
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            int size = 1 + random.nextInt(12);
            double[] margins = new double[size];
            boolean[] labels = new boolean[size];
            for (int i = 0; i < size; i++) {
                margins[i] = i;
                labels[i] = random.nextInt(size) <= i;
            }
            Calibration fit = Isotonic.fit(margins, labels);
            double before = 0;
            for (int i = 0; i < size; i++) {
                double p = fit.probability(margins[i]);
                assertThat(p).as("seed %d, round %d, row %d", seed, round, i).isGreaterThanOrEqualTo(before - 1e-12);
                before = p;
            }
            for (int knot = 0; knot < size; knot++) {
                double exact = maxMin(labels, knot);
                double block = blockMiddle(labels, knot);
                assertThat(fit.probability(block)).isCloseTo(exact, within(1e-12));
            }
        }
    }

    /** max over s ≤ i of min over t ≥ i of the mean of s..t: the textbook's formula for isotonic regression. */
    private static double maxMin(boolean[] labels, int i) {
        double max = 0;
        for (int s = 0; s <= i; s++) {
            double min = 1;
            for (int t = i; t < labels.length; t++) {
                min = Math.min(min, mean(labels, s, t));
            }
            max = Math.max(max, min);
        }
        return max;
    }

    private static double blockMiddle(boolean[] labels, int i) {
        int from = i;
        int to = i;
        while (from > 0 && Math.abs(maxMin(labels, from - 1) - maxMin(labels, i)) < 1e-12) {
            from--;
        }
        while (to < labels.length - 1 && Math.abs(maxMin(labels, to + 1) - maxMin(labels, i)) < 1e-12) {
            to++;
        }
        return (from + to) / 2.0;
    }

    private static double mean(boolean[] labels, int from, int to) {
        double sum = 0;
        for (int i = from; i <= to; i++) {
            sum += labels[i] ? 1 : 0;
        }
        return sum / (to - from + 1);
    }

    @Test
    void stacking_finds_the_weights_that_made_the_labels() {
        Random random = new Random(5);
        double[][] scores = new double[40_000][3];
        boolean[] labels = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            scores[i][0] = random.nextGaussian() * 2;
            scores[i][1] = random.nextGaussian() + 3;
            scores[i][2] = random.nextGaussian() * 0.1;
            double z = -2 + 0.8 * scores[i][0] + 0.3 * scores[i][1];
            labels[i] = random.nextDouble() < 1 / (1 + Math.exp(-z));
        }
        Stack stack = StackFit.fit(scores, labels, 1);
        assertThat(stack.weight(0)).isCloseTo(0.8, within(0.05));
        assertThat(stack.weight(1)).isCloseTo(0.3, within(0.05));
        assertThat(stack.weight(2)).isCloseTo(0, within(0.4));
        assertThat(stack.intercept()).isCloseTo(-2, within(0.15));
        assertThat(stack.mean(1)).isCloseTo(3, within(0.02));
    }

    @Test
    void stacking_settles_where_frauds_are_separable() {
        double[][] scores = {{-2, 5}, {-1, 4}, {1, 5}, {2, 4}};
        Stack stack = StackFit.fit(scores, new boolean[] {false, false, true, true}, 0.1);
        assertThat(stack.margin(scores[0])).isLessThan(-1);
        assertThat(stack.margin(scores[3])).isGreaterThan(1);
    }

    @Test
    void the_networks_gradient_is_the_slope_of_its_loss() {
        Random random = new Random(3);
        Gru gru = new Gru(3, 4);
        GruTrainer trainer = new GruTrainer(gru);
        double[] w = GruTrainer.start(gru, new boolean[] {true, false}, random);
        Schema schema = Schema.of("three-1", List.of("a", "b", "c"));
        List<float[]> events = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            events.add(new float[] {(float) random.nextGaussian(), random.nextFloat(), i == 3 ? Float.NaN : 1});
        }
        int length = trainer.load(Sequence.of(schema, events), new float[3], new float[] {1, 1, 1});
        double[] gradient = new double[w.length];
        trainer.back(w, length, true, gradient);
        for (int i = 0; i < w.length; i++) {
            double kept = w[i];
            w[i] = kept + 1e-5;
            double up = trainer.back(w, length, true, new double[w.length]);
            w[i] = kept - 1e-5;
            double down = trainer.back(w, length, true, new double[w.length]);
            w[i] = kept;
            assertThat(gradient[i]).as("weight %d", i).isCloseTo((up - down) / 2e-5, within(1e-7));
        }
    }

    @Test
    void quality_figures_are_the_textbooks() {
        double[] scores = {0.1, 0.4, 0.35, 0.8, 0.8};
        boolean[] labels = {false, false, true, true, false};
        // Pairs: .35 beats .1 of three; .8 beats .1 and .4 and ties with .8.
        assertThat(Quality.auc(scores, labels)).isCloseTo((1 + 2.5) / 6, within(1e-12));
        assertThat(Quality.recall(scores, labels, 0.2)).isZero();
        assertThat(Quality.recall(scores, labels, 0.34)).isEqualTo(0.5);
        assertThat(Quality.recall(scores, labels, 0.67)).isEqualTo(1);
        assertThat(Quality.brier(new double[] {0.5, 1}, new boolean[] {true, true}))
                .isEqualTo(0.125);
        assertThat(Quality.reliability(new double[] {0.11, 0.15, 0.95}, new boolean[] {false, true, true}, 10))
                .containsExactly(new Quality.Reliability(0.1, 0.13, 0.5, 2), new Quality.Reliability(0.9, 0.95, 1, 1));
        assertThatThrownBy(() -> Quality.auc(scores, new boolean[5])).isInstanceOf(TrainingException.class);
    }
}
