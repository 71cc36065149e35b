package org.exchequer.lab.check;

/** Checks one invariant against the evidence of a run. Pure: the same evidence gives the same finding. */
public interface Checker {
    /** Its name in reports, e.g. {@code conservation}. */
    String name();

    /** The invariant in one sentence, for reports. */
    String invariant();

    /**
     * Says whether the invariant held. Evidence that is missing gives {@link Verdict#UNKNOWN}, never an exception and
     * never {@link Verdict#VALID}.
     */
    Finding check(Evidence evidence);
}
