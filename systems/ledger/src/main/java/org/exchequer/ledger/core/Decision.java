package org.exchequer.ledger.core;

import java.time.LocalDate;
import java.util.List;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/** What the ledger decided about one command, before anything is written. */
public sealed interface Decision {
    /** What it posts, or null when it moves no money. */
    default @Nullable Booked booked() {
        return null;
    }

    /** The journal entry it acts on: a reversed transaction, a hold, a proposed adjustment; or null. */
    default @Nullable Long refersTo() {
        return null;
    }

    /** The amounts may be posted. */
    sealed interface Booked extends Decision {
        @Override
        default Booked booked() {
            return this;
        }
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
            @Nullable Long refersTo) implements Booked {}

    /** Any other shape; legs in the order given. */
    record BookedLegs(List<BookedLeg> legs, @Nullable Long refersTo) implements Booked {}

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

    /** The amount may be reserved. The hold's id is the command's place in the journal. */
    record Held(Hold hold) implements Decision {}

    /**
     * A hold may be posted.
     *
     * @param hold as it was before
     * @param booked what is posted of it
     * @param released how much less is reserved afterwards, in minor units; what is posted, or all that remained
     */
    record PendingPosted(Hold hold, BookedPair booked, long released) implements Decision {
        @Override
        public Long refersTo() {
            return hold.id();
        }
    }

    /**
     * A hold ends without a posting.
     *
     * @param hold as it was before; all that remained is released
     * @param expired whether its time was up, rather than somebody voided it
     */
    record PendingReleased(Hold hold, boolean expired) implements Decision {
        @Override
        public Long refersTo() {
            return hold.id();
        }
    }

    /** An adjustment waits for approval. */
    record Proposed(Proposal proposal) implements Decision {}

    /** An adjustment was approved, and is posted. */
    record AdjustmentPosted(Proposal proposal, String decidedBy, Booked booked) implements Decision {
        @Override
        public Long refersTo() {
            return proposal.id();
        }
    }

    /** An adjustment was approved, and its account is changed. */
    record AdjustmentMade(Proposal proposal, String decidedBy, Changed changed) implements Decision {
        @Override
        public Long refersTo() {
            return proposal.id();
        }
    }

    /** An adjustment was rejected. */
    record AdjustmentDismissed(Proposal proposal, String decidedBy, String reason) implements Decision {
        @Override
        public Long refersTo() {
            return proposal.id();
        }
    }

    /** A day may be closed, and with it all before. */
    record DayClosed(LocalDate day, @Nullable LocalDate before, String closedBy) implements Decision {}

    /** A new account. */
    record Opened(Account account) implements Decision {}

    /** An account with a new state, limit or bounds. */
    record Changed(Slot slot, Account before, Account after) implements Decision {}

    /** Nothing happens. */
    record Declined(RejectionReason reason, String field, String detail) implements Decision {}
}
