package org.exchequer.reconciliation.api;

/** Where a break stands. */
public enum BreakStatus {
    /** Waits for somebody to do something about it; takes part in later runs. */
    OPEN,
    /** A resolution was proposed and waits for a second person; later runs leave it alone. */
    PROPOSED,
    /** An adjustment of the ledger was approved and posted. */
    ADJUSTED,
    /** Closed with a reason that a second person approved. */
    CLOSED,
    /** A later run found what it belongs to. */
    MATCHED,
    /** A later run made another break of its lines. */
    REPLACED;

    /** Whether anything can still become of it. */
    public boolean isLive() {
        return this == OPEN || this == PROPOSED;
    }
}
