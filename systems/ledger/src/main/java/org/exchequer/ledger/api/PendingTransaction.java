package org.exchequer.ledger.api;

import java.time.Instant;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * A two-phase transfer: it reserves an amount on both accounts until it is posted, voided or expired.
 *
 * @param id its position in the journal
 * @param key the idempotency key it was created under
 * @param createdAt booking time of the hold
 * @param debitAccount the account that will be debited
 * @param creditAccount the account that will be credited
 * @param amount what was reserved at first
 * @param remaining what is still reserved; zero once it has ended
 * @param posted what has been posted of it
 * @param expiresAt when the rest is released by itself, or null for never
 * @param state whether it is open, or what ended it
 * @param details what the caller wanted remembered
 * @param linkedTo position of the first item of its linked batch, or null
 */
public record PendingTransaction(
        long id,
        String key,
        Instant createdAt,
        String debitAccount,
        String creditAccount,
        Money amount,
        Money remaining,
        Money posted,
        @Nullable Instant expiresAt,
        State state,
        Details details,
        @Nullable Long linkedTo) {
    /** Open, or what ended it: {@code VOIDED} and {@code EXPIRED} may follow partial postings, see {@code posted}. */
    public enum State {
        PENDING,
        POSTED,
        VOIDED,
        EXPIRED
    }
}
