package org.exchequer.ledger.core;

import java.time.Instant;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decision.Declined;
import org.jspecify.annotations.Nullable;

/** Decides about accounts: opening and changing them. */
final class AccountDecider {
    private AccountDecider() {}

    static Decision open(Books books, AccountSpec spec, Instant now) {
        if (books.find(spec.code()) != null) {
            return new Declined(RejectionReason.ACCOUNT_EXISTS, "code", "account " + spec.code() + " exists");
        }
        if (spec.parent() != null) {
            Declined declined = hanging(spec, spec.parent(), books.find(spec.parent()));
            if (declined != null) {
                return declined;
            }
        }
        return new Decision.Opened(new Account(books.size() + 1L, spec, AccountState.OPEN, now));
    }

    private static @Nullable Declined hanging(AccountSpec spec, String code, @Nullable Slot parent) {
        if (parent == null) {
            return new Declined(RejectionReason.PARENT_NOT_FOUND, "parent", "account " + code + " does not exist");
        }
        if (parent.currency != null) {
            return new Declined(
                    RejectionReason.PARENT_NOT_SUMMARY,
                    "parent",
                    code + " is a posting account; a parent has no currency");
        }
        if (parent.state == AccountState.CLOSED) {
            return new Declined(RejectionReason.PARENT_CLOSED, "parent", code + " is closed");
        }
        if (parent.account.spec().type() != spec.type()) {
            return new Declined(
                    RejectionReason.TYPE_DIFFERS_FROM_PARENT,
                    "type",
                    code + " is of type " + parent.account.spec().type());
        }
        return null;
    }

    /** Who stands behind a change. */
    enum By {
        /** Somebody who may only tighten. */
        ONE,
        /** Somebody who may do anything that one person can. */
        ANY_ONE,
        /** An author and an approver. */
        TWO
    }

    static Decision change(Books books, AccountChange change, By by) {
        Slot slot = books.find(change.account());
        if (slot == null) {
            return Declines.notFound("account", change.account());
        }
        Declined declined = otherCurrency(slot, change);
        if (declined == null) {
            declined = noBalance(slot, change);
        }
        if (declined == null) {
            declined = state(slot, change, by);
        }
        if (declined == null) {
            declined = noRule(slot, change);
        }
        if (declined != null) {
            return declined;
        }
        AccountSpec before = slot.account.spec();
        AccountSpec after = before;
        if (change.overdraftLimit() != null) {
            after = after.limited(after.rule(), change.overdraftLimit());
        }
        if (change.bounds() != null) {
            after = after.bounded(change.bounds());
        }
        AccountState state = change.state() == null ? slot.state : change.state();
        if (change.state() == AccountState.CLOSED) {
            declined = closing(slot);
        }
        if (declined == null) {
            declined = tightening(slot, before, after);
        }
        if (declined == null && by == By.ONE) {
            declined = loosening(slot, before, after, state);
        }
        return declined != null
                ? declined
                : new Decision.Changed(slot, slot.account, new Account(slot.id, after, state, slot.account.openedAt()));
    }

    private static @Nullable Declined state(Slot slot, AccountChange change, By by) {
        AccountState state = change.state();
        if (slot.state == AccountState.CLOSED) {
            if (by != By.TWO || state != AccountState.OPEN) {
                return new Declined(
                        RejectionReason.STATE_CHANGE_NOT_ALLOWED,
                        state != null ? "state" : change.overdraftLimit() != null ? "overdraftLimit" : "minimumBalance",
                        slot.code + " is CLOSED; it can only be opened again, by an adjustment that a second person"
                                + " approves");
            }
            return slot.parent != null && slot.parent.state == AccountState.CLOSED
                    ? new Declined(
                            RejectionReason.PARENT_CLOSED, "state", "its parent " + slot.parent.code + " is closed")
                    : null;
        }
        return state == slot.state
                ? new Declined(
                        RejectionReason.STATE_CHANGE_NOT_ALLOWED, "state", slot.code + " is " + slot.state + " already")
                : null;
    }

    /** In another currency the same minor units would be another limit. */
    private static @Nullable Declined otherCurrency(Slot slot, AccountChange change) {
        return change.currency() == null
                        || slot.currency == null
                        || change.currency().equals(slot.currency)
                ? null
                : new Declined(
                        RejectionReason.CURRENCY_MISMATCH,
                        "currency",
                        slot.code + " is in " + slot.currency + ", the limits are in " + change.currency());
    }

