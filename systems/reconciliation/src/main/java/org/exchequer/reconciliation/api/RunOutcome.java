package org.exchequer.reconciliation.api;

/** What became of a request for a run. */
public sealed interface RunOutcome {
    /** It is recorded, durably; {@code replayed} when it was before. */
    record Recorded(Run run, boolean replayed) implements RunOutcome {}

    /** The key was used for another request; nothing was done. */
    record KeyReused() implements RunOutcome {}
}
