package org.exchequer.lab.sim.ledger;

import java.util.List;
import java.util.stream.Stream;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.sim.Shrinker;

/**
 * Makes a failing run small: as few faults and operations as it takes for the same checker to find a violation still.
 * Of several checkers it is the first in the order of a report: those that look at money come before the others.
 */
public final class Shrink {
    private static final int AT_MOST = 600;

    private Shrink() {}

    /**
     * A small run that fails.
     *
     * @param parts what is left of the plan, by the names that {@link Plan#only} takes
     */
    public record Small(LedgerRun.Result result, List<String> parts) {}

    /** Shrinks a run in which at least one checker found a violation. */
    public static Small shrink(LedgerRun.Result failing) {
        Plan plan = failing.plan();
        String checker = invalid(failing).findFirst().orElseThrow();
        List<String> parts = Shrinker.shrink(
                plan.names(), less -> invalid(LedgerRun.run(plan.only(less))).anyMatch(checker::equals), AT_MOST);
        return new Small(LedgerRun.run(plan.only(parts)), parts);
    }

    private static Stream<String> invalid(LedgerRun.Result result) {
        return result.findings().stream()
                .filter(finding -> finding.verdict() == Verdict.INVALID)
                .map(Finding::checker);
    }
}
