package org.exchequer.ledger.core;

import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision.Declined;
import org.jspecify.annotations.Nullable;

/** The wordings of rejections, and the guards that concern one account alone. */
final class Declines {
    private Declines() {}

    static @Nullable Declined first(@Nullable Declined one, @Nullable Declined two) {
        return one != null ? one : two;
    }

    static Declined notPositive(String field, Money amount) {
        return new Declined(
                RejectionReason.AMOUNT_NOT_POSITIVE, field, "must be more than zero, is " + amount.toDecimal());
    }

    static Declined notFound(String field, String code) {
        return new Declined(RejectionReason.ACCOUNT_NOT_FOUND, field, "account " + code + " does not exist");
    }

    static @Nullable Declined unpostable(String field, Slot slot) {
        return slot.currency != null
                ? null
                : new Declined(
                        RejectionReason.ACCOUNT_IS_SUMMARY,
                        field,
                        slot.code + " is a summary account; post to the accounts under it");
    }

    static @Nullable Declined wrongCurrency(String field, Slot slot, Currency currency) {
        return currency.equals(slot.currency)
                ? null
                : new Declined(
                        RejectionReason.CURRENCY_MISMATCH,
                        field,
                        slot.code + " is in " + slot.currency + ", the amount in " + currency);
    }

    static @Nullable Declined closed(String field, Slot slot) {
        return slot.state != AccountState.CLOSED
                ? null
                : new Declined(RejectionReason.ACCOUNT_CLOSED, field, slot.code + " is closed");
    }

    static @Nullable Declined frozen(String field, Slot slot, Side side) {
        return !slot.state.freezes(side)
                ? null
                : new Declined(
                        RejectionReason.ACCOUNT_FROZEN,
                        field,
                        slot.code + " is " + slot.state + " and takes no " + (side == Side.DEBIT ? "debit" : "credit"));
    }

    static Declined overflow(String field, Slot slot) {
        return new Declined(
                RejectionReason.BALANCE_OVERFLOW,
                field,
                slot.code + " would have turned over more than 2^63 - 1 units");
    }

    /**
     * Why a bound is broken: the account's rule goes before its minimum and maximum.
     *
     * @param slot as it is before
     * @param exposure what {@link Slot#exposure} would become on that side
     * @param needed what the command adds there
     */
    static Declined beyond(String field, Slot slot, Side towards, long exposure, long needed) {
        String numbers =
                slot.code + ": available " + money(slot, slot.room(towards)) + ", needed " + money(slot, needed);
        if (exposure > Slot.ruleBound(slot.account.spec(), towards)) {
            return towards == Side.DEBIT
                    ? new Declined(RejectionReason.INSUFFICIENT_FUNDS, field, numbers)
                    : new Declined(
                            RejectionReason.CREDITS_WOULD_EXCEED_DEBITS,
                            field,
                            slot.code + ": may be credited " + money(slot, slot.room(towards)) + ", asked "
                                    + money(slot, needed));
        }
        return towards == slot.account.spec().normalSide()
                ? new Declined(
                        RejectionReason.ABOVE_MAXIMUM_BALANCE,
                        field,
                        slot.code + ": room for " + money(slot, slot.room(towards)) + ", asked " + money(slot, needed))
                : new Declined(RejectionReason.BELOW_MINIMUM_BALANCE, field, numbers);
    }

    static Money money(Slot slot, long minorUnits) {
        return new Money(minorUnits, slot.currency());
    }
}
