package org.exchequer.ledger.api;

import org.exchequer.kernel.Money;

/** What became of a command. Exactly one of these, and only {@link Unknown} and {@link Refused} leave it open. */
public sealed interface Outcome {
    /**
     * The transaction is in the journal, durably.
     *
     * @param transaction as posted; the same on every replay
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Posted(Transaction transaction, boolean replayed) implements Outcome {}

    /**
     * The amount is reserved, durably.
     *
     * @param pending the hold as it was right after this command, also on a replay
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Held(PendingTransaction pending, boolean replayed) implements Outcome {}

    /**
     * A hold was voided, durably.
     *
     * @param pendingId the hold
     * @param released what it still reserved
     * @param sequence position of the command in the journal
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Released(long pendingId, Money released, long sequence, boolean replayed) implements Outcome {}

    /**
     * An adjustment waits for approval, durably.
     *
     * @param adjustment as it was right after this command, also on a replay
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Proposed(Adjustment adjustment, boolean replayed) implements Outcome {}

    /**
     * A proposed adjustment was rejected, durably and for good.
     *
     * @param adjustmentId the proposal
     * @param sequence position of the command in the journal
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Dismissed(long adjustmentId, long sequence, boolean replayed) implements Outcome {}

    /**
     * The day is closed, durably.
     *
     * @param close which day, when and by whom
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record DayClosed(DayClose close, boolean replayed) implements Outcome {}

    /**
     * The account was opened or changed, durably.
     *
     * @param account as it was right after this command, also on a replay
     * @param sequence position of the command in the journal
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record AccountChanged(Account account, long sequence, boolean replayed) implements Outcome {}

    /**
     * The ledger said no, and will say so again for this key.
     *
     * @param reason why
     * @param field the field of the command at fault, e.g. {@code legs[1].account}
     * @param detail for people, e.g. {@code "2000.cust.1: available 5.00 EUR, needed 10.00 EUR"}
     * @param sequence position of the rejection in the journal; 0 for {@code IDEMPOTENCY_KEY_REUSED}, and for those of
     *     personal data that cannot be sealed
     * @param replayed true when the key had been answered before and this is that answer again
     */
    record Rejected(RejectionReason reason, String field, String detail, long sequence, boolean replayed)
            implements Outcome {}

    /**
     * The command was not looked at and left no trace; send it again with the same key.
     *
     * @param cause why not
     * @param retryAfterMs how long to wait first
     */
    record Refused(Cause cause, long retryAfterMs) implements Outcome {
        public enum Cause {
            /** The queue to the writer is full. */
            OVERLOADED,
            /** No writer is known at present, e.g. while a standby takes over. */
            NO_WRITER,
            /** The database refused to store it. */
            STORAGE,
            /** The ledger is shutting down. */
            STOPPING
        }
    }

    /**
     * The command may or may not be in the journal: the connection was lost at the wrong moment. Send it again with the
     * same key to learn which; it cannot happen twice.
     */
    record Unknown(String why) implements Outcome {}
}
