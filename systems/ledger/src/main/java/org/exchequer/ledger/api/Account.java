package org.exchequer.ledger.api;

import java.time.Instant;

/**
 * An account of the ledger.
 *
 * @param id number given at opening, 1 and up, without gaps
 * @param spec what it is
 * @param state whether it takes entries
 * @param openedAt booking time of its opening
 */
public record Account(long id, AccountSpec spec, AccountState state, Instant openedAt) {
    public String code() {
        return spec.code();
    }

    /** Whether it only groups others. */
    public boolean isSummary() {
        return spec.currency() == null;
    }
}
