package org.exchequer.lab.check.inward;

import java.util.List;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Replay;

/** What models decided comes out again from what is stored, to the bit, whatever they were given. */
final class Replayed implements InwardChecker {
    @Override
    public String name() {
        return "replayed";
    }

    @Override
    public String invariant() {
        return "Every stored decision of models comes out the same again, to the bit, from what is stored beside it.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.replays().isEmpty()) {
            return Finding.unknown(name(), "decisions", "decisions were not read");
        }
        Tally tally = new Tally(name(), "decisions");
        for (Replay replay : evidence.replays().get()) {
            tally.checked();
            if (!replay.differs().isEmpty()) {
                tally.violation(
                        1,
                        "what was decided on payment " + replay.payment() + " is something else now",
                        List.of(replay.differs()));
            }
        }
        return tally.finding();
    }
}
