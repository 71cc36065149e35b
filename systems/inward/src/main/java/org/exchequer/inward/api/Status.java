package org.exchequer.inward.api;

/** Where a payment stands, for those who ask. */
public enum Status {
    RECEIVED,
    VALIDATING,
    FRAUD_CHECKING,
    ACCOUNT_VALIDATING,
    LIQUIDITY_CHECKING,
    EXECUTING,
    /** Carried out, and answered so. */
    COMPLETED,
    /** Refused by a rule, a check or another party, and answered so. */
    REJECTED,
    /** Could not be carried out; nothing was posted. Answered as refused. */
    FAILED,
    /** Its outcome was not known in time and is found out by inquiry; answered as pending. */
    TIMEOUT,
    /** Carried out with checks that were left out or decided by a person, and answered so. */
    EMERGENCY_PROCESSED
}
