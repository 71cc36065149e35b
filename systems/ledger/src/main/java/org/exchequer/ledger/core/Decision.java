package org.exchequer.ledger.core;

import java.util.List;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/** What the ledger decided about one command, before anything is written. */
public sealed interface Decision {
    /** The amounts may be posted. */
    sealed interface Booked extends Decision {
        /** The transaction it reverses, or null. */
        @Nullable
        Long reversalOf();
    }

    /**
     * Two legs, the debit first.
     *
     * @param amount minor units, more than zero
     * @param debitBalance debits minus credits of the debited account afterwards
     * @param creditBalance debits minus credits of the credited account afterwards
     */
    record BookedPair(
            Slot debit,
            Slot credit,
            long amount,
            long debitBalance,
            long creditBalance,
            @Nullable Long reversalOf) implements Booked {}

    /** Any other shape; legs in the order given. */
    record BookedLegs(List<BookedLeg> legs, @Nullable Long reversalOf) implements Booked {}

    /**
     * One leg.
     *
     * @param amount minor units, more than zero
     * @param balanceAfter debits minus credits of the account after the whole transaction
     */
    record BookedLeg(Slot slot, Side side, long amount, long balanceAfter) {
        /** Debit positive, credit negative. */
        public long signedAmount() {
            return side == Side.DEBIT ? amount : -amount;
        }
    }

    /** A new account. */
    record Opened(Account account) implements Decision {}

    /** An account with a new state or limit. */
    record Changed(Slot slot, Account before, Account after) implements Decision {}

    /** Nothing happens. */
    record Declined(RejectionReason reason, String field, String detail) implements Decision {}
}
