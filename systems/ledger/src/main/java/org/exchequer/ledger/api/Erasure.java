package org.exchequer.ledger.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * That a person's data be made unreadable, which takes two people (four eyes): one proposes it with a reason, another
 * approves.
 *
 * @param id its number, from 1
 * @param subject whom it is about, by the reference in the label {@value Subjects#LABEL}
 * @param reason why, 1 to {@value #MOST_REASON} characters; holds nothing personal itself
 * @param author who proposed it
 * @param proposedAt when, by the database's clock
 * @param state where it stands
 * @param decision how it was decided, or null
 */
public record Erasure(
        long id,
        String subject,
        String reason,
        String author,
        Instant proposedAt,
        State state,
        @Nullable Decision decision) {
    /** Most characters of a reason. */
    public static final int MOST_REASON = 500;

    /** Proposed, then approved or rejected, once. */
    public enum State {
        PROPOSED,
        /** The key is destroyed, in the same transaction. */
        APPROVED,
        REJECTED
    }

    /**
     * How it was decided.
     *
     * @param by who approved or rejected it
     * @param at when, by the database's clock
     * @param reason why it was rejected; empty where nobody said, and of an approval
     */
    public record Decision(String by, Instant at, String reason) {}

    /** What became of a proposal, or of a decision about one. */
    public sealed interface Outcome {
        /** It is as asked for, now or since the same person asked before. */
        record Done(Erasure erasure) implements Outcome {}

        /**
         * Nothing was done.
         *
         * @param why one word for it
         * @param detail in a sentence, without personal data
         */
        record NotDone(Why why, String detail) implements Outcome {}
    }

    /** Why nothing was done. */
    public enum Why {
        /** Nothing was ever sealed for such a subject. */
        SUBJECT_NOT_FOUND,
        /** The subject's key was destroyed before. */
        SUBJECT_ERASED,
        /** Another proposal for the subject waits for its decision. */
        ERASURE_ALREADY_PROPOSED,
        /** The subject has no proposal of this number. */
        ERASURE_NOT_FOUND,
        /** It was approved or rejected before. */
        ERASURE_ALREADY_DECIDED,
        /** Whoever proposed it may withdraw it, but not approve it. */
        APPROVER_IS_AUTHOR
    }
}
