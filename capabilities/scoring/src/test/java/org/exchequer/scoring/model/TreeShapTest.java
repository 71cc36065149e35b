package org.exchequer.scoring.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against the definition: Shapley's sum over all sets of features. */
class TreeShapTest {
    private static final int FEATURES = 6;
    private static final Schema SCHEMA = Schema.of(
            "made-1", IntStream.range(0, FEATURES).mapToObj(i -> "f" + i).toList());

    @Test
    void is_the_average_over_all_orders_in_which_features_become_known() {
        long seed = 20_260_101;
        Random random = new Random(seed);
        RandomTrees trees = new RandomTrees(random, FEATURES);
        for (int i = 0; i < 60; i++) {
            TreeModel model = trees.model(1 + random.nextInt(3), 1 + random.nextInt(7));
            TreeShap shap = new TreeShap(model);
            for (int j = 0; j < 5; j++) {
                float[] row = trees.row();
                double[] exact = shapley(model, row);
                double[] contributions = shap.contributions(Vector.of(SCHEMA, row));
                for (int feature = 0; feature < FEATURES; feature++) {
                    assertThat(contributions[feature])
                            .as("seed %d, model %d, row %d, feature %d", seed, i, j, feature)
                            .isCloseTo(exact[feature], within(1e-9));
                }
                assertThat(shap.expected()).isCloseTo(known(model, row, 0), within(1e-9));
            }
        }
    }

    /** Σ over sets S without i of |S|! (n−|S|−1)! / n! × (v(S ∪ i) − v(S)). */
    private static double[] shapley(TreeModel model, float[] row) {
        double[] values = new double[1 << FEATURES];
        for (int set = 0; set < values.length; set++) {
            values[set] = known(model, row, set);
        }
        double[] exact = new double[FEATURES];
        for (int feature = 0; feature < FEATURES; feature++) {
            for (int set = 0; set < values.length; set++) {
                if ((set >> feature & 1) == 0) {
                    int size = Integer.bitCount(set);
                    double weight = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES);
                    exact[feature] += weight * (values[set | 1 << feature] - values[set]);
                }
            }
        }
        return exact;
    }

    /** Algorithm 1 of the paper: the expectation when the features of a set are known. */
    private static double known(TreeModel model, float[] row, int set) {
        double sum = model.base();
        for (int tree = 0; tree < model.trees(); tree++) {
            sum += known(model, model.root(tree), row, set);
        }
        return sum;
    }

    private static double known(TreeModel model, int node, float[] row, int set) {
        if (model.leaf(node)) {
            return model.value(node);
        }
        int left = model.left(node);
        int feature = model.feature(node);
        if ((set >> feature & 1) == 1) {
            return known(model, model.goesLeft(node, row[feature]) ? left : left + 1, row, set);
        }
        double all = (double) model.cover(left) + model.cover(left + 1);
        return model.cover(left) / all * known(model, left, row, set)
                + model.cover(left + 1) / all * known(model, left + 1, row, set);
    }

    private static double factorial(int n) {
        double product = 1;
        for (int i = 2; i <= n; i++) {
            product *= i;
        }
        return product;
    }
}
