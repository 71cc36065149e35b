package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.check.inward.InwardChecker;
import org.exchequer.lab.check.inward.InwardCheckers;
import org.exchequer.lab.check.inward.InwardEvidence;
import org.exchequer.lab.history.History;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Each checker of inward clearing is content with a good run, and sees what it is there for. */
class PlantedInwardBugsTest {
    static final List<PlantedInwardBugs.Named> ALL = PlantedInwardBugs.ALL;

    private static Finding finding(String checker, InwardEvidence evidence) {
        return InwardCheckers.all().stream()
                .filter(each -> each.name().equals(checker))
                .findFirst()
                .orElseThrow()
                .check(evidence);
    }

    @Test
    void a_good_run_is_valid() {
        assertThat(InwardCheckers.all())
                .allSatisfy(checker -> assertThat(
                                checker.check(SmallInward.whole().evidence()))
                        .satisfies(found ->
                                assertThat(found.verdict()).as(found.describe()).isEqualTo(Verdict.VALID)));
    }

    @ParameterizedTest
    @FieldSource("ALL")
    void its_checker_catches_the_bug(PlantedInwardBugs.Named bug) {
        InwardEvidence broken = bug.bug().apply(SmallInward.whole().evidence()).orElseThrow();
        Finding found = finding(bug.catcher(), broken);
        assertThat(found.verdict()).as(found.describe()).isEqualTo(Verdict.INVALID);
        assertThat(found.first()).isPresent();
    }

    @Test
    void every_checker_has_a_bug_of_its_own() {
        assertThat(ALL.stream().map(PlantedInwardBugs.Named::catcher).distinct())
                .containsExactlyInAnyOrderElementsOf(
                        InwardCheckers.all().stream().map(InwardChecker::name).toList());
    }

    @Test
    void what_was_not_read_is_not_taken_for_good() {
        InwardEvidence nothing = new InwardEvidence(
                History.of(List.of()),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        assertThat(InwardCheckers.all())
                .allSatisfy(checker -> assertThat(checker.check(nothing).verdict())
                        .as(checker.name())
                        .isEqualTo(Verdict.UNKNOWN));
    }

    @Test
    void a_node_that_was_away_does_not_have_to_answer_and_one_that_was_there_does() {
        SmallInward run = SmallInward.whole();
        run.asks(run.payment("lost", "pacs.008", 10), 9_000, 50, "");
        assertThat(finding("in-time", run.evidence()).verdict()).isEqualTo(Verdict.INVALID);
        run.away(9_020, 12_000);
        assertThat(finding("in-time", run.evidence()).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void while_the_lab_stands_still_nobody_can_say_who_was_late() {
        SmallInward run = SmallInward.whole();
        run.asks(run.payment("late", "pacs.008", 10), 9_000, 5_000, "RJCT");
        assertThat(finding("in-time", run.evidence()).verdict()).isEqualTo(Verdict.INVALID);
        run.stalls(10_000, 10_200);
        assertThat(finding("in-time", run.evidence()).verdict()).isEqualTo(Verdict.VALID);
    }

    @Test
    void on_a_machine_that_stands_still_much_it_cannot_be_told() {
        SmallInward run = SmallInward.whole();
        run.asks(run.payment("late", "pacs.008", 10), 9_000, 5_000, "RJCT");
        run.stalls(2_000, 3_000);
        Finding found = finding("in-time", run.evidence());
        assertThat(found.verdict()).as(found.describe()).isEqualTo(Verdict.UNKNOWN);
    }
}
