package org.exchequer.lab.check;

import java.util.Collection;

/** What a checker can say. */
public enum Verdict {
    /** No violation was found in all there was to check. */
    VALID(0),
    /** It cannot be told: evidence is missing, or the budget ran out. */
    UNKNOWN(2),
    /** At least one violation was found. */
    INVALID(1);

    private final int exitCode;

    Verdict(int exitCode) {
        this.exitCode = exitCode;
    }

    /** Exit code of a command with this verdict: 0, 2 or 1. */
    public int exitCode() {
        return exitCode;
    }

    /** The verdict over several: invalid when one is, else unknown when one is, else valid; of none, unknown. */
    public static Verdict of(Collection<Finding> findings) {
        Verdict worst = findings.isEmpty() ? UNKNOWN : VALID;
        for (Finding finding : findings) {
            worst = finding.verdict().compareTo(worst) > 0 ? finding.verdict() : worst;
        }
        return worst;
    }
}
