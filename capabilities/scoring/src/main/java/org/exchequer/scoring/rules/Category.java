package org.exchequer.scoring.rules;

/** What a rule is about. */
public enum Category {
    VELOCITY,
    PATTERN,
    RELATIONSHIP,
    /** Against money laundering: an allow list does not silence these. */
    AML
}
