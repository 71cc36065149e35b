package org.exchequer.console.edge;

import java.util.List;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.module.Route;
import org.exchequer.regtech.api.Packs;

/** The page of regulatory packs. */
final class RegtechPages implements ConsolePages {
    static final String ROOT = "/console/regtech";

    private final PackController controller;

    RegtechPages(Packs packs, Ledger ledger) {
        controller = new PackController(packs, ledger);
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(new NavEntry("Books", "Regulatory pack", ROOT, "sheet", "g", Access.AUDIT));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller);
    }

    @Override
    public List<Route> routes() {
        return List.of(Access.get(ROOT, Access.AUDIT), Access.get(ROOT + "/pack", Access.AUDIT));
    }
}