    /** What a summary account cannot have: it takes no entries, so freezing it would keep none away. */
    private static @Nullable Declined noBalance(Slot slot, AccountChange change) {
        if (slot.currency != null) {
            return null;
        }
        if (change.state() != null
                && (change.state().freezes(Side.DEBIT) || change.state().freezes(Side.CREDIT))) {
            return new Declined(
                    RejectionReason.ACCOUNT_IS_SUMMARY,
                    "state",
                    slot.code + " is a summary account and takes no entries; freeze the accounts under it");
        }
        return change.bounds() != null && !change.bounds().equals(Bounds.NONE)
                ? new Declined(
                        RejectionReason.ACCOUNT_IS_SUMMARY,
                        change.bounds().minimum() != null ? "minimumBalance" : "maximumBalance",
                        slot.code + " is a summary account and has no balance of its own")
                : null;
    }

    private static @Nullable Declined noRule(Slot slot, AccountChange change) {
        return change.overdraftLimit() != null && slot.account.spec().rule() == BalanceRule.NONE
                ? new Declined(RejectionReason.NO_BALANCE_RULE, "overdraftLimit", slot.code + " has no balance rule")
                : null;
    }

    private static @Nullable Declined closing(Slot slot) {
        if (slot.debits != slot.credits) {
            return new Declined(
                    RejectionReason.BALANCE_NOT_ZERO,
                    "state",
                    slot.code + " stands at " + standing(slot) + " (debits minus credits)");
        }
        if (slot.pendingDebits != 0 || slot.pendingCredits != 0) {
            return new Declined(
                    RejectionReason.PENDING_OPEN,
                    "state",
                    slot.code + " has " + Declines.money(slot, slot.pendingDebits) + " of debits and "
                            + Declines.money(slot, slot.pendingCredits) + " of credits on hold");
        }
        return slot.childrenNotClosed > 0
                ? new Declined(
                        RejectionReason.CHILDREN_NOT_CLOSED,
                        "state",
                        slot.code + " has " + slot.childrenNotClosed + " accounts that are not closed")
                : null;
    }

    /** A limit or bound may not be drawn tighter than the account stands. */
    private static @Nullable Declined tightening(Slot slot, AccountSpec before, AccountSpec after) {
        for (Side side : Side.values()) {
            if (Slot.ruleBound(after, side) < Slot.ruleBound(before, side)
                    && slot.exposure(side) > Slot.ruleBound(after, side)) {
                return below("overdraftLimit", slot);
            }
        }
        for (Side side : Side.values()) {
            if (Slot.boundsBound(after, side) < Slot.boundsBound(before, side)
                    && slot.exposure(side) > Slot.boundsBound(after, side)) {
                return below(side == after.normalSide() ? "maximumBalance" : "minimumBalance", slot);
            }
        }
        return null;
    }

    /** What one person may not do alone. */
    private static @Nullable Declined loosening(Slot slot, AccountSpec before, AccountSpec after, AccountState state) {
        for (Side side : Side.values()) {
            if (slot.state.freezes(side) && !state.freezes(side) && state != AccountState.CLOSED) {
                return alone("state", slot.code + " is " + slot.state + ": lifting a freeze");
            }
            if (Slot.ruleBound(after, side) > Slot.ruleBound(before, side)) {
                return alone("overdraftLimit", "raising the overdraft limit of " + slot.code);
            }
            if (Slot.boundsBound(after, side) > Slot.boundsBound(before, side)) {
                return alone(
                        side == after.normalSide() ? "maximumBalance" : "minimumBalance",
                        "widening the bounds of " + slot.code);
            }
        }
        return null;
    }

    private static Declined alone(String field, String what) {
        return new Declined(
                RejectionReason.APPROVAL_REQUIRED, field, what + " takes two people: propose it as an adjustment");
    }

    private static Declined below(String field, Slot slot) {
        return new Declined(
                RejectionReason.LIMIT_BELOW_BALANCE,
                field,
                slot.code + " stands at " + standing(slot) + " (debits minus credits), with "
                        + Declines.money(slot, slot.pendingDebits) + " of debits and "
                        + Declines.money(slot, slot.pendingCredits) + " of credits on hold");
    }

    private static Money standing(Slot slot) {
        return Declines.money(slot, slot.debits - slot.credits);
    }
}
