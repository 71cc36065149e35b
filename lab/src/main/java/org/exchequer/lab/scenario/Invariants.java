package org.exchequer.lab.scenario;

import java.time.Duration;
import java.util.List;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.check.Checker;
import org.exchequer.lab.check.Checkers;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.scenario.RunReport.NamedFinding;

/**
 * What must hold in every run.
 *
 * @param checkers in the order of the report
 */
record Invariants(List<Checker> checkers) {
    /** Most time for deciding whether one account is linearizable. */
    private static final Duration PER_ACCOUNT = Duration.ofSeconds(10);

    static Invariants of(Ticker ticker) {
        return new Invariants(Checkers.ledger(ticker, PER_ACCOUNT));
    }

    List<NamedFinding> check(Evidence evidence) {
        return checkers.stream()
                .map(checker -> new NamedFinding(checker.invariant(), checker.check(evidence)))
                .toList();
    }
}
