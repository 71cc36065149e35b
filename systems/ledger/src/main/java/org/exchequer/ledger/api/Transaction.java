package org.exchequer.ledger.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A posted transaction: immutable, balanced in each currency.
 *
 * @param id its position in the journal, 1 and up; positions have no gaps, but rejections take one too
 * @param key the idempotency key it was posted under
 * @param bookedAt booking time
 * @param entries its legs in the order given, with the balances they led to
 * @param details what the caller wanted remembered
 * @param reversalOf id of the transaction it reverses, or null
 */
public record Transaction(
        long id,
        String key,
        Instant bookedAt,
        List<Entry> entries,
        Details details,
        @Nullable Long reversalOf) {

    /**
     * One leg as posted.
     *
     * @param leg account, side and amount
     * @param balanceAfter debits minus credits of the account after the whole transaction, in minor units
     */
    public record Entry(Leg leg, long balanceAfter) {}
}
