package org.exchequer.console.edge;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.exchequer.console.view.FormKey;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Proofs;
import org.exchequer.platform.module.Route;
import org.exchequer.shards.api.Shards;
import org.jspecify.annotations.Nullable;

/** The ledger's pages: accounts, transactions, holds, posting, adjustments, reports, end of day. */
final class LedgerPages implements ConsolePages {
    static final String ROOT = "/console/ledger";

    private final List<Object> controllers;

    LedgerPages(Ledger ledger, Proofs proofs, @Nullable Shards shards, Clock clock) {
        FormKey keys = new FormKey(clock);
        Submitter submitter = new Submitter(ledger);
        controllers = List.of(
                new ChartController(ledger),
                new AccountController(ledger, shards, submitter, keys),
                new OpenAccountController(ledger, submitter, keys),
                new TransactionController(ledger, proofs, submitter, keys),
                new HoldController(ledger, submitter, keys),
                new PostController(ledger, submitter, keys),
                new AdjustmentController(ledger, submitter, keys),
                new DayController(ledger, submitter, keys),
                new StatementController(ledger),
                new TrialBalanceController(ledger));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Ledger", "Accounts", ROOT + "/accounts", "tree", "a", Set.of()),
                new NavEntry("Ledger", "Post", ROOT + "/post", "post", "p", Access.POST),
                new NavEntry("Ledger", "Holds", ROOT + "/holds", "clock", "h", Set.of()),
                new NavEntry("Ledger", "Adjustments", ROOT + "/adjustments", "check", "j", Set.of()),
                new NavEntry("Ledger", "Open account", ROOT + "/open", "plus", "n", Access.OPERATE),
                new NavEntry("Books", "Trial balance", ROOT + "/trial-balance", "scale", "b", Set.of()),
                new NavEntry("Books", "Balance sheet", ROOT + "/balance-sheet", "sheet", "s", Set.of()),
                new NavEntry("Books", "Income statement", ROOT + "/income-statement", "trend", "i", Set.of()),
                new NavEntry("Books", "End of day", ROOT + "/days", "day", "e", Set.of()));
    }

    @Override
    public List<Object> controllers() {
        return controllers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Access.get(ROOT + "/accounts", Access.READ),
                Access.get(ROOT + "/accounts/{code}", Access.READ),
                Access.get(ROOT + "/branch", Access.READ),
                Access.get(ROOT + "/suggest", Access.READ),
                Access.get(ROOT + "/transactions/{id}", Access.READ),
                Access.get(ROOT + "/transactions/{id}/json", Access.READ),
                Access.get(ROOT + "/holds", Access.READ),
                Access.get(ROOT + "/transactions/{id}/proof", Access.READ),
                Access.get(ROOT + "/holds/{id}", Access.READ),
                Access.get(ROOT + "/adjustments", Access.READ),
                Access.get(ROOT + "/adjustments/{id}", Access.READ),
                Access.get(ROOT + "/balance-sheet", Access.READ),
                Access.get(ROOT + "/income-statement", Access.READ),
                Access.get(ROOT + "/days", Access.READ),
                Access.get(ROOT + "/trial-balance", Access.READ),
                Access.get(ROOT + "/trial-balance.csv", Access.READ),
                Access.get(ROOT + "/post", Access.POST),
                Access.post(ROOT + "/post", Access.POST),
                Access.post(ROOT + "/post/form", Access.POST),
                Access.post(ROOT + "/post/preview", Access.POST),
                Access.post(ROOT + "/holds/{id}/post", Access.POST),
                Access.post(ROOT + "/holds/{id}/void", Access.POST),
                Access.post(ROOT + "/adjustments/{id}/approval", Access.CONTROL),
                Access.post(ROOT + "/adjustments/{id}/rejection", Access.CONTROL),
                Access.get(ROOT + "/days/close", Access.CONTROL),
                Access.post(ROOT + "/days", Access.CONTROL),
                Access.get(ROOT + "/open", Access.OPERATE),
                Access.post(ROOT + "/open", Access.OPERATE),
                Access.post(ROOT + "/accounts/{code}/state", Access.OPERATE),
                Access.post(ROOT + "/accounts/{code}/limit", Access.OPERATE),
                Access.post(ROOT + "/accounts/{code}/bounds", Access.OPERATE),
                Access.post(ROOT + "/transactions/{id}/reversal", Access.OPERATE));
    }
}
