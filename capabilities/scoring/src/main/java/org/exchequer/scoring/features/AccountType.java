package org.exchequer.scoring.features;

/** Whose account it is. The order is part of stored data: add at the end only. */
public enum AccountType {
    PERSONAL,
    SAVINGS,
    STUDENT,
    BUSINESS,
    MERCHANT,
    PAYMENT_FIRM,
    CHARITY
}
