package org.exchequer.scoring.features;

/** Where a payment was ordered. */
public enum Channel {
    MOBILE,
    WEB,
    BRANCH,
    CASH_MACHINE,
    POINT_OF_SALE,
    INTERFACE
}
