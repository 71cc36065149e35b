package org.exchequer.ledger.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What takes two people (four eyes): a correction of the books by hand, or a change of an account, done only when a
 * second one approves it.
 *
 * @param id its position in the journal
 * @param key the idempotency key it was proposed under
 * @param proposedAt booking time of the proposal
 * @param author who proposed it
 * @param reason why it is needed
 * @param legs what it will post, balanced in each currency; empty when it changes an account
 * @param change what becomes of an account, or null when it posts
 * @param details what is to be remembered with the transaction
 * @param state where it stands
 * @param decision how it was decided, or null
 * @param transactionId the transaction it led to, or null
 */
public record Adjustment(
        long id,
        String key,
        Instant proposedAt,
        String author,
        String reason,
        List<Leg> legs,
        @Nullable AccountChange change,
        Details details,
        State state,
        @Nullable Decision decision,
        @Nullable Long transactionId) {
    /** Proposed, then approved or rejected, once. */
    public enum State {
        PROPOSED,
        APPROVED,
        REJECTED
    }

    /**
     * How an adjustment was decided.
     *
     * @param by who approved or rejected it
     * @param at booking time of the decision
     * @param sequence position of the decision in the journal; of an approval, also the id of what it posted
     * @param reason why it was rejected; empty where nobody said, and of an approval
     */
    public record Decision(String by, Instant at, long sequence, String reason) {
        /** Without a reason. */
        public Decision(String by, Instant at, long sequence) {
            this(by, at, sequence, "");
        }
    }

    /** The same proposal, approved and done. */
    public Adjustment approved(Decision how) {
        return decided(State.APPROVED, how, change == null ? how.sequence() : null);
    }

    /** The same proposal, rejected. */
    public Adjustment rejected(Decision how) {
        return decided(State.REJECTED, how, null);
    }

    private Adjustment decided(State outcome, Decision how, @Nullable Long transaction) {
        return new Adjustment(id, key, proposedAt, author, reason, legs, change, details, outcome, how, transaction);
    }
}
