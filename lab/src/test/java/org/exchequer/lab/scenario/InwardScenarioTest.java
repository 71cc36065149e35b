package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.fault.Fault;
import org.exchequer.lab.fault.FaultKind;
import org.exchequer.lab.fault.FaultRecord;
import org.exchequer.platform.testing.TestFolders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Inward clearing on real parts, in short: partners that fail, a node that dies in the middle, and PostgreSQL. */
@Timeout(600)
class InwardScenarioTest {
    private static final String IN_TIME = "in-time";
    /** Runnable threads for each processor; the run itself makes fewer. */
    private static final int CROWDED = 4;

    private static final int PER_SECOND = 20;
    private static final long SEED = 20_260_102;

    @Test
    void every_message_has_one_answer_and_the_ledger_says_the_same() throws Exception {
        List<Fault> schedule = List.of(
                new Fault(1_000, FaultKind.PARTNER_HANGS, "vam", 3_000, 100),
                new Fault(1_500, FaultKind.PARTNER_LOSES, "liquidity", 3_000, 50),
                Fault.on(6_000, FaultKind.NODE_KILL, "writer", 3_000),
                Fault.of(12_000, FaultKind.POSTGRES_KILL, 1_000));
        Path runs = TestFolders.create("lab-inward");
        Clock clock = Clock.systemUTC();
        List<String> progress = Collections.synchronizedList(new ArrayList<>());
        RunSettings settings = new RunSettings(
                Scenarios.named("inward-crashes").orElseThrow(),
                SEED,
                16_000,
                PER_SECOND,
                Optional.of(schedule),
                Optional.of(Safety.own(StopRules.MISSED_ONLY.missing(100))));
        RunFolder folder = RunFolder.create(runs, "inward-crashes", SEED, clock.instant());
        RunReport run = new Run(settings, folder, clock, Ticker.system(), progress::add).play();
        assertThat(run.findings())
                .as("%s; kept in %s", run.sentence(), folder.path())
                .allSatisfy(named -> assertThat(named.finding())
                        .as(named.finding().describe())
                        .matches(InwardScenarioTest::isGood));
        assertThat(run.faults()).hasSize(schedule.size()).allMatch(FaultRecord::bit);
        assertThat(run.planted())
                .hasSizeGreaterThan(10)
                .filteredOn(bug -> !isAboutTime(bug) || !isCrowded())
                .allSatisfy(bug -> assertThat(bug.caughtBy()).as(bug.bug()).isNotEmpty());
        assertThat(run.totals().done()).isGreaterThan(100);
        assertThat(RunFolder.read(folder.path())).isEqualTo(run);
        TestFolders.delete(runs);
    }

    /** Where others keep the machine busy nobody can say whose fault a late answer is; only that is left open. */
    private static boolean isGood(Finding found) {
        return found.verdict() == Verdict.VALID
                || found.checker().equals(IN_TIME) && (found.verdict() == Verdict.UNKNOWN || isCrowded());
    }

    private static boolean isCrowded() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system.getSystemLoadAverage() > CROWDED * system.getAvailableProcessors();
    }

    private static boolean isAboutTime(RunReport.Planted bug) {
        return PlantedInwardBugs.ALL.stream()
                .anyMatch(named ->
                        named.name().equals(bug.bug()) && named.catcher().equals(IN_TIME));
    }
}
