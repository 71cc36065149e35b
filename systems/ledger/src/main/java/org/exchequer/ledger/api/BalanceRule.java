package org.exchequer.ledger.api;

/** Which way an account's balance may not go. The overdraft limit of the account loosens the rule by that amount. */
public enum BalanceRule {
    NONE,
    /** Total debits ≤ total credits + overdraft limit: a customer's deposit account. */
    DEBITS_MAY_NOT_EXCEED_CREDITS,
    /** Total credits ≤ total debits + overdraft limit: a cash box, a loan that may not be overpaid. */
    CREDITS_MAY_NOT_EXCEED_DEBITS
}
