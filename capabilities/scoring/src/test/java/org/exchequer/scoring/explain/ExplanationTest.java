package org.exchequer.scoring.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.exchequer.scoring.explain.SimilarCases.Label;
import org.exchequer.scoring.explain.SimilarCases.Similar;
import org.exchequer.scoring.model.Blend;
import org.exchequer.scoring.model.Calibration;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.MadeEnsemble;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.model.Score.Contribution;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Ensemble ENSEMBLE = MadeEnsemble.of(1, 1);

    @Test
    void reads_like_this() {
        Score score = new Score(
                "payments@4",
                0.8,
                new Calibration.Interval(0.7, 0.88),
                1.5,
                List.of(),
                -2,
                List.of(
                        new Contribution("count_1h", 9, 2.5),
                        new Contribution("age_days", Float.NaN, 0.7),
                        new Contribution("ratio", 0.01234f, -0.2),
                        new Contribution("behaviour", 1.25f, 0.5)));
        Decision decision = Blend.usual().decide(score, OptionalDouble.of(0.6), OptionalDouble.empty());
        Phrases phrases = new Phrases(Map.of("count_1h", "{value} payments left the account within an hour"));
        assertThat(Explanation.of(decision, phrases, 3).text().lines())
                .containsExactly(
                        "Rejected: from 0.7 on. Score 0.747, from model payments@4 with probability 0.800"
                                + " (90 % between 0.700 and 0.880), rules 0.600.",
                        "  +2.50  9 payments left the account within an hour: odds of fraud 12.2 times as high.",
                        "  +0.70  Age days is not known: odds of fraud 2.0 times as high.",
                        "  +0.50  Behaviour is 1.25: odds of fraud 1.6 times as high.",
                        "  -0.20  Everything else.");
        assertThat(phrases.fact("ratio", 0.01234f)).isEqualTo("ratio is 0.0123");
    }

    @Test
    void reasons_and_the_rest_are_all_that_moved_the_score() {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            Decision decision = decide(ENSEMBLE, MadeEnsemble.sample(random));
            Explanation explanation = Explanation.of(decision, Phrases.plain(), 4);
            double sum = explanation.reasons().stream()
                            .mapToDouble(Explanation.Reason::points)
                            .sum()
                    + explanation.restPoints();
            Score score = decision.score();
            assertThat(score.base() + sum).isCloseTo(score.margin(), within(1e-5));
            assertThat(explanation.reasons())
                    .isSortedAccordingTo(Comparator.comparingDouble(reason -> -Math.abs(reason.points())));
        }
        assertThat(Explanation.importance(ENSEMBLE)).hasSize(MadeEnsemble.FEATURES + 2);
        assertThat(Explanation.importance(ENSEMBLE).stream()
                        .mapToDouble(Explanation.Importance::share)
                        .sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void similar_cases_are_the_nearest_of_the_newest() {
        SimilarCases cases = new SimilarCases(50);
        Random random = new Random(4);
        List<Decision> decisions = IntStream.range(0, 80)
                .mapToObj(i -> decide(ENSEMBLE, MadeEnsemble.sample(random)))
                .toList();
        for (int i = 0; i < decisions.size(); i++) {
            cases.add("case-" + i, decisions.get(i));
        }
        cases.add("other-model", decide(MadeEnsemble.of(2, 1), MadeEnsemble.sample(random)));
        assertThat(cases.label("case-3", true)).isFalse();
        assertThat(cases.label("case-79", true)).isTrue();
        Score asked = decisions.get(79).score();
        List<Similar> nearest = cases.nearest(asked, 5);
        assertThat(nearest.getFirst().id()).isEqualTo("case-79");
        assertThat(nearest.getFirst().distance()).isZero();
        assertThat(nearest.getFirst().label()).isEqualTo(Label.FRAUD);
        // The other model's case has pushed out the oldest of 50.
        List<Double> expected = IntStream.range(31, 80)
                .mapToObj(i -> distance(asked, decisions.get(i).score()))
                .sorted()
                .limit(5)
                .toList();
        for (int i = 0; i < 5; i++) {
            assertThat(nearest.get(i).distance()).isCloseTo(expected.get(i), within(1e-5));
        }
        assertThat(cases.nearest(asked, 1_000)).hasSize(49);
    }

    @Test
    void stored_inputs_replay_to_the_bit() throws IOException {
        Ensemble again = Ensemble.read(ENSEMBLE.write());
        Random random = new Random(5);
        for (int i = 0; i < 200; i++) {
            Sample sample = MadeEnsemble.sample(random);
            byte[] stored =
                    Evidence.of(ENSEMBLE, sample, decide(ENSEMBLE, sample)).bytes();
            Evidence evidence = Evidence.read(stored, MadeEnsemble.SCHEMA, MadeEnsemble.EVENTS);
            assertThat(evidence.replay(again)).isInstanceOf(Evidence.Replay.Same.class);
            assertThat(evidence.bytes()).isEqualTo(stored);
        }
    }

    @Test
    void a_replay_notices_what_is_not_the_same() throws IOException {
        Sample sample = MadeEnsemble.sample(new Random(6));
        Evidence evidence = Evidence.of(ENSEMBLE, sample, decide(ENSEMBLE, sample));
        Evidence altered = new Evidence(
                evidence.model(),
                evidence.fingerprint(),
                evidence.sample(),
                evidence.rules(),
                evidence.review(),
                evidence.blend(),
                Math.nextUp(evidence.margin()),
                evidence.probability(),
                evidence.blended(),
                evidence.outcome());
        assertThat(altered.replay(ENSEMBLE))
                .isInstanceOfSatisfying(
                        Evidence.Replay.Different.class,
                        different -> assertThat(different.what()).isEqualTo("margin"));
        assertThat(evidence.replay(MadeEnsemble.of(1, 2))).isInstanceOf(Evidence.Replay.OtherModel.class);
        byte[] bytes = evidence.bytes();
        for (int i = 0; i < bytes.length; i++) {
            byte[] cut = java.util.Arrays.copyOf(bytes, i);
            assertThatThrownBy(() -> Evidence.read(cut, MadeEnsemble.SCHEMA, MadeEnsemble.EVENTS))
                    .isInstanceOf(IOException.class);
            byte[] flipped = bytes.clone();
            flipped[i] ^= (byte) (1 << i % 8);
            assertThatThrownBy(() -> Evidence.read(flipped, MadeEnsemble.SCHEMA, MadeEnsemble.EVENTS))
                    .isInstanceOf(IOException.class);
        }
        Schema other = MadeEnsemble.schema("made-2");
        assertThatThrownBy(() -> Evidence.read(bytes, other, MadeEnsemble.EVENTS))
                .hasMessageContaining("evidence: is of a schema with hash");
    }

    private static double distance(Score one, Score other) {
        double sum = 0;
        for (int i = 0; i < one.contributions().size(); i++) {
            double difference = one.contributions().get(i).points()
                    - other.contributions().get(i).points();
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }

    private static Decision decide(Ensemble ensemble, Sample sample) {
        return Blend.usual().decide(ensemble.score(sample), OptionalDouble.empty(), OptionalDouble.empty());
    }
}
