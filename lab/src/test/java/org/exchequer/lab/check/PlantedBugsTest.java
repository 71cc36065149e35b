package org.exchequer.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.exchequer.lab.check.BuggyLedger.Bug;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedBugsTest {
    private static final int OPERATIONS = 60;
    private static final List<Checker> CHECKERS = Checkers.ledger(() -> 0, Duration.ofSeconds(1));

    /** Who must find what, each of them by itself. */
    private static final Map<Bug, List<String>> FINDERS = Map.of(
            Bug.SKIP_DEDUPE, List.of("one-effect"),
            Bug.DOUBLE_APPLY, List.of("one-effect"),
            Bug.ACK_THEN_LOSE, List.of("durability"),
            Bug.LOST_HALF_LEG, List.of("conservation"),
            Bug.STALE_READ, List.of("fresh-reads", "linearizability"),
            Bug.REORDERED_TOPIC, List.of("publication"),
            Bug.DROPPED_OUTBOX_ROW, List.of("publication"),
            Bug.OVERDRAFT_RACE, List.of("no-overdraft"));

    @Test
    void a_correct_ledger_is_never_flagged() {
        for (long seed = 0; seed < 1_000; seed++) {
            Evidence evidence = new BuggyLedger(seed, Bug.NONE).run(OPERATIONS);
            for (Checker checker : CHECKERS) {
                Finding finding = checker.check(evidence);
                assertThat(finding.verdict()).as("seed %d: %s", seed, finding).isEqualTo(Verdict.VALID);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = Bug.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_bug_is_caught_whenever_it_had_an_effect(Bug bug) {
        int effects = 0;
        for (long seed = 0; seed < 300; seed++) {
            BuggyLedger ledger = new BuggyLedger(seed, bug);
            Evidence evidence = ledger.run(OPERATIONS);
            Map<String, Finding> findings = CHECKERS.stream()
                    .map(checker -> checker.check(evidence))
                    .collect(Collectors.toMap(Finding::checker, finding -> finding));
            if (ledger.affected()) {
                effects++;
                for (String finder : FINDERS.getOrDefault(bug, List.of())) {
                    assertThat(findings.get(finder))
                            .as("seed %d, %s", seed, finder)
                            .extracting(Finding::verdict)
                            .isEqualTo(Verdict.INVALID);
                }
            } else if (bug != Bug.ACK_THEN_LOSE && bug != Bug.STALE_READ) {
                assertThat(findings.values())
                        .as("seed %d", seed)
                        .allMatch(finding -> finding.verdict() == Verdict.VALID);
            }
        }
        assertThat(effects).as("seeds in which %s had an effect", bug).isGreaterThan(30);
    }

    @Test
    void missing_evidence_is_unknown_and_never_valid() {
        Evidence nothing = Evidence.of(new BuggyLedger(1, Bug.NONE).run(5).history());
        for (Checker checker : CHECKERS) {
            Verdict verdict = checker.check(nothing).verdict();
            boolean fromHistoryAlone = List.of("fresh-reads", "linearizability").contains(checker.name());
            assertThat(verdict).as(checker.name()).isEqualTo(fromHistoryAlone ? Verdict.VALID : Verdict.UNKNOWN);
        }
    }
}
