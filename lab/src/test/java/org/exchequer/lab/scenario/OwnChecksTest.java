package org.exchequer.lab.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.stage.Node;
import org.junit.jupiter.api.Test;

class OwnChecksTest {
    @Test
    void a_node_that_did_not_come_up_is_a_violation_with_the_end_of_its_log() {
        Node.Failure failure = new Node.Failure("node2 could not start", List.of("starting", "the port is taken"));
        Finding finding = OwnChecks.survival(3, List.of(failure), 0).finding();
        assertThat(finding.verdict()).isEqualTo(Verdict.INVALID);
        assertThat(finding.violations()).isEqualTo(1);
        assertThat(finding.first().orElseThrow().story())
                .containsExactly(
                        "node2 could not start, and nobody had killed it; the end of its log:",
                        "starting",
                        "the port is taken");
    }

    @Test
    void starts_that_failed_while_the_database_was_away_are_noted() {
        Finding finding = OwnChecks.survival(3, List.of(), 2).finding();
        assertThat(finding.verdict()).isEqualTo(Verdict.VALID);
        assertThat(finding.note()).endsWith("made again: 2");
    }
}
