package org.exchequer.lab.sim.ledger;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Verdict;
import org.exchequer.lab.sim.Shrinker;

/**
 * Makes a failing run small: as few faults and operations as it takes for a checker that found a violation in the whole
 * run to find one still.
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
        Set<String> found = invalid(failing);
        List<String> parts = Shrinker.shrink(
                plan.names(),
                less -> invalid(LedgerRun.run(plan.only(less))).stream().anyMatch(found::contains),
                AT_MOST);
        return new Small(LedgerRun.run(plan.only(parts)), parts);
    }

    private static Set<String> invalid(LedgerRun.Result result) {
        return result.findings().stream()
                .filter(finding -> finding.verdict() == Verdict.INVALID)
                .map(Finding::checker)
                .collect(Collectors.toSet());
    }
}
