package org.exchequer.ledger.api;

/**
 * Whether an account takes entries. Between open and the frozen states any change is possible; from each of them to
 * closed, which needs a zero balance without holds, and from there only by two people and to open. A summary account
 * cannot be frozen: freeze what is under it. Voiding a hold, and its expiry, is always possible.
 */
public enum AccountState {
    OPEN,
    /** Takes credits only. */
    DEBIT_FROZEN,
    /** Takes debits only. */
    CREDIT_FROZEN,
    /** Takes nothing. */
    FROZEN,
    CLOSED;

    /** Whether the state stands against entries on this side. */
    public boolean freezes(Side side) {
        return this == FROZEN || this == (side == Side.DEBIT ? DEBIT_FROZEN : CREDIT_FROZEN);
    }
}
