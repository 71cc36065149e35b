package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.junit.jupiter.api.Test;

class NotTestedTest {
    private static final Scenario SCENARIO = Scenarios.named("kafka-gone").orElseThrow();

    private static List<Fault> planned(int seconds) {
        return SCENARIO.faults().plan(new SplittableRandom(1), seconds * 1_000L);
    }

    private static FaultRecord record(Fault fault, boolean bit) {
        return new FaultRecord(fault, "", fault.atMs(), fault.atMs() + fault.lengthMs(), bit, List.of());
    }

    @Test
    void a_short_run_says_what_it_did_not_come_to() {
        List<Fault> usual = planned(600);
        List<Fault> schedule = planned(12);
        assertThat(NotTested.of(SCENARIO, usual, schedule, List.of(), 0))
                .containsAll(SCENARIO.notTested())
                .anySatisfy(line ->
                        assertThat(line).contains("Left out: Kafka killed (SIGKILL); Kafka stopped (SIGSTOP)."));
        assertThat(NotTested.of(SCENARIO, usual, usual, List.of(), 0)).noneMatch(line -> line.contains("Left out"));
    }

    @Test
    void a_fault_that_did_not_bite_is_not_survived() {
        Fault kill = Fault.of(1_000, FaultKind.KAFKA_KILL, 1_000);
        Fault cut = Fault.on(5_000, FaultKind.CUT, "kafka:all", 1_000);
        assertThat(NotTested.of(SCENARIO, List.of(), List.of(), List.of(record(kill, true), record(cut, false)), 3))
                .contains(
                        "1 of 2 faults left no evidence that they bit, so nothing was survived there: connections cut"
                                + " and refused, kafka of all.",
                        "3 operations were not asked, because too many were under way.");
        assertThat(NotTested.of(SCENARIO, List.of(), List.of(), List.of(record(kill, true)), 0))
                .noneMatch(line -> line.contains("evidence"));
    }
}
