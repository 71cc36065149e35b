package org.exchequer.console.edge;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.exchequer.console.view.FormKey;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.module.Route;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Statements;

/** The pages of reconciliation: breaks, one break, runs, and the form that statements come in by. */
final class ReconciliationPages implements ConsolePages {
    static final String ROOT = "/console/reconciliation";

    private final List<Object> controllers;

    ReconciliationPages(Reconciliations reconciliations, Statements statements, Ledger ledger, Clock clock) {
        controllers = List.of(
                new StatementUploadController(reconciliations, statements, new FormKey(clock)),
                new RunController(reconciliations, ledger),
                new BreakController(reconciliations, ledger, new FormKey(clock)));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Reconciliation", "Breaks", ROOT + "/breaks", "alert", "k", Set.of()),
                new NavEntry("Reconciliation", "Runs", ROOT + "/runs", "check", "r", Set.of()),
                new NavEntry(
                        "Reconciliation",
                        "Upload statement",
                        StatementUploadController.PATH,
                        "sheet",
                        "u",
                        Access.POST));
    }

    @Override
    public List<Object> controllers() {
        return controllers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Access.get(ROOT + "/runs", Access.READ),
                Access.get(ROOT + "/runs/{id}", Access.READ),
                Access.get(StatementUploadController.PATH, Access.POST),
                Access.post(StatementUploadController.PATH, Access.POST),
                Access.get(ROOT + "/breaks", Access.READ),
                Access.get(ROOT + "/breaks/{id}", Access.READ),
                Access.post(ROOT + "/breaks/{id}/owner", Access.POST),
                Access.post(ROOT + "/breaks/{id}/adjustment", Access.POST),
                Access.post(ROOT + "/breaks/{id}/closing", Access.POST),
                Access.post(ROOT + "/breaks/{id}/approval", Access.CONTROL),
                Access.post(ROOT + "/breaks/{id}/rejection", Access.CONTROL));
    }
}
