package org.exchequer.console.edge;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.inward.api.Fraud;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/**
 * The pages of fraud in inward clearing: how it goes, what waits for a person, one payment, and what it is judged by.
 */
final class FraudPages implements ConsolePages {
    static final String ROOT = "/console/inward/fraud";

    private static final Set<Role> CHANGE = EnumSet.of(Role.OPERATOR, Role.CONTROLLER);

    private final FraudController controller;
    private final FraudSettingsController settings;

    FraudPages(Fraud.Source source) {
        controller = new FraudController(source);
        settings = new FraudSettingsController(source);
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Inward clearing", "Fraud", ROOT, "alert", "x", Access.AUDIT),
                new NavEntry("Inward clearing", "Review queue", ROOT + "/queue", "check", "q", Access.AUDIT),
                new NavEntry("Inward clearing", "Fraud rules", ROOT + "/rules", "sheet", "z", Access.AUDIT),
                new NavEntry("Inward clearing", "Fraud thresholds", ROOT + "/settings", "sheet", "3", Access.AUDIT),
                new NavEntry("Inward clearing", "Fraud lists", ROOT + "/lists", "sheet", "4", Access.AUDIT));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller, settings);
    }

    /** Figures, models and rules are nobody's: looking at them leaves no trace. */
    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", ROOT, Access.AUDIT),
                new Route("GET", ROOT + "/rules", Access.AUDIT),
                new Route("GET", ROOT + "/rules/{rule}", Access.AUDIT),
                new Route("GET", ROOT + "/settings", Access.AUDIT),
                Access.post(ROOT + "/settings", CHANGE),
                Access.get(ROOT + "/lists", Access.AUDIT),
                Access.post(ROOT + "/lists", CHANGE),
                Access.post(ROOT + "/lists/{entry}/removal", CHANGE),
                Access.get(ROOT + "/changes/{version}", Access.AUDIT),
                Access.post(ROOT + "/changes/{version}/approval", Access.CONTROL),
                Access.post(ROOT + "/changes/{version}/rejection", CHANGE),
                Access.post(ROOT + "/changes/{version}/rollback", CHANGE),
                Access.get(ROOT + "/queue", Access.AUDIT),
                Access.get(ROOT + "/payments/{id}", Access.AUDIT),
                Access.get(ROOT + "/payments/{id}/network", Access.AUDIT),
                Access.get(ROOT + "/payments/{id}/network.json", Access.AUDIT),
                Access.post(ROOT + "/payments/{id}/feedback", Access.OPERATE));
    }
}
