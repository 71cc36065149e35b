package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.jspecify.annotations.Nullable;

/**
 * A break from the run that found it until it is settled.
 *
 * @param id 1 and up
 * @param since the earlier of its dates; its age counts from there
 * @param firstRun the run that found it
 * @param lastRun the last run that saw it, or settled it
 * @param ours the ledger's line, or null
 * @param theirs the statement's line, or null
 * @param owner who looks after it, or null
 * @param proposal the resolution that waits for approval, or that was approved; else null
 * @param transactionId the ledger's transaction that settled it, or null
 */
public record TrackedBreak(
        long id,
        String account,
        Currency currency,
        BreakType type,
        LocalDate since,
        long firstRun,
        long lastRun,
        @Nullable Line ours,
        @Nullable Line theirs,
        BreakStatus status,
        @Nullable String owner,
        @Nullable Proposal proposal,
        @Nullable Long transactionId) {
    /**
     * How somebody wants to settle it.
     *
     * @param contraAccount the account of the other leg of an adjustment; null for closing without one
     * @param adjustmentId the ledger's adjustment; null without one, or while it is not known yet
     */
    public record Proposal(
            String by,
            String reason,
            @Nullable String contraAccount,
            @Nullable Long adjustmentId) {}

    /**
     * By how much the books must rise to say what the statement says: what an adjustment would post.
     *
     * <p>A duplicate of ours is to be taken back, one of theirs is not ours to correct, but to be booked if it stands.
     */
    public Money difference() {
        long amount = (theirs == null ? 0 : theirs.amount()) - (ours == null ? 0 : ours.amount());
        return new Money(amount, currency);
    }

    /** Whole days since {@link #since}, 0 or more. */
    public long ageDays(LocalDate today) {
        return Math.max(0, today.toEpochDay() - since.toEpochDay());
    }
}
