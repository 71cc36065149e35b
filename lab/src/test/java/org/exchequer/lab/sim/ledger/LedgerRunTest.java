package org.exchequer.lab.sim.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LedgerRunTest {
    private static final int OPERATIONS = 40;

    /** Who must find a bug of the simulated ledger in some seed. */
    private static final Map<Bug, Set<String>> FINDERS = Map.of(
            Bug.SKIP_DEDUPE, Set.of("one-effect", "linearizability"),
            Bug.DOUBLE_APPLY, Set.of("one-effect", "balances"),
            Bug.COMMIT_BEFORE_WRITE, Set.of("durability"),
            Bug.LOST_HALF_LEG, Set.of("conservation"),
            Bug.STALE_READ, Set.of("fresh-reads", "linearizability"));

    @Test
    void the_ledger_as_it_is_survives() throws InterruptedException {
        Campaign.Summary summary = Campaign.run(1, 400, Bug.NONE, OPERATIONS, 2, done -> {});
        assertThat(summary.failing())
                .as("first failing seed %d", summary.firstFailing())
                .isZero();
        assertThat(summary.undecided()).isZero();
        assertThat(summary.faults().values()).allMatch(count -> count > 50);
        assertThat(summary.checked().values()).allMatch(count -> count > 1_000);
    }

    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_bug_is_found_and_shrunk(Bug bug) throws InterruptedException {
        long seeds = bug == Bug.LOST_HALF_LEG ? 300 : 100;
        Campaign.Summary summary = Campaign.run(1, seeds, bug, OPERATIONS, 2, done -> {});
        assertThat(summary.failing()).isPositive();
        assertThat(summary.caught().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet()))
                .containsAll(FINDERS.getOrDefault(bug, Set.of()));

        LedgerRun.Result failing = LedgerRun.run(Plan.of(summary.firstFailing(), bug, OPERATIONS));
        Shrink.Small small = Shrink.shrink(failing);
        assertThat(Verdict.of(small.result().findings())).isEqualTo(Verdict.INVALID);
        assertThat(small.parts()).hasSizeLessThan(15);
        LedgerRun.Result again =
                LedgerRun.run(Plan.of(summary.firstFailing(), bug, OPERATIONS).only(small.parts()));
        assertThat(again.findings()).isEqualTo(small.result().findings());
        LedgerRun.Result healthy = LedgerRun.run(
                Plan.of(summary.firstFailing(), Bug.NONE, OPERATIONS).only(small.parts()));
        assertThat(Verdict.of(healthy.findings())).isNotEqualTo(Verdict.INVALID);
    }

    @Test
    void the_same_plan_gives_the_same_run() {
        for (long seed = 0; seed < 20; seed++) {
            LedgerRun.Result one = LedgerRun.run(Plan.of(seed, Bug.NONE, OPERATIONS));
            LedgerRun.Result two = LedgerRun.run(Plan.of(seed, Bug.NONE, OPERATIONS));
            assertThat(one.evidence()).isEqualTo(two.evidence());
        }
    }

    @Test
    void runs_take_over_expire_holds_and_resend() {
        long expired = 0;
        long retried = 0;
        long answered = 0;
        for (long seed = 0; seed < 100; seed++) {
            LedgerRun.Result result = LedgerRun.run(Plan.of(seed, Bug.NONE, OPERATIONS));
            expired += result.evidence().journal().orElseThrow().stream()
                    .filter(entry -> entry.kind().equals("expire"))
                    .count();
            retried += result.evidence().history().operations().stream()
                    .filter(operation -> operation.outcome() == org.exchequer.lab.history.Event.Type.INFO)
                    .count();
            answered += result.findings().stream()
                    .filter(finding -> finding.checker().equals("linearizability"))
                    .mapToLong(Finding::checked)
                    .sum();
        }
        assertThat(expired).isGreaterThan(20);
        assertThat(retried).isGreaterThan(100);
        assertThat(answered).isGreaterThan(2_000);
    }

    @Test
    void a_part_that_is_not_there_is_named() {
        assertThatThrownBy(() -> Plan.of(1, Bug.NONE, 5).only(List.of("o9")))
                .hasMessage("the plan of seed 1 has no part o9");
    }
}
