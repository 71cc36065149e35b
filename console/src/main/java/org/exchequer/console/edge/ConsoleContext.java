package org.exchequer.console.edge;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.exchequer.inward.api.InwardViews;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.ledger.api.Subjects;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.platform.security.AccessEntries;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Statements;
import org.exchequer.regtech.api.Packs;
import org.exchequer.shards.api.Shards;
import org.jspecify.annotations.Nullable;

/**
 * What the console shows.
 *
 * @param ledger the ledger, or null when this process runs without it
 * @param proofs the ledger's proof log
 * @param subjects the persons that it has sealed data of, or null where their pages are not shown
 * @param shards the ledger's shards, or null where it is a whole one
 * @param reconciliations runs and breaks, or null when this process runs without them
 * @param statements reads the statements of others for those runs, or null likewise
 * @param packs regulatory packs, or null likewise
 * @param inward payments and their figures, or null when this process runs without inward clearing
 * @param accesses the access log, or null where none is kept
 * @param labRuns the folder where the lab keeps its runs, or null where they are not shown; need not exist
 * @param systems the systems of this process, for their state and invariants
 * @param clock wall time, for keys of forms
 * @param ticker monotonic time, for rates
 */
public record ConsoleContext(
        @Nullable Ledger ledger,
        Proofs proofs,
        @Nullable Subjects subjects,
        @Nullable Shards shards,
        @Nullable Reconciliations reconciliations,
        @Nullable Statements statements,
        @Nullable Packs packs,
        @Nullable InwardViews inward,
        @Nullable AccessEntries accesses,
        @Nullable Path labRuns,
        List<SystemModule> systems,
        Clock clock,
        Ticker ticker) {
    /** Of a whole ledger, where no proof log is kept and nothing reconciled. */
    public ConsoleContext(@Nullable Ledger ledger, List<SystemModule> systems, Clock clock, Ticker ticker) {
        this(ledger, Proofs.NONE, null, null, null, null, null, null, null, null, systems, clock, ticker);
    }

    public ConsoleContext {
        systems = List.copyOf(systems);
    }
}
