package org.exchequer.scoring.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;
import org.exchequer.scoring.explain.Counterfactual.Actionable;
import org.exchequer.scoring.explain.Counterfactual.Change;
import org.exchequer.scoring.explain.Counterfactual.Found;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.MadeEnsemble;
import org.exchequer.scoring.model.Member;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Sample;
import org.junit.jupiter.api.Test;

class CounterfactualTest {
    private static final long SEED = 20_260_102;
    private static final List<Actionable> ALL = Stream.of("f0", "f1", "f2", "f3")
            .map(name -> new Actionable(name, -4, 4))
            .toList();

    @Test
    void one_change_is_the_least_of_all_that_pass() {
        Random random = new Random(SEED);
        int found = 0;
        for (int round = 0; round < 40; round++) {
            Ensemble ensemble =
                    MadeEnsemble.treesOnly(MadeEnsemble.of(1, random.nextLong(), MadeEnsemble.SCHEMA, 4, 3));
            Counterfactual counterfactual = new Counterfactual(ensemble, ALL);
            for (int i = 0; i < 5; i++) {
                Sample sample = MadeEnsemble.sample(random);
                Decision decision = decide(ensemble, sample);
                double least = decision.outcome() == Outcome.APPROVE
                        ? Double.POSITIVE_INFINITY
                        : leastOfAll(ensemble, decision, sample);
                Optional<Found> answer = counterfactual.search(decision, sample, 1);
                assertThat(answer.isPresent())
                        .as("seed %d, round %d, sample %d", SEED, round, i)
                        .isEqualTo(Double.isFinite(least));
                if (answer.isPresent()) {
                    assertThat(answer.get().effort()).isCloseTo(least, within(1e-9));
                    found++;
                }
            }
        }
        assertThat(found).isGreaterThan(10);
    }

    @Test
    void every_answer_passes_and_needs_each_of_its_changes() {
        Random random = new Random(SEED);
        int several = 0;
        for (int round = 0; round < 30; round++) {
            Ensemble ensemble = MadeEnsemble.of(1, random.nextLong(), MadeEnsemble.SCHEMA, 6, 4);
            Counterfactual counterfactual = new Counterfactual(ensemble, ALL);
            Sample sample = MadeEnsemble.sample(random);
            Decision decision = decide(ensemble, sample);
            Optional<Found> answer = counterfactual.search(decision, sample, 3);
            if (answer.isEmpty()) {
                continue;
            }
            Found found = answer.get();
            assertThat(decide(ensemble, found.sample()).outcome()).isEqualTo(Outcome.APPROVE);
            assertThat(ensemble.score(found.sample()).probability()).isEqualTo(found.probability());
            assertThat(found.changes()).hasSizeBetween(1, 3);
            for (Change change : found.changes()) {
                int place = MadeEnsemble.SCHEMA.place(change.feature());
                assertThat(found.sample().features().at(place)).isEqualTo(change.to());
                assertThat(change.to()).isBetween(-4f, 4f);
                Sample undone = new Sample(found.sample().features().with(place, change.from()), sample.history());
                assertThat(decide(ensemble, undone).outcome()).isNotEqualTo(Outcome.APPROVE);
            }
            several += found.changes().size() > 1 ? 1 : 0;
        }
        assertThat(several).as("answers with more than one change").isPositive();
    }

    @Test
    void says_it_in_words() {
        Found found = new Found(
                List.of(new Change("count_1h", 9, Math.nextDown(4f), 4), new Change("age_days", Float.NaN, 30, 30)),
                1,
                MadeEnsemble.sample(new Random(1)),
                0.05);
        assertThat(found.text())
                .isEqualTo("Would have been approved if count 1h had been below 4 (it was 9) and age days had been at"
                        + " least 30 (it was not known).");
    }

    @Test
    void what_cannot_be_asked_is_refused() {
        Ensemble ensemble = MadeEnsemble.of(1, 1);
        assertThatThrownBy(() -> new Counterfactual(ensemble, List.of(new Actionable("age", 0, 1))))
                .hasMessageContaining("feature \"age\": is not in schema");
        assertThatThrownBy(() -> new Actionable("f0", 1, 0)).hasMessage("f0: low must not be above high");
        Sample sample = MadeEnsemble.sample(new Random(1));
        Decision decision = decide(ensemble, sample);
        Counterfactual counterfactual = new Counterfactual(MadeEnsemble.of(2, 1), ALL);
        assertThatThrownBy(() -> counterfactual.search(decision, sample, 1)).hasMessageContaining("not by made@2");
        assertThatThrownBy(() -> counterfactual.search(decision, sample, 9)).hasMessage("most: must be 1 to 5");
    }

    /** Tries every side of every threshold of every feature. */
    private static double leastOfAll(Ensemble ensemble, Decision decision, Sample sample) {
        double least = Double.POSITIVE_INFINITY;
        for (Actionable each : ALL) {
            int place = MadeEnsemble.SCHEMA.place(each.feature());
            float from = sample.features().at(place);
            for (Member member : ensemble.parts().members()) {
                for (float threshold : ((Member.Trees) member).model().thresholds(place)) {
                    for (float to : new float[] {Math.nextDown(threshold), threshold}) {
                        Sample changed = new Sample(sample.features().with(place, to), sample.history());
                        if (to >= -4 && to <= 4 && decide(ensemble, changed).outcome() == Outcome.APPROVE) {
                            double unit =
                                    ensemble.parts().featureBins().get(place).spread();
                            double effort = Float.isNaN(from) ? 1 : Math.abs((double) to - from) / unit;
                            least = Math.min(least, effort);
                        }
                    }
                }
            }
        }
        return least;
    }

    private static Decision decide(Ensemble ensemble, Sample sample) {
        return Blend.usual().decide(ensemble.score(sample), OptionalDouble.of(0.05), OptionalDouble.empty());
    }
}
