package org.exchequer.ledger.api;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A posted transaction: immutable, balanced in each currency.
 *
 * @param id its position in the journal, 1 and up; positions have no gaps, but rejections take one too
 * @param key the idempotency key it was posted under
 * @param bookedAt booking time
 * @param bookingDate the business day it belongs to: the date of {@code bookedAt} in UTC, or the first open day when
 *     that date was closed already
 * @param valueDate the day it counts from; the booking date unless another was given
 * @param entries its legs in the order given, with the balances they led to
 * @param details what the caller wanted remembered
 * @param origin what it came from
 */
public record Transaction(
        long id,
        String key,
        Instant bookedAt,
        LocalDate bookingDate,
        LocalDate valueDate,
        List<Entry> entries,
        Details details,
        Origin origin) {

    /**
     * One leg as posted.
     *
     * @param leg account, side and amount
     * @param balanceAfter debits minus credits of the account after the whole transaction, in minor units
     */
    public record Entry(Leg leg, long balanceAfter) {}

    /**
     * What a transaction came from: of the first three at most one is set.
     *
     * @param reversalOf the transaction that it undoes, in full or part
     * @param pendingId the hold that it posts, in full or part
     * @param adjustmentId the approved adjustment
     * @param linkedTo position of the first item of its linked batch
     */
    public record Origin(
            @Nullable Long reversalOf,
            @Nullable Long pendingId,
            @Nullable Long adjustmentId,
            @Nullable Long linkedTo) {
        /** Posted by itself. */
        public static final Origin DIRECT = new Origin(null, null, null, null);
    }

    /** The transaction that it undoes, or null. */
    public @Nullable Long reversalOf() {
        return origin.reversalOf();
    }
}
