package org.exchequer.lab.check.inward;

import java.util.List;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Trial;

/** What was made wrong on purpose when all was over is noticed by whoever is there for it. */
final class Noticed implements InwardChecker {
    @Override
    public String name() {
        return "noticed";
    }

    @Override
    public String invariant() {
        return "What is wrong afterwards is noticed: altered decisions, frauds that were let through, features that"
                + " moved, a partner's books.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.trials().isEmpty()) {
            return Finding.unknown(name(), "trials", "nothing was tried");
        }
        Tally tally = new Tally(name(), "trials");
        for (Trial trial : evidence.trials().get()) {
            tally.checked();
            if (!trial.noticed()) {
                tally.violation(1, trial.what() + ": not noticed", List.of(trial.said()));
            }
        }
        return tally.finding();
    }
}
