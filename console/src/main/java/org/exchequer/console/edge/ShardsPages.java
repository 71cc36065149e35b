package org.exchequer.console.edge;

import java.util.List;
import java.util.Set;
import org.exchequer.platform.module.Route;
import org.exchequer.shards.api.Shards;

/** The page of a ledger of several shards: what each has, and what is in doubt over them. */
final class ShardsPages implements ConsolePages {
    static final String PATH = "/console/ledger/shards";

    private final List<Object> controllers;

    ShardsPages(Shards shards) {
        controllers = List.of(new ShardsController(shards));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(new NavEntry("Ledger", "Shards", PATH, "menu", "d", Set.of()));
    }

    @Override
    public List<Object> controllers() {
        return controllers;
    }

    @Override
    public List<Route> routes() {
        return List.of(Access.get(PATH, Access.READ));
    }
}
