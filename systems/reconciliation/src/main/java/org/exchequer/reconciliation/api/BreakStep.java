package org.exchequer.reconciliation.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What somebody did about a break, and what came of it.
 *
 * @param id 1 and up, in order of time
 * @param text the new owner, or the reason
 * @param contraAccount of a proposed adjustment, else null
 * @param result null while it is not known
 */
public record BreakStep(
        long id,
        long breakId,
        Kind kind,
        String by,
        Instant at,
        String text,
        @Nullable String contraAccount,
        @Nullable Result result) {
    /** The kinds of steps. */
    public enum Kind {
        ASSIGN,
        PROPOSE_ADJUSTMENT,
        PROPOSE_CLOSING,
        APPROVE,
        REJECT
    }

    /**
     * What came of it.
     *
     * @param done false when the ledger said no
     * @param detail for people: why not; empty when done
     * @param adjustmentId of the ledger, or null
     * @param transactionId of the ledger, or null
     */
    public record Result(
            boolean done,
            String detail,
            @Nullable Long adjustmentId,
            @Nullable Long transactionId) {}
}
