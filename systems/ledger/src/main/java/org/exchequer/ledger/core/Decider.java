package org.exchequer.ledger.core;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision.BookedLeg;
import org.exchequer.ledger.core.Decision.BookedLegs;
import org.exchequer.ledger.core.Decision.BookedPair;
import org.exchequer.ledger.core.Decision.Declined;
import org.jspecify.annotations.Nullable;

/**
 * Decides commands against the books. Guards stand in the order of {@link RejectionReason}: the first that applies is
 * the answer, and within one reason the first leg it applies to.
 */
public final class Decider {
    private Decider() {}

    /** Finds what a reversal wants to undo. */
    @FunctionalInterface
    public interface Originals {
        /** The accepted transaction with this id as of this decision, or null. */
        @Nullable
        Original find(long transactionId);
    }

    /**
     * A transaction that may be reversed.
     *
     * @param booked as it was posted
     * @param reversed whether a reversal of it was accepted before
     */
    public record Original(Decision.Booked booked, boolean reversed) {}

    /**
     * Decides one command. Changes nothing.
     *
     * @param now booking time, for the opening of accounts
     */
    public static Decision decide(Books books, Command command, Originals originals, Instant now) {
        return switch (command) {
            case Command.Transfer transfer -> transfer(books, transfer);
            case Command.Post post -> post(books, post);
            case Command.Reverse reverse -> reverse(reverse, originals);
            case Command.OpenAccount open -> open(books, open.account(), now);
            case Command.ChangeAccount change -> change(books, change);
        };
    }

    private static Decision transfer(Books books, Command.Transfer transfer) {
        Money amount = transfer.amount();
        if (amount.minorUnits() <= 0) {
            return notPositive("amount", amount);
        }
        if (transfer.debitAccount().equals(transfer.creditAccount())) {
            return new Declined(
                    RejectionReason.SAME_ACCOUNT, "creditAccount", "debit and credit " + transfer.creditAccount());
        }
        Slot debit = books.find(transfer.debitAccount());
        Slot credit = books.find(transfer.creditAccount());
        if (debit == null || credit == null) {
            return debit == null
                    ? notFound("debitAccount", transfer.debitAccount())
                    : notFound("creditAccount", transfer.creditAccount());
        }
        Declined declined = first(unpostable("debitAccount", debit), unpostable("creditAccount", credit));
        if (declined == null) {
            declined = first(
                    wrongCurrency("amount", debit, amount.currency()),
                    wrongCurrency("amount", credit, amount.currency()));
        }
        return declined != null
                ? declined
                : pair(debit, credit, amount.minorUnits(), null, "debitAccount", "creditAccount");
    }

    private static Decision pair(
            Slot debit, Slot credit, long amount, @Nullable Long reversalOf, String debitField, String creditField) {
        Declined declined = first(closed(debitField, debit), closed(creditField, credit));
        if (declined == null) {
            declined = first(frozen(debitField, debit), frozen(creditField, credit));
        }
        if (declined != null) {
            return declined;
        }
        long debits = debit.debits + amount;
        long credits = credit.credits + amount;
        if (debits < 0 || credits < 0) {
            return debits < 0 ? overflow(debitField, debit) : overflow(creditField, credit);
        }
        // At most one of the two rules stands against a pair each way: only a debit can bring debits over credits.
        if (debit.rule == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS
                && !Books.within(debit.rule, debits, debit.credits, debit.overdraftLimit)) {
            return insufficient(debitField, debit, amount);
        }
        if (credit.rule == BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS
                && !Books.within(credit.rule, credit.debits, credits, credit.overdraftLimit)) {
            return overpaid(creditField, credit, amount);
        }
        return new BookedPair(debit, credit, amount, debits - debit.credits, credit.debits - credits, reversalOf);
    }

