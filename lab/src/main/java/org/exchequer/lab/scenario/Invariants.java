package org.exchequer.lab.scenario;

import java.util.List;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.scenario.RunReport.NamedFinding;

/** What must hold in every run. */
final class Invariants {
    static final List<Checker> CHECKERS = List.of();

    private Invariants() {}

    static List<NamedFinding> check(Evidence evidence) {
        return CHECKERS.stream()
                .map(checker -> new NamedFinding(checker.invariant(), checker.check(evidence)))
                .toList();
    }
}
