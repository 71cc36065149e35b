package org.exchequer.scoring.features;

/** How money is moved. */
public enum PaymentType {
    CREDIT_TRANSFER,
    STANDING_ORDER,
    DIRECT_DEBIT,
    CARD,
    CASH_WITHDRAWAL,
    CASH_DEPOSIT
}
