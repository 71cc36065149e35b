package org.exchequer.scoring.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.exchequer.scoring.model.Bins;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.MadeEnsemble;
import org.exchequer.scoring.model.Vector;
import org.junit.jupiter.api.Test;

/** Drift, fairness and feedback: each stays silent on what is usual, and speaks on what is planted. */
class WatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void the_stability_index_is_the_textbooks() {
        Bins bins = Bins.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
        assertThat(bins.count()).isEqualTo(11);
        assertThat(bins.of(0)).isZero();
        assertThat(bins.of(2)).isEqualTo(1);
        assertThat(bins.of(99)).isEqualTo(9);
        assertThat(bins.of(Float.NaN)).isEqualTo(10);
        assertThat(bins.stabilityIndex(new long[] {5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 0}))
                .isCloseTo(0, within(1e-12));
        long[] moved = {0, 10, 5, 5, 5, 5, 5, 5, 5, 5, 0};
        double expected = (0.0001 - 0.1) * Math.log(0.0001 / 0.1) + (0.2 - 0.1) * Math.log(0.2 / 0.1);
        assertThat(bins.stabilityIndex(moved)).isCloseTo(expected, within(1e-9));
        assertThat(Bins.of(new float[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 7}).count()).isEqualTo(3);
        assertThat(Bins.of(new float[] {Float.NaN}).count()).isEqualTo(2);
    }

    @Test
    void drift_is_told_where_it_was_planted_and_only_there() {
        Ensemble ensemble = MadeEnsemble.of(1, 1);
        Drift drift = new Drift(ensemble);
        Random random = new Random(8);
        for (int i = 0; i < 500; i++) {
            drift.see(MadeEnsemble.sample(random).features(), i % 7 - 3);
        }
        assertThat(drift.report().features()).allMatch(each -> each.level() == Drift.Level.TOO_FEW);
        for (int i = 0; i < 4_000; i++) {
            drift.see(MadeEnsemble.sample(random).features(), i % 7 - 3);
        }
        assertThat(drift.report().features()).allMatch(each -> each.level() == Drift.Level.STEADY);
        assertThat(drift.report().score().level()).isEqualTo(Drift.Level.STEADY);
        drift.turn();
        drift.turn();
        assertThat(drift.report().seen()).isZero();
        for (int i = 0; i < 4_000; i++) {
            Vector vector = MadeEnsemble.sample(random).features();
            drift.see(vector.with(2, vector.missing(2) ? 3 : vector.at(2) + 2), 3);
        }
        Drift.Report report = drift.report();
        assertThat(report.features().getFirst().what()).isEqualTo("f2");
        assertThat(report.features().getFirst().level()).isEqualTo(Drift.Level.SHIFTED);
        assertThat(report.features().subList(1, 6)).allMatch(each -> each.level() == Drift.Level.STEADY);
        assertThat(report.score().level()).isEqualTo(Drift.Level.SHIFTED);
    }

    @Test
    void drift_forgets_what_is_older_than_two_spans() {
        RollingDrift drift = new RollingDrift(MadeEnsemble.of(1, 1), Duration.ofHours(1), 0);
        Random random = new Random(8);
        long hour = Duration.ofHours(1).toMillis();
        drift.see(MadeEnsemble.sample(random).features(), 0, hour - 1);
        drift.see(MadeEnsemble.sample(random).features(), 0, hour);
        assertThat(drift.report(2 * hour - 1).seen()).isEqualTo(2);
        assertThat(drift.report(2 * hour).seen()).isEqualTo(1);
        assertThat(drift.report(9 * hour).seen()).isZero();
        drift.see(MadeEnsemble.sample(random).features(), 0, 9 * hour);
        assertThat(drift.report(10 * hour).seen()).isEqualTo(1);
        assertThat(drift.report(100 * hour).seen()).isZero();
    }

    @Test
    void unlike_treatment_of_a_group_is_a_warning() {
        Fairness fairness = new Fairness();
        for (int i = 0; i < 1_000; i++) {
            fairness.decided("north", i % 10 == 0);
            fairness.labelled("north", i % 10 == 0, i % 20 == 0);
            fairness.decided("south", i % 3 == 0);
            fairness.labelled("south", i % 3 == 0, i % 20 == 0);
        }
        fairness.decided("isle", true);
        assertThat(fairness.report())
                .extracting(Fairness.Group::name, Fairness.Group::warning)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("isle", false),
                        org.assertj.core.groups.Tuple.tuple("north", false),
                        org.assertj.core.groups.Tuple.tuple("south", true));
        Fairness.Group south = fairness.report().getLast();
        assertThat(south.approvalRatio()).isCloseTo(0.666 / 0.9, within(0.001));
        assertThat(south.harmless()).isEqualTo(950);
        for (int i = 0; i < 100; i++) {
            fairness.decided("group-" + i, false);
        }
        assertThat(fairness.report()).hasSize(Fairness.MOST_GROUPS);
    }

    @Test
    void labels_count_when_the_decision_is_old_enough() {
        Feedback watch = new Feedback(Duration.ofDays(45), Duration.ofDays(30), 1_000);
        watch.decided("a", START, true, 1);
        watch.decided("b", START, false, 0);
        watch.decided("c", START, true, 0.5);
        watch.decided("d", START, false, 0.5);
        watch.decided("e", START.plus(Duration.ofDays(44)), true, 0.9);
        assertThat(watch.label("a", true)).isTrue();
        assertThat(watch.label("b", true)).isTrue();
        assertThat(watch.label("c", true)).isTrue();
        assertThat(watch.label("c", false)).isTrue();
        assertThat(watch.label("nobody", true)).isFalse();
        assertThat(watch.performance(START.plus(Duration.ofDays(44))).waiting()).isEqualTo(5);
        Feedback.Performance performance = watch.performance(START.plus(Duration.ofDays(45)));
        assertThat(performance).isEqualTo(new Feedback.Performance(1, 1, 1, 1, 1, 1, 0, 0.375));
        assertThat(performance.precision()).isEqualTo(0.5);
        assertThat(performance.recall()).isEqualTo(0.5);
        assertThat(watch.performance(START.plus(Duration.ofDays(76))).caught()).isZero();
    }

    @Test
    void decisions_beyond_the_bound_are_dropped_and_counted() {
        Feedback watch = new Feedback(Duration.ofDays(1), Duration.ofDays(1), 10);
        for (int i = 0; i < 15; i++) {
            watch.decided("d" + i, START, false, 0);
        }
        assertThat(watch.performance(START).dropped()).isEqualTo(5);
        assertThat(watch.label("d0", true)).isFalse();
        watch.decided("late", START.plus(Duration.ofDays(3)), false, 0);
        assertThat(watch.performance(START.plus(Duration.ofDays(4))).passed()).isEqualTo(1);
        assertThat(watch.performance(START).dropped()).isEqualTo(5);
    }
}
