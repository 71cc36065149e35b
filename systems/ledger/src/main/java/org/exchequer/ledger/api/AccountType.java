package org.exchequer.ledger.api;

/** The five elements of a chart of accounts (IFRS Conceptual Framework, chapter 4), with the side that grows each. */
public enum AccountType {
    ASSET(Side.DEBIT),
    LIABILITY(Side.CREDIT),
    EQUITY(Side.CREDIT),
    INCOME(Side.CREDIT),
    EXPENSE(Side.DEBIT);

    private final Side normalSide;

    AccountType(Side normalSide) {
        this.normalSide = normalSide;
    }

    /** The side on which balances of this type usually stand; a contra account overrides it. */
    public Side normalSide() {
        return normalSide;
    }
}
