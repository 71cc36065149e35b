package org.exchequer.ledger.api;

/** Whether an account takes entries. Open ↔ frozen, and either → closed, which is final and needs a zero balance. */
public enum AccountState {
    OPEN,
    FROZEN,
    CLOSED
}
