package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.junit.jupiter.api.Test;

/** When runs may be played, how they begin, and what is said of their way back. */
class SafetyTest {
    private static final Window ALONE = new Window(Set.of(LocalDate.of(2026, 8, 10)), Optional.empty());
    private static final Duration SHORT = Duration.ofMinutes(10);

    /** Singapore is eight hours ahead. */
    private static Optional<String> refused(Window window, String utc) {
        return window.refuses(Instant.parse(utc), SHORT);
    }

    @Test
    void on_a_shared_machine_only_at_night_and_on_weekends() {
        assertThat(refused(ALONE, "2026-03-03T18:00:00Z")).isEmpty();
        assertThat(refused(ALONE, "2026-03-03T21:45:00Z")).isEmpty();
        assertThat(refused(ALONE, "2026-03-03T17:55:00Z"))
                .hasValueSatisfying(why -> assertThat(why).contains("01:55"));
        assertThat(refused(ALONE, "2026-03-03T21:55:00Z"))
                .as("it would end too late")
                .isPresent();
        assertThat(refused(ALONE, "2026-03-07T04:00:00Z")).as("a Saturday").isEmpty();
        assertThat(refused(ALONE, "2026-03-08T15:55:00Z")).as("into Monday").isPresent();
    }

    @Test
    void at_other_times_with_approval_and_on_holidays_never() {
        Window approved = new Window(ALONE.holidays(), Optional.of("mary"));
        assertThat(refused(approved, "2026-03-03T04:00:00Z")).isEmpty();
        assertThat(refused(approved, "2026-08-09T19:00:00Z"))
                .hasValueSatisfying(why -> assertThat(why).contains("holiday"));
        assertThatThrownBy(() -> new Window(Set.of(), Optional.of(" "))).hasMessageContaining("approvedBy");
    }

    @Test
    void the_own_stage_needs_no_window_and_a_shared_machine_has_half_an_hour() {
        Instant noon = Instant.parse("2026-03-03T04:00:00Z");
        Safety own = Safety.own(StopRules.MISSED_ONLY);
        assertThat(own.refuses(noon, 3_600_000)).isEmpty();
        assertThat(own.sharing(ALONE).refuses(noon, 60_000)).isPresent();
        Instant night = Instant.parse("2026-03-03T18:00:00Z");
        assertThat(own.sharing(ALONE).refuses(night, 60_000)).isEmpty();
        assertThat(own.sharing(ALONE).refuses(night, 31 * 60_000))
                .hasValueSatisfying(why -> assertThat(why).contains("1,800 s"));
        assertThat(Safety.SPECIFIED.refuses(noon, 31 * 60_000)).isPresent();
        assertThat(own.ramping(40_000).refuses(noon, 60_000))
                .hasValueSatisfying(why -> assertThat(why).contains("ramp"));
        assertThatThrownBy(() -> own.rollingBack(0)).hasMessageContaining("rollbackMs");
    }

    @Test
    void faults_begin_small_and_what_cannot_be_small_begins_late() {
        List<Fault> ramped = Ramp.over(
                List.of(
                        new Fault(4_000, FaultKind.PARTNER_HANGS, "vam", 5_000, 100),
                        Fault.on(10_000, FaultKind.NODE_KILL, "writer", 5_000),
                        new Fault(20_000, FaultKind.SPIKES, "postgres:all", 40_000, 100),
                        Fault.on(70_000, FaultKind.NODE_KILL, "writer", 5_000)),
                40_000);
        assertThat(ramped)
                .containsExactly(
                        new Fault(4_000, FaultKind.PARTNER_HANGS, "vam", 5_000, 10),
                        new Fault(20_000, FaultKind.SPIKES, "postgres:all", 15_000, 50),
                        new Fault(35_000, FaultKind.SPIKES, "postgres:all", 15_000, 87),
                        new Fault(50_000, FaultKind.SPIKES, "postgres:all", 10_000, 100),
                        Fault.on(70_000, FaultKind.NODE_KILL, "writer", 5_000));
        assertThat(Ramp.over(ramped, 0)).isEqualTo(ramped);
    }

    @Test
    void the_way_back_is_verified_and_an_incident_says_what_was_in_force() {
        Rollback good = new Rollback("5 of 100", 60_000, 900, 4_000, 300_000);
        assertThat(good.finding().finding().verdict()).isEqualTo(Verdict.VALID);
        assertThat(new Rollback("", 60_000, 900, 301_000, 300_000)
                        .finding()
                        .finding()
                        .verdict())
                .isEqualTo(Verdict.INVALID);
        assertThat(new Rollback("", 60_000, -1, -1, 300_000).finding().finding().verdict())
                .isEqualTo(Verdict.INVALID);
        assertThat(good.plant()).hasSize(2).allMatch(bug -> bug.caughtBy().equals(List.of("rolled-back")));
        Fault fault = new Fault(50_000, FaultKind.MODEL_HANGS, "all", 20_000, 100);
        String text = good.incident(
                "run-1",
                "./exchequer lab replay run-1",
                List.of(
                        new FaultRecord(fault, "node1, node2", 50_000, 60_100, true, List.of("node1: 7 of 7")),
                        new FaultRecord(fault, "earlier", 1_000, -1, false, List.of())));
        assertThat(text)
                .contains(
                        "5 of 100",
                        "60.0 s",
                        "models hang",
                        "node1: 7 of 7",
                        "As before in time**: yes",
                        "replay run-1")
                .doesNotContain("earlier");
    }
}
