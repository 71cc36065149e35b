package org.exchequer.lab.check.inward;

import org.exchequer.lab.check.Finding;

/** Checks one invariant of inward clearing. Pure: the same evidence gives the same finding. */
public interface InwardChecker {
    /** Its name in reports, e.g. {@code one-answer}. */
    String name();

    /** The invariant in one sentence, for reports. */
    String invariant();

    /** Whether it held; evidence that is missing gives UNKNOWN. */
    Finding check(InwardEvidence evidence);
}
