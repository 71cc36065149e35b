package org.exchequer.scoring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.TreeModel;
import org.exchequer.scoring.model.TreeShap;
import org.exchequer.scoring.model.Vector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The plain Java walk and its Shapley values against the native library's. */
class NativeAgreementTest {
    private static final int COLUMNS = 14;
    private static final Schema SCHEMA = Schema.of(
            "made-1",
            java.util.stream.IntStream.range(0, COLUMNS).mapToObj(i -> "f" + i).toList());

    private static BoostedTrees library;
    private static TreeModel model;

    @BeforeAll
    static void train() {
        MadeRows training = MadeRows.of(10_000, COLUMNS, 1);
        library = BoostedTrees.fit(
                training.rows,
                training.labels,
                BoostedTrees.Settings.usual(7).rounds(60).depth(6).threads(1));
        model = library.trees();
    }

    @AfterAll
    static void close() {
        library.close();
    }

    @Test
    void margin_and_probability_are_the_librarys_on_100_000_vectors_with_holes() {
        float[][] rows = MadeRows.of(100_000, COLUMNS, 2).rows;
        float[] margins = library.margins(rows);
        float[] probabilities = library.probabilities(rows);
        double worst = 0;
        int sameBits = 0;
        for (int i = 0; i < rows.length; i++) {
            float margin = model.margin(Vector.of(SCHEMA, rows[i]));
            worst = Math.max(worst, Math.abs(margin - margins[i]));
            worst = Math.max(worst, Math.abs(TreeModel.probability(margin) - probabilities[i]));
            sameBits += Float.floatToIntBits(margin) == Float.floatToIntBits(margins[i]) ? 1 : 0;
        }
        assertThat(worst).isLessThan(1e-6);
        assertThat(sameBits).as("margins equal to the bit").isEqualTo(rows.length);
    }

    @Test
    void a_value_on_a_threshold_goes_the_librarys_way() {
        float[][] rows = MadeRows.of(2_000, COLUMNS, 3).rows;
        for (int i = 0; i < rows.length; i++) {
            int column = i % COLUMNS;
            float[] thresholds = model.thresholds(column);
            float threshold = thresholds[i / COLUMNS % thresholds.length];
            rows[i][column] = i % 2 == 0 ? threshold : Math.nextDown(threshold);
        }
        float[] margins = library.margins(rows);
        for (int i = 0; i < rows.length; i++) {
            assertThat(model.margin(Vector.of(SCHEMA, rows[i]))).isEqualTo(margins[i]);
        }
    }

    @Test
    void contributions_are_the_librarys_and_sum_to_the_margin() {
        float[][] rows = MadeRows.of(1_000, COLUMNS, 4).rows;
        float[][] expected = library.contributions(rows);
        TreeShap shap = new TreeShap(model);
        double worst = 0;
        double worstSum = 0;
        for (int i = 0; i < rows.length; i++) {
            Vector vector = Vector.of(SCHEMA, rows[i]);
            double[] contributions = shap.contributions(vector);
            double sum = shap.expected();
            for (int j = 0; j < COLUMNS; j++) {
                worst = Math.max(worst, Math.abs(contributions[j] - expected[i][j]));
                sum += contributions[j];
            }
            worst = Math.max(worst, Math.abs(shap.expected() - expected[i][COLUMNS]));
            worstSum = Math.max(worstSum, Math.abs(sum - model.margin(vector)));
        }
        assertThat(worst).isLessThan(1e-5);
        assertThat(worstSum).isLessThan(1e-5);
    }

    @Test
    void columns_find_their_places_in_a_larger_vector() {
        int[] places = new int[COLUMNS];
        for (int i = 0; i < COLUMNS; i++) {
            places[i] = 2 * COLUMNS - 1 - 2 * i;
        }
        TreeModel spread = library.trees(places, 2 * COLUMNS);
        Schema wide = Schema.of(
                "wide-1",
                java.util.stream.IntStream.range(0, 2 * COLUMNS)
                        .mapToObj(i -> "f" + i)
                        .toList());
        for (float[] row : MadeRows.of(500, COLUMNS, 5).rows) {
            float[] larger = new float[2 * COLUMNS];
            for (int i = 0; i < COLUMNS; i++) {
                larger[places[i]] = row[i];
            }
            assertThat(spread.margin(Vector.of(wide, larger))).isEqualTo(model.margin(Vector.of(SCHEMA, row)));
        }
    }

    @Test
    void what_cannot_be_served_is_refused() {
        String linear = "{\"learner\":{\"objective\":{\"name\":\"binary:logistic\"},"
                + "\"gradient_booster\":{\"name\":\"gblinear\"}}}";
        assertThatThrownBy(() -> XgboostJson.read(linear.getBytes(StandardCharsets.UTF_8), new int[1], 1))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("booster: \"gblinear\" is not supported");
        assertThatThrownBy(() -> BoostedTrees.fit(
                        new float[][] {{1}, {2}}, new boolean[] {false, false}, BoostedTrees.Settings.usual(1)))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("all are the same");
    }
}
