package org.exchequer.ledger.core;

import java.math.BigInteger;
import java.util.Set;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;

/** What stands against opening and changing accounts of the naive twin: all of it, in no order. */
final class NaiveAccountRules {
    private final NaiveLedger ledger;

    NaiveAccountRules(NaiveLedger ledger) {
        this.ledger = ledger;
    }

    void opening(AccountSpec spec, Set<RejectionReason> against) {
        if (ledger.accounts.containsKey(spec.code())) {
            against.add(RejectionReason.ACCOUNT_EXISTS);
        }
        if (spec.parent() != null) {
            AccountSpec parent = ledger.accounts.get(spec.parent());
            if (parent == null) {
                against.add(RejectionReason.PARENT_NOT_FOUND);
            } else {
                if (parent.currency() != null) {
                    against.add(RejectionReason.PARENT_NOT_SUMMARY);
                }
                if (ledger.states.get(parent.code()) == AccountState.CLOSED) {
                    against.add(RejectionReason.PARENT_CLOSED);
                }
                if (parent.type() != spec.type()) {
                    against.add(RejectionReason.TYPE_DIFFERS_FROM_PARENT);
                }
            }
        }
    }

    /** By two people, who may also open a closed account again. */
    void jointChange(AccountChange change, Set<RejectionReason> against) {
        AccountSpec spec = ledger.accounts.get(change.account());
        change(change, against);
        if (spec != null
                && ledger.states.get(change.account()) == AccountState.CLOSED
                && change.state() == AccountState.OPEN) {
            against.remove(RejectionReason.STATE_CHANGE_NOT_ALLOWED);
            if (spec.parent() != null && ledger.states.get(spec.parent()) == AccountState.CLOSED) {
                against.add(RejectionReason.PARENT_CLOSED);
            }
        }
    }

    /** What one person may not do alone. */
    void loosening(AccountChange change, Set<RejectionReason> against) {
        AccountSpec spec = ledger.spec(change.account());
        AccountState now = ledger.states.get(change.account());
        AccountState then = change.state();
        if (then == AccountState.OPEN && now != AccountState.OPEN
                || then == AccountState.DEBIT_FROZEN
                        && (now == AccountState.FROZEN || now == AccountState.CREDIT_FROZEN)
                || then == AccountState.CREDIT_FROZEN
                        && (now == AccountState.FROZEN || now == AccountState.DEBIT_FROZEN)) {
            against.add(RejectionReason.APPROVAL_REQUIRED);
        }
        if (change.overdraftLimit() != null && change.overdraftLimit() > spec.overdraftLimit()) {
            against.add(RejectionReason.APPROVAL_REQUIRED);
        }
        if (change.bounds() != null) {
            Long minimum = change.bounds().minimum();
            Long maximum = change.bounds().maximum();
            Long oldMinimum = spec.bounds().minimum();
            Long oldMaximum = spec.bounds().maximum();
            if (oldMinimum != null && (minimum == null || minimum < oldMinimum)
                    || oldMaximum != null && (maximum == null || maximum > oldMaximum)) {
                against.add(RejectionReason.APPROVAL_REQUIRED);
            }
        }
    }

    void change(AccountChange change, Set<RejectionReason> against) {
        AccountSpec spec = ledger.accounts.get(change.account());
        if (spec == null) {
            against.add(RejectionReason.ACCOUNT_NOT_FOUND);
            return;
        }
        if (change.currency() != null
                && spec.currency() != null
                && !change.currency().equals(spec.currency())) {
            against.add(RejectionReason.CURRENCY_MISMATCH);
        }
        AccountState now = ledger.states.get(change.account());
        if (now == AccountState.CLOSED || change.state() == now) {
            against.add(RejectionReason.STATE_CHANGE_NOT_ALLOWED);
        }
        boolean freezes = change.state() == AccountState.FROZEN
                || change.state() == AccountState.DEBIT_FROZEN
                || change.state() == AccountState.CREDIT_FROZEN;
        boolean bounds = change.bounds() != null && !change.bounds().equals(Bounds.NONE);
        if (spec.currency() == null && (freezes || bounds)) {
            against.add(RejectionReason.ACCOUNT_IS_SUMMARY);
        }
        if (change.overdraftLimit() != null && spec.rule() == BalanceRule.NONE) {
            against.add(RejectionReason.NO_BALANCE_RULE);
        }
        if (change.state() == AccountState.CLOSED) {
            closing(change.account(), against);
        }
        tightening(change, spec, against);
    }

    private void closing(String account, Set<RejectionReason> against) {
        if (ledger.net(account).signum() != 0) {
            against.add(RejectionReason.BALANCE_NOT_ZERO);
        }
        if (ledger.pending(account, Side.DEBIT).signum() != 0
                || ledger.pending(account, Side.CREDIT).signum() != 0) {
            against.add(RejectionReason.PENDING_OPEN);
        }
        boolean openChild = ledger.accounts.values().stream()
                .anyMatch(a -> account.equals(a.parent()) && ledger.states.get(a.code()) != AccountState.CLOSED);
        if (openChild) {
            against.add(RejectionReason.CHILDREN_NOT_CLOSED);
        }
    }

    private void tightening(AccountChange change, AccountSpec spec, Set<RejectionReason> against) {
        String account = change.account();
        Long limit = change.overdraftLimit();
        if (limit != null && spec.rule() != BalanceRule.NONE && limit < spec.overdraftLimit()) {
            Side side = spec.rule() == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS ? Side.DEBIT : Side.CREDIT;
            if (ledger.exposure(account, side).compareTo(BigInteger.valueOf(limit)) > 0) {
                against.add(RejectionReason.LIMIT_BELOW_BALANCE);
            }
        }
        if (change.bounds() == null || spec.currency() == null) {
            return;
        }
        Long maximum = change.bounds().maximum();
        Long oldMaximum = spec.bounds().maximum();
        if (maximum != null
                && (oldMaximum == null || maximum < oldMaximum)
                && ledger.exposure(account, spec.normalSide()).compareTo(BigInteger.valueOf(maximum)) > 0) {
            against.add(RejectionReason.LIMIT_BELOW_BALANCE);
        }
        Long minimum = change.bounds().minimum();
        Long oldMinimum = spec.bounds().minimum();
        if (minimum != null
                && (oldMinimum == null || minimum > oldMinimum)
                && ledger.exposure(account, spec.normalSide().opposite())
                                .negate()
                                .compareTo(BigInteger.valueOf(minimum))
                        < 0) {
            against.add(RejectionReason.LIMIT_BELOW_BALANCE);
        }
    }
}
