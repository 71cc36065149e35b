package org.exchequer.ledger.api;

/** The side of an account that an entry stands on. */
public enum Side {
    DEBIT,
    CREDIT;

    public Side opposite() {
        return this == DEBIT ? CREDIT : DEBIT;
    }
}
