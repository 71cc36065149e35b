package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole lab on real parts, in its short form: PostgreSQL, Kafka and nodes, killed and stopped under load. */
@Timeout(300)
class ScenarioTest {
    private static final int PER_SECOND = 60;
    private static final long SEED = 20_260_101;

    @Test
    void money_survives_the_death_and_the_sleep_of_postgresql_and_of_the_writer_and_reconciles() throws Exception {
        RunReport run = play(
                "reconcile-while-posting",
                26_000,
                List.of(
                        Fault.of(2_000, FaultKind.POSTGRES_KILL, 1_000),
                        Fault.on(5_000, FaultKind.SILENCE, "clients:standby", 2_000),
                        new Fault(5_000, FaultKind.SLOW, "postgres:all", 2_000, 20),
                        Fault.on(8_000, FaultKind.NODE_PAUSE, "writer", 7_000),
                        Fault.on(18_000, FaultKind.NODE_KILL, "writer", 4_000)));
        assertThat(run.takeovers()).as("epochs").hasSizeGreaterThan(1);
        assertThat(run.findings())
                .extracting(named -> named.finding().checker())
                .contains("reconciliation");
    }

    @Test
    void money_survives_on_two_shards_when_nodes_and_databases_die_between_them() throws Exception {
        RunReport run = play(
                "shards-in-doubt",
                17_000,
                List.of(
                        new Fault(1_500, FaultKind.CRASH_AT, "node1@shards.decide.after", 5_000, 1),
                        Fault.on(8_500, FaultKind.POSTGRES_KILL, "postgres-1", 1_000),
                        Fault.on(12_000, FaultKind.SILENCE, "postgres-1:all", 2_500)));
        assertThat(run.findings())
                .extracting(named -> named.finding().checker())
                .contains("two-phase", "in-transit", "in-doubt", "one-home", "linearizability");
    }

    private static RunReport play(String scenario, long lengthMs, List<Fault> schedule) throws Exception {
        Path runs = TestFolders.create("lab");
        Clock clock = Clock.systemUTC();
        List<String> progress = Collections.synchronizedList(new ArrayList<>());
        RunSettings settings = new RunSettings(
                Scenarios.named(scenario).orElseThrow(), SEED, lengthMs, PER_SECOND, Optional.of(schedule));
        RunFolder folder = RunFolder.create(runs, scenario, SEED, clock.instant());
        RunReport run = new Run(settings, folder, clock, Ticker.system(), progress::add).play();
        assertThat(run.findings())
                .as("%s; kept in %s", run.sentence(), folder.path())
                .allSatisfy(named -> assertThat(named.finding().verdict())
                        .as(named.finding().describe())
                        .isEqualTo(Verdict.VALID));
        assertThat(run.verdict()).isEqualTo(Verdict.VALID);
        assertThat(run.faults()).hasSize(schedule.size()).allMatch(FaultRecord::bit);
        assertThat(run.planted())
                .isNotEmpty()
                .allSatisfy(bug -> assertThat(bug.caughtBy()).as(bug.bug()).isNotEmpty());
        assertThat(run.totals().done()).isGreaterThan(100);
        assertThat(RunFolder.read(folder.path())).isEqualTo(run);
        assertThat(Files.readString(folder.report()))
                .contains("VALID", run.replay(), "<svg")
                .doesNotContain("src=", "@import", "url(");
        TestFolders.delete(runs);
        return run;
    }
}
