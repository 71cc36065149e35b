package org.exchequer.lab.check.shards;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.shards.ShardedEvidence.Healing;
import org.exchequer.lab.history.History;
import org.exchequer.lab.scenario.PlantedShardBugs.Bug;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShardCheckersTest {
    private static final int OPERATIONS = 60;
    private static final List<ShardChecker> CHECKERS = ShardCheckers.all(() -> 0, Duration.ofSeconds(1));

    /** Who must find what, each of them by itself. */
    private static final Map<Bug, List<String>> FINDERS = Map.of(
            Bug.ONE_SIDED, List.of("two-phase", "in-transit", "in-doubt"),
            Bug.DOUBLE_COMPLETION, List.of("two-phase", "in-transit"),
            Bug.LOST_DECISION, List.of("two-phase", "in-transit"),
            Bug.UNCOUNTED_HOLD, List.of("two-phase", "balances"),
            Bug.EARLY_COMPLETION, List.of("two-phase", "in-transit"),
            Bug.ORPHANED_HOLD, List.of("in-doubt"),
            Bug.TWO_HOMES, List.of("one-home"),
            Bug.KEY_ON_TWO_SHARDS, List.of("one-effect"));

    @Test
    void a_correct_ledger_over_shards_is_never_flagged() {
        long moved = 0;
        for (long seed = 0; seed < 100; seed++) {
            ShardedEvidence evidence = new SmallShards(seed).run(OPERATIONS);
            for (ShardChecker checker : CHECKERS) {
                Finding finding = checker.check(evidence);
                assertThat(finding.verdict()).as("seed %d: %s", seed, finding).isEqualTo(Verdict.VALID);
                assertThat(finding.checked()).as("seed %d: %s", seed, finding).isPositive();
                moved += finding.note().startsWith("0 accounts") ? 0 : 1;
            }
        }
        assertThat(moved).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Bug.class)
    void a_bug_is_caught_wherever_there_is_a_place_for_it(Bug bug) {
        int planted = 0;
        for (long seed = 0; seed < 50; seed++) {
            Optional<ShardedEvidence> broken = bug.plant(new SmallShards(seed).run(OPERATIONS));
            if (broken.isEmpty()) {
                continue;
            }
            planted++;
            for (ShardChecker checker : CHECKERS) {
                if (FINDERS.getOrDefault(bug, List.of()).contains(checker.name())) {
                    Finding finding = checker.check(broken.get());
                    assertThat(finding.verdict())
                            .as("seed %d: %s", seed, finding.describe())
                            .isEqualTo(Verdict.INVALID);
                }
            }
        }
        assertThat(planted).as("seeds with a place for %s", bug).isGreaterThan(35);
    }

    @Test
    void what_is_in_doubt_for_too_long_after_the_last_fault_is_a_violation() {
        ShardedEvidence evidence = new SmallShards(1).run(OPERATIONS);
        for (Healing late : List.of(new Healing(16_000, 15_000, 0), new Healing(90_000, 15_000, 2))) {
            ShardedEvidence so = new ShardedEvidence(
                    evidence.history(), evidence.books(), evidence.marks(), evidence.cuts(), Optional.of(late));
            assertThat(new InDoubt().check(so).verdict()).isEqualTo(Verdict.INVALID);
        }
    }

    @Test
    void missing_evidence_is_unknown_and_never_valid() {
        ShardedEvidence evidence = new SmallShards(1).run(OPERATIONS);
        ShardedEvidence uncut = new ShardedEvidence(
                evidence.history(), evidence.books(), evidence.marks(), List.of(), Optional.empty());
        for (ShardChecker checker : List.of(new TwoPhase(), new InTransit(), new InDoubt())) {
            assertThat(checker.check(uncut).verdict()).as(checker.name()).isEqualTo(Verdict.UNKNOWN);
        }
        Evidence nothing = Evidence.of(History.of(List.of()));
        ShardedEvidence unread = new ShardedEvidence(
                evidence.history(), List.of(nothing, nothing), Map.of(), evidence.cuts(), evidence.healing());
        for (ShardChecker checker : CHECKERS) {
            assertThat(checker.check(unread).verdict()).as(checker.name()).isEqualTo(Verdict.UNKNOWN);
        }
    }
}
