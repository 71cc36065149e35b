package org.exchequer.scoring.rules;

/** What a rule asks for, from mildest to severest. */
public enum Action {
    /** Nothing asked: no rule hit. */
    PASS,
    /** Worth remembering; the payment goes on. */
    NOTE,
    /** A person looks at it. */
    REVIEW,
    /** It waits until a person has looked. */
    HOLD,
    /** It is refused. */
    BLOCK
}
