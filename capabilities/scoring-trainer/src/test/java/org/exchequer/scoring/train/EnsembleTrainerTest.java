package org.exchequer.scoring.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.InvalidSampleException;
import org.exchequer.scoring.model.ModelFormatException;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.model.Sequence;
import org.junit.jupiter.api.Test;

class EnsembleTrainerTest {
    private static List<Example> later = List.of();
    private static Ensemble ensemble = first();

    private static Ensemble first() {
        later = MadePayments.of(4_000, 2);
        BoostedTrees.Settings trees =
                BoostedTrees.Settings.usual(1).rounds(50).depth(4).threads(1);
        Plan plan = MadePayments.plan(1, trees, GruTrainer.Settings.usual(1));
        return EnsembleTrainer.train(plan, MadePayments.of(12_000, 1), later);
    }

    @Test
    void each_member_adds_what_the_others_cannot_see() {
        Map<String, Double> figures = ensemble.parts().figures();
        assertThat(figures.get("auc.behaviour")).as("%s", figures).isGreaterThan(0.6);
        assertThat(figures.get("auc"))
                .as("%s", figures)
                .isGreaterThan(figures.getOrDefault("auc.transaction", 1.0) + 0.05)
                .isGreaterThan(figures.getOrDefault("auc.network", 1.0) + 0.05)
                .isGreaterThan(figures.getOrDefault("auc.behaviour", 1.0) + 0.05)
                .isGreaterThan(0.9);
        assertThat(figures.get("calibration_error")).as("%s", figures).isLessThan(0.02);
        assertThat(figures.get("recall_at_5_percent")).as("%s", figures).isGreaterThan(0.6);
    }

    @Test
    void points_and_base_sum_to_the_margin() {
        for (Example example : later.subList(0, 500)) {
            Score score = ensemble.score(example.sample());
            double sum = score.base()
                    + score.contributions().stream()
                            .mapToDouble(Score.Contribution::points)
                            .sum();
            assertThat(sum).isCloseTo(score.margin(), within(1e-5));
            assertThat(score.margin()).isEqualTo(ensemble.margin(example.sample()));
            assertThat(score.probability())
                    .isBetween(score.interval().low(), score.interval().high());
            assertThat(score.members())
                    .extracting(Score.MemberScore::member)
                    .containsExactly("transaction", "network", "entity", "behaviour", "anomaly");
        }
    }

    @Test
    void read_from_its_file_it_scores_the_same_bits_in_many_threads() throws Exception {
        byte[] file = ensemble.write();
        assertThat(file.length).as("bytes").isLessThan(1_500_000);
        Ensemble again = Ensemble.read(file);
        assertThat(again.write()).isEqualTo(file);
        assertThat(again.fingerprint()).isEqualTo(ensemble.fingerprint());
        List<Double> expected = later.subList(0, 400).stream()
                .map(each -> ensemble.score(each.sample()).margin())
                .toList();
        try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
            List<Callable<List<Double>>> tasks = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                tasks.add(() -> later.subList(0, 400).stream()
                        .map(each -> again.margin(each.sample()))
                        .toList());
            }
            for (Future<List<Double>> answer : pool.invokeAll(tasks)) {
                assertThat(answer.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void every_damaged_file_is_refused() {
        byte[] file = ensemble.write();
        for (int i = 0; i < file.length; i += 997) {
            byte[] altered = file.clone();
            altered[i] ^= 4;
            assertThatThrownBy(() -> Ensemble.read(altered)).isInstanceOf(ModelFormatException.class);
            byte[] cut = java.util.Arrays.copyOf(file, i);
            assertThatThrownBy(() -> Ensemble.read(cut)).isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void a_sample_of_another_schema_is_refused() {
        Sequence other = Sequence.empty(Schema.of("other-1", List.of("size")));
        Sample sample = new Sample(later.getFirst().sample().features(), other);
        assertThatThrownBy(() -> ensemble.score(sample))
                .isInstanceOf(InvalidSampleException.class)
                .hasMessageContaining("history: are of schema other-1")
                .hasMessageContaining("made@1 was trained on made-events-1");
    }

    @Test
    void no_history_scores_like_an_unknown_one() {
        Sample sample = new Sample(later.getFirst().sample().features(), Sequence.empty(MadePayments.EVENTS));
        assertThat(ensemble.score(sample).margin()).isFinite();
    }

    @Test
    void the_blend_shares_out_what_is_missing() {
        Score score = ensemble.score(later.getFirst().sample());
        double p = score.probability();
        Blend blend = Blend.usual();
        assertThat(blend.decide(score, OptionalDouble.of(1), OptionalDouble.of(0))
                        .blended())
                .isCloseTo(0.7 * p + 0.25, within(1e-12));
        assertThat(blend.decide(score, OptionalDouble.of(1), OptionalDouble.empty())
                        .blended())
                .isCloseTo((0.7 * p + 0.25) / 0.95, within(1e-12));
        assertThat(blend.decide(score, OptionalDouble.empty(), OptionalDouble.empty())
                        .blended())
                .isCloseTo(p, within(1e-12));
        assertThat(List.of(0.0999, 0.1, 0.6999, 0.7, 0.8999, 0.9))
                .extracting(blend::outcome)
                .containsExactly(
                        Outcome.APPROVE,
                        Outcome.REVIEW,
                        Outcome.REVIEW,
                        Outcome.REJECT,
                        Outcome.REJECT,
                        Outcome.EMERGENCY_REVIEW);
        assertThatThrownBy(() -> Blend.of(Map.of("model-weight", 0.8))).hasMessageContaining("must sum to 1");
        assertThatThrownBy(() -> Blend.of(Map.of("reject-from", 0.05))).hasMessageContaining("reject-from");
        assertThatThrownBy(() -> Blend.of(Map.of("reject", 0.05))).hasMessage("reject: is no value of a blend");
        assertThatThrownBy(() -> blend.decide(score, OptionalDouble.of(1.5), OptionalDouble.empty()))
                .hasMessage("rule score: must be 0 to 1");
    }
}
