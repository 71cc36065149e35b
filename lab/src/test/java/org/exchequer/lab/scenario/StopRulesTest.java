package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.exchequer.lab.history.Event;
import org.exchequer.lab.load.inward.InwardLoad.Sample;
import org.junit.jupiter.api.Test;

/** Each rule stops a run, and none does before it is broken. */
class StopRulesTest {
    private static Sample sample(long tookMs, Event.Type type) {
        return new Sample("node1", 0, TimeUnit.MILLISECONDS.toNanos(tookMs), type);
    }

    private static List<Sample> seen(int good, long goodMs, int bad, Sample how) {
        List<Sample> seen = new ArrayList<>();
        for (int i = 0; i < good; i++) {
            seen.add(sample(goodMs, Event.Type.OK));
        }
        for (int i = 0; i < bad; i++) {
            seen.add(how);
        }
        return seen;
    }

    @Test
    void too_many_late_answers() {
        Sample late = sample(5_000, Event.Type.OK);
        assertThat(StopRules.SPECIFIED.broken(seen(196, 20, 4, late), 0)).isEmpty();
        assertThat(StopRules.SPECIFIED.broken(seen(195, 20, 5, late), 0))
                .hasValueSatisfying(why -> assertThat(why).contains("5 of 200"));
        assertThat(StopRules.SPECIFIED.missing(3).broken(seen(195, 20, 5, late), 0))
                .isEmpty();
    }

    @Test
    void too_many_without_an_answer() {
        assertThat(StopRules.MISSED_ONLY.broken(seen(95, 20, 5, sample(100, Event.Type.INFO)), 0))
                .isPresent();
    }

    @Test
    void too_many_that_are_not_taken() {
        Sample refused = sample(5, Event.Type.FAIL);
        assertThat(StopRules.SPECIFIED.broken(seen(95, 20, 5, refused), 0)).isEmpty();
        assertThat(StopRules.SPECIFIED.broken(seen(94, 20, 6, refused), 0))
                .hasValueSatisfying(why -> assertThat(why).contains("not taken"));
        assertThat(StopRules.MISSED_ONLY.broken(seen(94, 20, 6, refused), 0)).isEmpty();
    }

    @Test
    void too_slow_for_nearly_all() {
        Sample slow = sample(4_400, Event.Type.OK);
        assertThat(StopRules.SPECIFIED.broken(seen(95, 20, 5, slow), 0)).isEmpty();
        assertThat(StopRules.SPECIFIED.broken(seen(94, 20, 6, slow), 0))
                .hasValueSatisfying(why -> assertThat(why).contains("4,400 ms"));
    }

    @Test
    void too_many_hit_by_a_fault() {
        StopRules rules = StopRules.SPECIFIED.hitting(100);
        assertThat(rules.broken(List.of(), 100)).isEmpty();
        assertThat(rules.broken(List.of(), 101)).isPresent();
    }

    @Test
    void the_first_breach_where_it_is_to_end_the_run() {
        Sample late = sample(5_000, Event.Type.OK);
        assertThat(StopRules.STRICT.broken(seen(20, 20, 0, late), 0)).isEmpty();
        assertThat(StopRules.STRICT.broken(seen(20, 20, 1, late), 0))
                .hasValueSatisfying(why -> assertThat(why).contains("within a minute"));
        assertThat(StopRules.SPECIFIED.breaching(3).broken(seen(500, 20, 2, late), 0))
                .isEmpty();
    }

    @Test
    void limits_that_were_given() {
        assertThat(StopRules.MISSED_ONLY.refusing(1).broken(seen(98, 20, 2, sample(5, Event.Type.FAIL)), 0))
                .isPresent();
        assertThat(StopRules.MISSED_ONLY.within(10).broken(seen(100, 20, 0, sample(5, Event.Type.OK)), 0))
                .isPresent();
    }

    @Test
    void a_few_say_nothing_yet() {
        assertThat(StopRules.SPECIFIED.broken(seen(0, 0, StopRules.LEAST - 1, sample(9_000, Event.Type.INFO)), 0))
                .isEmpty();
    }

    @Test
    void only_the_last_minute_counts() {
        StopRules.Seen seen = new StopRules.Seen();
        seen.add(sample(0, Event.Type.INFO));
        seen.add(sample(30_000, Event.Type.OK));
        assertThat(seen.recent(TimeUnit.SECONDS.toNanos(61))).hasSize(1);
    }

    @Test
    void what_is_out_of_range_is_refused_by_name() {
        assertThatThrownBy(() -> StopRules.SPECIFIED.missing(101)).hasMessageContaining("percentages");
        assertThatThrownBy(() -> StopRules.SPECIFIED.hitting(-1)).hasMessageContaining("mostHit");
    }
}
