package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ScenariosTest {
    static final List<Scenario> ALL = Scenarios.ALL;

    @ParameterizedTest
    @FieldSource("ALL")
    void schedules_follow_from_the_seed_and_end_in_time(Scenario scenario) {
        long length = scenario.seconds() * 1_000L;
        for (int seed = 0; seed < 200; seed++) {
            List<Fault> schedule = scenario.faults().plan(new SplittableRandom(seed), length);
            assertThat(schedule)
                    .isNotEmpty()
                    .isEqualTo(scenario.faults().plan(new SplittableRandom(seed), length))
                    .allSatisfy(fault -> assertThat(fault.atMs() + fault.lengthMs())
                            .isBetween(Plans.QUIET_BEGINNING_MS, length - Plans.QUIET_END_MS));
        }
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void the_disk_is_filled_only_where_there_is_one(Scenario scenario) {
        List<Fault> schedule = scenario.faults().plan(new SplittableRandom(1), 3_600_000);
        boolean fills = schedule.stream().anyMatch(fault -> fault.kind() == FaultKind.DISK_FULL);
        assertThat(scenario.setting().diskMiB() > 0).isEqualTo(fills);
    }

    @Test
    void together_they_do_everything_there_is() {
        Set<FaultKind> done = EnumSet.of(FaultKind.REDELIVERY);
        for (Scenario scenario : ALL) {
            scenario.faults().plan(new SplittableRandom(1), 3_600_000).forEach(fault -> done.add(fault.kind()));
        }
        assertThat(done).isEqualTo(EnumSet.allOf(FaultKind.class));
        assertThat(ALL.stream().map(Scenario::name)).doesNotHaveDuplicates();
    }

    @Test
    void what_is_out_of_range_is_refused_by_name() {
        Scenario any = ALL.getFirst();
        assertThatThrownBy(() -> new RunSettings(any, 1, 10, 10, Optional.empty()))
                .hasMessageContaining("length");
        assertThatThrownBy(() -> new RunSettings(any, 1, 10_000, 0, Optional.empty()))
                .hasMessageContaining("rate");
        assertThatThrownBy(() -> Fault.on(0, FaultKind.CUT, "writer", 1)).hasMessageContaining("target");
        assertThatThrownBy(() -> Fault.on(0, FaultKind.NODE_KILL, "node9", 1)).hasMessageContaining("target");
        assertThatThrownBy(() -> Fault.of(-1, FaultKind.DISK_FULL, 1)).hasMessageContaining("atMs");
    }
}
