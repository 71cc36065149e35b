package org.exchequer.scoring.features;

/** How money is moved. The order is part of stored state: add at the end only. */
public enum PaymentType {
    CREDIT_TRANSFER,
    STANDING_ORDER,
    DIRECT_DEBIT,
    CARD,
    CASH_WITHDRAWAL,
    CASH_DEPOSIT;

    @SuppressWarnings("EnumOrdinal")
    int place() {
        return ordinal();
    }
}