    private static Decision post(Books books, Command.Post post) {
        List<Leg> legs = post.legs();
        for (int i = 0; i < legs.size(); i++) {
            if (legs.get(i).amount().minorUnits() <= 0) {
                return notPositive("legs[" + i + "].amount", legs.get(i).amount());
            }
        }
        List<BookedLeg> found = new ArrayList<>(legs.size());
        for (int i = 0; i < legs.size(); i++) {
            Slot slot = books.find(legs.get(i).account());
            if (slot == null) {
                return notFound("legs[" + i + "].account", legs.get(i).account());
            }
            found.add(
                    new BookedLeg(slot, legs.get(i).side(), legs.get(i).amount().minorUnits(), 0));
        }
        for (int i = 0; i < legs.size(); i++) {
            Declined declined =
                    unpostable("legs[" + i + "].account", found.get(i).slot());
            if (declined != null) {
                return declined;
            }
        }
        for (int i = 0; i < legs.size(); i++) {
            Declined declined = wrongCurrency(
                    "legs[" + i + "].amount",
                    found.get(i).slot(),
                    legs.get(i).amount().currency());
            if (declined != null) {
                return declined;
            }
        }
        Declined declined = unbalanced(legs);
        return declined != null ? declined : legs(found, null);
    }

    private static Decision legs(List<BookedLeg> legs, @Nullable Long reversalOf) {
        BookedLeg one = legs.get(0);
        BookedLeg two = legs.get(1);
        if (legs.size() == 2 && one.slot() != two.slot() && one.side() == Side.DEBIT) {
            return pair(one.slot(), two.slot(), one.amount(), reversalOf, field(0, reversalOf), field(1, reversalOf));
        }
        Declined declined = null;
        for (int i = 0; i < legs.size() && declined == null; i++) {
            declined = closed(field(i, reversalOf), legs.get(i).slot());
        }
        for (int i = 0; i < legs.size() && declined == null; i++) {
            declined = frozen(field(i, reversalOf), legs.get(i).slot());
        }
        if (declined != null) {
            return declined;
        }
        IdentityHashMap<Slot, long[]> after = new IdentityHashMap<>();
        for (int i = 0; i < legs.size(); i++) {
            BookedLeg leg = legs.get(i);
            long[] totals = after.computeIfAbsent(leg.slot(), slot -> new long[] {slot.debits, slot.credits});
            int side = leg.side().ordinal();
            totals[side] += leg.amount();
            if (totals[side] < 0) {
                return overflow(field(i, reversalOf), leg.slot());
            }
        }
        declined = beyondRule(legs, after, reversalOf);
        if (declined != null) {
            return declined;
        }
        List<BookedLeg> booked = new ArrayList<>(legs.size());
        for (BookedLeg leg : legs) {
            long[] totals = total(after, leg.slot());
            booked.add(new BookedLeg(leg.slot(), leg.side(), leg.amount(), totals[0] - totals[1]));
        }
        return new BookedLegs(booked, reversalOf);
    }

    /**
     * A rule is broken only by a transaction that moves the account further in the forbidden direction: one that
     * improves an account which stands beyond its limit already is welcome.
     */
    private static @Nullable Declined beyondRule(
            List<BookedLeg> legs, IdentityHashMap<Slot, long[]> after, @Nullable Long reversalOf) {
        Declined overpaid = null;
        for (int i = 0; i < legs.size(); i++) {
            Slot slot = legs.get(i).slot();
            long[] totals = total(after, slot);
            long moved = (totals[0] - totals[1]) - (slot.debits - slot.credits);
            if (Books.within(slot.rule, totals[0], totals[1], slot.overdraftLimit)) {
                continue;
            }
            if (slot.rule == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS && moved > 0) {
                return insufficient(field(i, reversalOf), slot, moved);
            }
            if (slot.rule == BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS && moved < 0 && overpaid == null) {
                overpaid = overpaid(field(i, reversalOf), slot, -moved);
            }
        }
        return overpaid;
    }

    /** What to name in an answer: a reversal has no legs of its own. */
    private static String field(int leg, @Nullable Long reversalOf) {
        return reversalOf == null ? "legs[" + leg + "].account" : "transactionId";
    }

