package org.exchequer.reconciliation.api;

/** What became of a step. */
public sealed interface StepOutcome {
    /**
     * It has its result, durably; the ledger may have said no.
     *
     * @param step with its result
     * @param replayed whether it had been made before under this key
     */
    record Made(BreakStep step, boolean replayed) implements StepOutcome {}

    /** The step is not possible as things stand; nothing was kept, the key is free. */
    record NotPossible(Why why, String detail) implements StepOutcome {}

    /** The ledger took no command, or its outcome is not known: the same request again finds out. */
    record NotKnown(String detail) implements StepOutcome {}

    /** Why a step is not possible, in order of precedence. */
    enum Why {
        /** The key was used for another request. */
        IDEMPOTENCY_KEY_REUSED,
        /** There is no such break. */
        BREAK_NOT_FOUND,
        /** Another step is in flight and waits for the ledger. */
        STEP_IN_PROGRESS,
        /** It was settled. */
        BREAK_SETTLED,
        /** A resolution waits for a decision: approve or reject it first. */
        ALREADY_PROPOSED,
        /** There is nothing to decide. */
        NOTHING_PROPOSED,
        /** Four eyes: who proposed it cannot approve it. */
        APPROVER_IS_AUTHOR,
        /** Both sides have the same amount: there is nothing to post. */
        NO_DIFFERENCE
    }
}
