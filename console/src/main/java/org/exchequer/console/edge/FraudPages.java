package org.exchequer.console.edge;

import java.util.List;
import java.util.Set;
import org.exchequer.inward.api.Fraud;
import org.exchequer.platform.module.Route;

/** The pages of fraud in inward clearing: how it goes, what waits for a person, one payment, and the rules. */
final class FraudPages implements ConsolePages {
    static final String ROOT = "/console/inward/fraud";

    private final FraudController controller;

    FraudPages(Fraud.Source source) {
        controller = new FraudController(source);
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Inward clearing", "Fraud", ROOT, "alert", "x", Set.of()),
                new NavEntry("Inward clearing", "Review queue", ROOT + "/queue", "check", "q", Set.of()),
                new NavEntry("Inward clearing", "Fraud rules", ROOT + "/rules", "sheet", "z", Set.of()));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller);
    }

    /** Figures, models and rules are nobody's: looking at them leaves no trace. */
    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", ROOT, Access.READ),
                new Route("GET", ROOT + "/rules", Access.READ),
                Access.get(ROOT + "/queue", Access.READ),
                Access.get(ROOT + "/payments/{id}", Access.READ),
                Access.post(ROOT + "/payments/{id}/feedback", Access.OPERATE));
    }
}