    private static long[] total(IdentityHashMap<Slot, long[]> after, Slot slot) {
        long[] totals = after.get(slot);
        if (totals == null) {
            throw new IllegalStateException("no totals for " + slot.code);
        }
        return totals;
    }

    private static Decision reverse(Command.Reverse reverse, Originals originals) {
        long id = reverse.transactionId();
        Original original = originals.find(id);
        if (original == null) {
            return new Declined(RejectionReason.TRANSACTION_NOT_FOUND, "transactionId", "no transaction has id " + id);
        }
        Long reversalOf = original.booked().reversalOf();
        if (reversalOf != null) {
            return new Declined(
                    RejectionReason.NOT_REVERSIBLE,
                    "transactionId",
                    "transaction " + id + " is the reversal of " + reversalOf);
        }
        if (original.reversed()) {
            return new Declined(
                    RejectionReason.ALREADY_REVERSED, "transactionId", "transaction " + id + " was reversed before");
        }
        return switch (original.booked()) {
            case BookedPair pair ->
                pair(pair.credit(), pair.debit(), pair.amount(), id, "transactionId", "transactionId");
            case BookedLegs booked ->
                legs(
                        booked.legs().stream()
                                .map(leg -> new BookedLeg(leg.slot(), leg.side().opposite(), leg.amount(), 0))
                                .toList(),
                        id);
        };
    }

    private static Decision open(Books books, AccountSpec spec, Instant now) {
        if (books.find(spec.code()) != null) {
            return new Declined(RejectionReason.ACCOUNT_EXISTS, "code", "account " + spec.code() + " exists");
        }
        if (spec.parent() != null) {
            Slot parent = books.find(spec.parent());
            if (parent == null) {
                return new Declined(
                        RejectionReason.PARENT_NOT_FOUND, "parent", "account " + spec.parent() + " does not exist");
            }
            if (parent.currency != null) {
                return new Declined(
                        RejectionReason.PARENT_NOT_SUMMARY,
                        "parent",
                        spec.parent() + " is a posting account; a parent has no currency");
            }
            if (parent.state == AccountState.CLOSED) {
                return new Declined(RejectionReason.PARENT_CLOSED, "parent", spec.parent() + " is closed");
            }
            if (parent.account.spec().type() != spec.type()) {
                return new Declined(
                        RejectionReason.TYPE_DIFFERS_FROM_PARENT,
                        "type",
                        spec.parent() + " is of type " + parent.account.spec().type());
            }
        }
        return new Decision.Opened(new Account(books.size() + 1L, spec, AccountState.OPEN, now));
    }

    private static Decision change(Books books, Command.ChangeAccount change) {
        Slot slot = books.find(change.account());
        if (slot == null) {
            return notFound("account", change.account());
        }
        AccountState state = change.state() == null ? slot.state : change.state();
        long limit = change.overdraftLimit() == null ? slot.overdraftLimit : change.overdraftLimit();
        if (slot.state == AccountState.CLOSED) {
            return new Declined(
                    RejectionReason.STATE_CHANGE_NOT_ALLOWED,
                    "state",
                    slot.code + " is CLOSED; a closed account stays closed");
        }
        if (change.state() != null && state == slot.state) {
            return new Declined(
                    RejectionReason.STATE_CHANGE_NOT_ALLOWED, "state", slot.code + " is " + slot.state + " already");
        }
        if (change.overdraftLimit() != null && slot.rule == BalanceRule.NONE) {
            return new Declined(RejectionReason.NO_BALANCE_RULE, "overdraftLimit", slot.code + " has no balance rule");
        }
        if (state == AccountState.CLOSED && slot.debits != slot.credits) {
            return new Declined(
                    RejectionReason.BALANCE_NOT_ZERO,
                    "state",
                    slot.code + " stands at " + money(slot, slot.debits - slot.credits) + " (debits minus credits)");
        }
        if (state == AccountState.CLOSED && slot.childrenNotClosed > 0) {
            return new Declined(
                    RejectionReason.CHILDREN_NOT_CLOSED,
                    "state",
                    slot.code + " has " + slot.childrenNotClosed + " accounts that are not closed");
        }
        if (limit < slot.overdraftLimit && !Books.within(slot.rule, slot.debits, slot.credits, limit)) {
            return new Declined(
                    RejectionReason.LIMIT_BELOW_BALANCE,
                    "overdraftLimit",
                    slot.code + " stands at " + money(slot, slot.debits - slot.credits) + " (debits minus credits)");
        }
        AccountSpec spec = slot.account.spec();
        AccountSpec newSpec = limit == slot.overdraftLimit ? spec : spec.limited(spec.rule(), limit);
        return new Decision.Changed(slot, slot.account, new Account(slot.id, newSpec, state, slot.account.openedAt()));
    }

