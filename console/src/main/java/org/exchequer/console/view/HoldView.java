package org.exchequer.console.view;

import java.time.Instant;
import java.util.Map;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.PendingTransaction;
import org.jspecify.annotations.Nullable;

/**
 * A hold made ready for reading.
 *
 * @param id position in the journal
 * @param number the same with its thousands grouped
 * @param key idempotency key
 * @param created booking time of the hold
 * @param debitAccount code
 * @param debitName of that account
 * @param creditAccount code
 * @param creditName of that account
 * @param currency code
 * @param amount what was reserved at first, grouped
 * @param remaining what still is, grouped
 * @param remainingPlain the same as typed into a form
 * @param posted what has been posted of it, grouped
 * @param expires when the rest is released by itself, or null
 * @param state {@code pending}, {@code posted}, {@code voided} or {@code expired}
 * @param reference or null
 * @param correlationId or null
 * @param valueDate of the hold, or empty
 * @param metadata labels in order
 * @param linkedTo position of the first item of its linked batch, or null
 */
public record HoldView(
        long id,
        String number,
        String key,
        Moment created,
        String debitAccount,
        String debitName,
        String creditAccount,
        String creditName,
        String currency,
        String amount,
        String remaining,
        String remainingPlain,
        String posted,
        @Nullable Moment expires,
        String state,
        @Nullable String reference,
        @Nullable String correlationId,
        String valueDate,
        Map<String, String> metadata,
        @Nullable Long linkedTo) {

    /** The hold with the names of its accounts. */
    public static HoldView of(PendingTransaction hold, Ledger ledger) {
        return of(
                hold,
                TransactionView.name(hold.debitAccount(), ledger),
                TransactionView.name(hold.creditAccount(), ledger));
    }

    /** The hold for a list, which shows no names. */
    public static HoldView brief(PendingTransaction hold) {
        return of(hold, "", "");
    }

    private static HoldView of(PendingTransaction hold, String debitName, String creditName) {
        Money remaining = hold.remaining();
        Instant expiresAt = hold.expiresAt();
        Details details = hold.details();
        return new HoldView(
                hold.id(),
                Long.toString(hold.id()),
                hold.key(),
                Moment.of(hold.createdAt()),
                hold.debitAccount(),
                debitName,
                hold.creditAccount(),
                creditName,
                hold.amount().currency().code(),
                Amounts.text(hold.amount()),
                Amounts.text(remaining),
                remaining.toDecimal(),
                Amounts.text(hold.posted()),
                expiresAt == null ? null : Moment.of(expiresAt),
                Notice.words(hold.state()),
                details.reference(),
                details.correlationId(),
                details.valueDate() == null ? "" : details.valueDate().toString(),
                details.metadata(),
                hold.linkedTo());
    }

    /** Whether something is still reserved. */
    public boolean isOpen() {
        return state.equals("pending");
    }

    /** Whether it will debit this account; else it will credit it. */
    public boolean debits(String account) {
        return debitAccount.equals(account);
    }
}
