package org.exchequer.ledger.core;

import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;

/**
 * One account in memory: what a decision needs of it and nothing else, so that a million fit.
 *
 * <p>{@code debits}, {@code credits} and the pending totals are speculative: they include the batches being decided and
 * being written. The committed ones are what readers may see; see {@link Books#publish(Books.Sealed)}.
 */
public final class Slot {
    final long id;
    final String code;
    final @Nullable Currency currency;
    final @Nullable Slot parent;
    Account account;
    AccountState state;
    /** Most that debits, held ones included, may exceed credits by: rule, limit and bounds in one number. */
    long debitBound;
    /** Most that credits, held ones included, may exceed debits by. */
    long creditBound;

    long debits;
    long credits;
    long pendingDebits;
    long pendingCredits;
    int childrenNotClosed;

    @Nullable
    Account committedAccount;

    long committedDebits;
    long committedCredits;
    long committedPendingDebits;
    long committedPendingCredits;
    boolean dirty;

    Slot(Account account, @Nullable Slot parent) {
        this.id = account.id();
        this.code = account.code();
        this.currency = account.spec().currency();
        this.parent = parent;
        this.account = account;
        this.state = account.state();
        bound(account.spec());
    }

    void become(Account newAccount) {
        account = newAccount;
        state = newAccount.state();
        bound(newAccount.spec());
    }

    private void bound(AccountSpec spec) {
        debitBound = bound(spec, Side.DEBIT);
        creditBound = bound(spec, Side.CREDIT);
    }

    private static long bound(AccountSpec spec, Side towards) {
        return Math.min(ruleBound(spec, towards), boundsBound(spec, towards));
    }

    /** How far the balance may go towards a side under the account's rule. */
    static long ruleBound(AccountSpec spec, Side towards) {
        BalanceRule rule = towards == Side.DEBIT
                ? BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS
                : BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS;
        return spec.rule() == rule ? spec.overdraftLimit() : Long.MAX_VALUE;
    }

    /** How far the balance may go towards a side under the account's minimum or maximum. */
    static long boundsBound(AccountSpec spec, Side towards) {
        if (towards == spec.normalSide()) {
            Long maximum = spec.bounds().maximum();
            return maximum == null ? Long.MAX_VALUE : maximum;
        }
        Long minimum = spec.bounds().minimum();
        return minimum == null ? Long.MAX_VALUE : -minimum;
    }

    /** Number of the account. */
    public long id() {
        return id;
    }

    /** Code of the account. */
    public String code() {
        return code;
    }

    /** Its currency; posting accounts only. */
    public Currency currency() {
        if (currency == null) {
            throw new IllegalStateException("summary account " + code + " has no currency");
        }
        return currency;
    }

    /** Debits over credits if everything held towards that side were posted, in minor units. */
    long exposure(Side towards) {
        return towards == Side.DEBIT ? debits + pendingDebits - credits : credits + pendingCredits - debits;
    }

    long bound(Side towards) {
        return towards == Side.DEBIT ? debitBound : creditBound;
    }

    /** Whether a side's bound holds. */
    boolean within(Side towards) {
        return exposure(towards) <= bound(towards);
    }

    /** What may still be added on a side, in minor units; negative beyond the bound, clamped at the range of a long. */
    long room(Side towards) {
        return saturatedSubtract(bound(towards), exposure(towards));
    }

    private static long saturatedSubtract(long a, long b) {
        long difference = a - b;
        return ((a ^ b) & (a ^ difference)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : difference;
    }
}
