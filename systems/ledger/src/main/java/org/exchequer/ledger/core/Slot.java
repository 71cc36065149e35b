package org.exchequer.ledger.core;

import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.BalanceRule;
import org.jspecify.annotations.Nullable;

/**
 * One account in memory: what a decision needs of it and nothing else, so that a million fit.
 *
 * <p>{@code debits} and {@code credits} are speculative: they include the batch being decided. The committed pair is
 * what readers may see; see {@link Books#publish}.
 */
public final class Slot {
    final long id;
    final String code;
    final @Nullable Currency currency;
    final @Nullable Slot parent;
    final BalanceRule rule;
    Account account;
    AccountState state;
    long overdraftLimit;
    long debits;
    long credits;
    int childrenNotClosed;

    @Nullable
    Account committedAccount;

    long committedDebits;
    long committedCredits;
    boolean dirty;

    Slot(Account account, @Nullable Slot parent) {
        this.id = account.id();
        this.code = account.code();
        this.currency = account.spec().currency();
        this.parent = parent;
        this.rule = account.spec().rule();
        this.account = account;
        this.state = account.state();
        this.overdraftLimit = account.spec().overdraftLimit();
    }

    void become(Account newAccount) {
        account = newAccount;
        state = newAccount.state();
        overdraftLimit = newAccount.spec().overdraftLimit();
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

    /**
     * What may still be debited, in minor units, under {@link BalanceRule#DEBITS_MAY_NOT_EXCEED_CREDITS}; or credited,
     * under the opposite rule. Clamped at the range of a long.
     */
    long available() {
        long towards = rule == BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS ? credits - debits : debits - credits;
        return saturatedAdd(towards, overdraftLimit);
    }

    static long saturatedAdd(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }
}
