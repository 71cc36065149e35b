package org.exchequer.ledger.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A correction of the books by hand, posted only when a second person approves it (four eyes).
 *
 * @param id its position in the journal
 * @param key the idempotency key it was proposed under
 * @param proposedAt booking time of the proposal
 * @param author who proposed it
 * @param reason why it is needed
 * @param legs what it will post, balanced in each currency
 * @param details what is to be remembered with the transaction
 * @param state where it stands
 * @param decidedBy who approved or rejected it, or null
 * @param transactionId the transaction it led to, or null
 */
public record Adjustment(
        long id,
        String key,
        Instant proposedAt,
        String author,
        String reason,
        List<Leg> legs,
        Details details,
        State state,
        @Nullable String decidedBy,
        @Nullable Long transactionId) {
    /** Proposed, then approved or rejected, once. */
    public enum State {
        PROPOSED,
        APPROVED,
        REJECTED
    }

    /** The same proposal, decided. */
    public Adjustment decided(State outcome, String by, @Nullable Long transaction) {
        return new Adjustment(id, key, proposedAt, author, reason, legs, details, outcome, by, transaction);
    }
}
