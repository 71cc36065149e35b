package org.exchequer.lab.check.inward;

import java.util.List;

/** All checkers of inward clearing. */
public final class InwardCheckers {
    private InwardCheckers() {}

    /** In the order of a report. */
    public static List<InwardChecker> all() {
        return List.of(
                new OneAnswer(),
                new InTime(),
                new MoneyAsAnswered(),
                new TakenBack(),
                new Resolved(),
                new Covered(),
                new Screened(),
                new OnRecord(),
                new Replayed(),
                new Noticed(),
                new Recovered());
    }
}
