package org.exchequer.app.cli.inward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.exchequer.app.cli.inward.BreachTraining.Judgement;
import org.exchequer.inward.breach.BreachModel;
import org.exchequer.inward.breach.sim.Simulation.Row;
import org.exchequer.inward.breach.sim.Simulation.Window;
import org.exchequer.scoring.model.TreeModel;
import org.exchequer.scoring.train.BoostedTrees;
import org.junit.jupiter.api.Test;

/** The model of breaches that is shipped, and the way it is made. */
class BreachTrainingTest {
    private static final int ROWS = 15_000;

    @Test
    void theSameSeedGivesTheSameFile() {
        List<Row> later = BreachTraining.rows(Window.LATER, 5, ROWS / 3);
        byte[] once = BreachTraining.train(BreachTraining.rows(Window.LEARNT, 5, ROWS), later, 1, 5)
                .write();
        byte[] again = BreachTraining.train(BreachTraining.rows(Window.LEARNT, 5, ROWS), later, 1, 5)
                .write();
        assertThat(again).isEqualTo(once);
    }

    /** What serves walks the trees in plain Java; what trained them is native. */
    @Test
    void probabilitiesAreTheTrainersOwn() {
        List<Row> rows = BreachTraining.rows(Window.LEARNT, 6, ROWS);
        float[][] features = rows.stream().map(Row::features).toArray(float[][]::new);
        boolean[] labels = new boolean[features.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = rows.get(i).missed();
        }
        try (BoostedTrees library = BoostedTrees.fit(features, labels, BreachTraining.settings(6))) {
            TreeModel trees = library.trees();
            float[] expected = library.probabilities(features);
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                double own = TreeModel.probability(
                        trees.margin(BreachModel.sample(features[i]).features()));
                worst = Math.max(worst, Math.abs(own - expected[i]));
            }
            assertThat(worst).isLessThan(1e-6);
        }
    }

    @Test
    void theShippedModelIsGoodOnATimeThatItHasNotSeen() {
        for (Window window : Window.values()) {
            Judgement judged =
                    BreachTraining.judge(BreachModel.shipped().ensemble(), BreachTraining.rows(window, 99, 4 * ROWS));
            assertThat(judged.auc()).as("AUC, %s", window).isGreaterThan(0.93);
            assertThat(judged.brier()).as("Brier, %s", window).isLessThan(0.6 * judged.constant());
            assertThat(judged.error()).as("calibration, %s", window).isLessThan(0.03);
        }
    }
}