    private static @Nullable Declined unbalanced(List<Leg> legs) {
        Map<Currency, BigInteger> sums = new HashMap<>();
        for (Leg leg : legs) {
            BigInteger amount = BigInteger.valueOf(leg.amount().minorUnits());
            sums.merge(leg.amount().currency(), leg.side() == Side.DEBIT ? amount : amount.negate(), BigInteger::add);
        }
        for (Leg leg : legs) {
            Currency currency = leg.amount().currency();
            BigInteger sum = sums.getOrDefault(currency, BigInteger.ZERO);
            if (sum.signum() != 0) {
                String difference =
                        new java.math.BigDecimal(sum.abs(), currency.scale()).toPlainString() + " " + currency;
                return new Declined(
                        RejectionReason.UNBALANCED,
                        "legs",
                        (sum.signum() > 0 ? "debits exceed credits by " : "credits exceed debits by ") + difference);
            }
        }
        return null;
    }

    private static @Nullable Declined first(@Nullable Declined one, @Nullable Declined two) {
        return one != null ? one : two;
    }

    private static Declined notPositive(String field, Money amount) {
        return new Declined(
                RejectionReason.AMOUNT_NOT_POSITIVE, field, "must be more than zero, is " + amount.toDecimal());
    }

    private static Declined notFound(String field, String code) {
        return new Declined(RejectionReason.ACCOUNT_NOT_FOUND, field, "account " + code + " does not exist");
    }

    private static @Nullable Declined unpostable(String field, Slot slot) {
        return slot.currency != null
                ? null
                : new Declined(
                        RejectionReason.ACCOUNT_IS_SUMMARY,
                        field,
                        slot.code + " is a summary account; post to the accounts under it");
    }

    private static @Nullable Declined wrongCurrency(String field, Slot slot, Currency currency) {
        return currency.equals(slot.currency)
                ? null
                : new Declined(
                        RejectionReason.CURRENCY_MISMATCH,
                        field,
                        slot.code + " is in " + slot.currency + ", the amount in " + currency);
    }

    private static @Nullable Declined closed(String field, Slot slot) {
        return slot.state != AccountState.CLOSED
                ? null
                : new Declined(RejectionReason.ACCOUNT_CLOSED, field, slot.code + " is closed");
    }

    private static @Nullable Declined frozen(String field, Slot slot) {
        return slot.state != AccountState.FROZEN
                ? null
                : new Declined(RejectionReason.ACCOUNT_FROZEN, field, slot.code + " is frozen");
    }

    private static Declined overflow(String field, Slot slot) {
        return new Declined(
                RejectionReason.BALANCE_OVERFLOW,
                field,
                slot.code + " would have turned over more than 2^63 - 1 units");
    }

    private static Declined insufficient(String field, Slot slot, long needed) {
        return new Declined(
                RejectionReason.INSUFFICIENT_FUNDS,
                field,
                slot.code + ": available " + money(slot, slot.available()) + ", needed " + money(slot, needed));
    }

    private static Declined overpaid(String field, Slot slot, long needed) {
        return new Declined(
                RejectionReason.CREDITS_WOULD_EXCEED_DEBITS,
                field,
                slot.code + ": may be credited " + money(slot, slot.available()) + ", asked " + money(slot, needed));
    }

    private static Money money(Slot slot, long minorUnits) {
        return new Money(minorUnits, slot.currency());
    }
}
