package org.exchequer.ledger.api;

import java.time.Instant;
import java.time.LocalDate;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * One line of an account's statement.
 *
 * @param transactionId the transaction it belongs to
 * @param leg index of the leg in that transaction, from 0
 * @param bookedAt booking time
 * @param bookingDate the business day it was booked on
 * @param valueDate the day it counts from
 * @param side debit or credit
 * @param amount of the leg
 * @param balanceAfter the account's balance after this line, on its normal side; the legs of one transaction count one
 *     after the other
 * @param reference the transaction's external reference
 * @param reversalOf the transaction it reverses, or null
 */
public record StatementLine(
        long transactionId,
        int leg,
        Instant bookedAt,
        LocalDate bookingDate,
        LocalDate valueDate,
        Side side,
        Money amount,
        Money balanceAfter,
        @Nullable String reference,
        @Nullable Long reversalOf) {}
