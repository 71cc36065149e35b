package org.exchequer.ledger.api;

import org.exchequer.kernel.Money;

/**
 * One side of a posting: an amount that debits or credits one account.
 *
 * @param account code of the account
 * @param side whether it is debited or credited
 * @param amount more than zero, in the account's currency; the ledger refuses anything else
 */
public record Leg(String account, Side side, Money amount) {
    public Leg {
        AccountSpec.requireCode("account", account);
    }

    public static Leg debit(String account, Money amount) {
        return new Leg(account, Side.DEBIT, amount);
    }

    public static Leg credit(String account, Money amount) {
        return new Leg(account, Side.CREDIT, amount);
    }
}
