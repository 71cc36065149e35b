package org.exchequer.reconciliation;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Readiness;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.module.SystemModule;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Statements;
import org.exchequer.reconciliation.api.TrackedBreak;
import org.exchequer.reconciliation.edge.http.ReconciliationDoors;
import org.exchequer.reconciliation.edge.statement.StatementFiles;
import org.exchequer.reconciliation.store.BreakStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Batch reconciliation. Needs a database and the ledger; offers {@link #reconciliations}. */
public final class ReconciliationModule implements SystemModule {
    private static final Logger LOG = LoggerFactory.getLogger(ReconciliationModule.class);
    private static final int CHECKED = 1_000;

    private final Foundation foundation;
    private final Ledger ledger;
    private volatile @Nullable Parts parts;

    private record Parts(Database database, Reconciliations reconciliations, Thread finishing) {}

    public ReconciliationModule(Foundation foundation, Ledger ledger) {
        this.foundation = foundation;
        this.ledger = ledger;
    }

    @Override
    public String name() {
        return "reconciliation";
    }

    @Override
    public void start() {
        Database database = Database.open(foundation.database(), name(), foundation.meters(), foundation.telemetry());
        Resolution resolution = new Resolution(database.dataSource(), ledger, foundation.clock(), foundation.faults());
        Reconciliations reconciliations =
                new ReconciliationService(database.dataSource(), ledger, foundation.clock(), resolution);
        // The ledger may still be looking for its writer; whoever touches such a break before finishes it as well.
        Thread finishing = Thread.ofVirtual().name("reconciliation-finishing").start(() -> {
            try {
                resolution.finishAll(null, null);
            } catch (LedgerUnavailableException later) {
                LOG.warn("steps in flight are finished when their breaks are touched: {}", later.getMessage());
            }
        });
        parts = new Parts(database, reconciliations, finishing);
    }

    /** Runs and breaks; after {@link #start}. */
    public Reconciliations reconciliations() {
        return parts().reconciliations();
    }

    /** Reads the files of other sides. */
    public Statements statements() {
        return new StatementFiles(ledger);
    }

    @Override
    public Readiness readiness() {
        return parts == null ? new Readiness(false, "not started") : new Readiness(true, "ready");
    }

    @Override
    public List<InvariantResult> checkInvariants() {
        return Transactions.run(
                parts().database().dataSource(),
                connection -> List.of(linesOfLiveBreaks(connection), adjustments(connection)));
    }

    private InvariantResult linesOfLiveBreaks(Connection connection) throws java.sql.SQLException {
        long contradictions = BreakStore.contradictions(connection);
        return new InvariantResult(
                "no line of an open break is settled",
                contradictions == 0,
                contradictions,
                "contradictions",
                now(),
                contradictions == 0 ? "all breaks and lines" : "the same line is open and settled");
    }

    /** What an adjusted break says was posted stands in the ledger, with that amount. */
    private InvariantResult adjustments(Connection connection) throws java.sql.SQLException {
        List<TrackedBreak> adjusted = BreakStore.adjusted(connection, CHECKED);
        List<String> wrong = new ArrayList<>();
        for (TrackedBreak each : adjusted) {
            if (!isPosted(each)) {
                wrong.add("break " + each.id() + ": transaction " + each.transactionId());
            }
        }
        return new InvariantResult(
                "adjusted breaks are posted",
                wrong.isEmpty(),
                adjusted.size(),
                "breaks",
                now(),
                wrong.isEmpty() ? "the newest, against the ledger" : wrong.getFirst());
    }

    private boolean isPosted(TrackedBreak adjusted) {
        Long id = adjusted.transactionId();
        Optional<Transaction> transaction = id == null ? Optional.empty() : ledger.transaction(id);
        if (transaction.isEmpty()) {
            return false;
        }
        Side raises = ledger.account(adjusted.account()).orElseThrow().spec().normalSide();
        Leg leg = transaction.get().entries().getFirst().leg();
        long amount = leg.amount().minorUnits();
        return leg.account().equals(adjusted.account())
                && (leg.side() == raises ? amount : -amount)
                        == adjusted.difference().minorUnits();
    }

    private Instant now() {
        return foundation.clock().instant();
    }

    @Override
    public List<Object> controllers() {
        return ReconciliationDoors.controllers(reconciliations(), statements(), ledger);
    }

    @Override
    public List<Route> routes() {
        return ReconciliationDoors.routes();
    }

    @Override
    public void close() {
        Parts running = parts;
        if (running != null) {
            parts = null;
            running.finishing().interrupt();
            running.database().close();
        }
    }

    private Parts parts() {
        Parts running = parts;
        if (running == null) {
            throw new IllegalStateException("reconciliation has not been started");
        }
        return running;
    }
}
