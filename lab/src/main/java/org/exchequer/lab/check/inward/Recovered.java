package org.exchequer.lab.check.inward;

import java.util.List;
import org.exchequer.lab.check.Finding;
import org.exchequer.lab.check.Tally;
import org.exchequer.lab.check.inward.InwardEvidence.Recovery;

/** Breakers close again by themselves: once every fault is over, payments go through all stages on every node. */
final class Recovered implements InwardChecker {
    /** The longest that a breaker stays open, and then some probes. */
    static final long MOST_MS = 45_000;

    @Override
    public String name() {
        return "recovered";
    }

    @Override
    public String invariant() {
        return "Within 45 s of the last fault's end each node carries payments out without a fallback, all breakers"
                + " closed.";
    }

    @Override
    public Finding check(InwardEvidence evidence) {
        if (evidence.recoveries().isEmpty()) {
            return Finding.unknown(name(), "nodes", "no node was asked");
        }
        Tally tally = new Tally(name(), "nodes");
        for (Recovery recovery : evidence.recoveries().get()) {
            tally.checked();
            if (recovery.tookMs() < 0 || recovery.tookMs() > MOST_MS) {
                tally.violation(
                        recovery.tookMs() < 0 ? Long.MAX_VALUE : recovery.tookMs(),
                        recovery.node() + " did not recover in time",
                        List.of(recovery.toString()));
            }
            tally.note("%s after %,d ms".formatted(recovery.node(), recovery.tookMs()));
        }
        return tally.finding();
    }
}
