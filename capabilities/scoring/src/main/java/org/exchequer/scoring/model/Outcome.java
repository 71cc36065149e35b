package org.exchequer.scoring.model;

/** What follows from a blended score, from harmless to grave. */
public enum Outcome {
    APPROVE,
    /** A person looks at it. */
    REVIEW,
    REJECT,
    /** Rejected, and a person looks at once: at this score an attack may be under way. */
    EMERGENCY_REVIEW
}
