package org.exchequer.console.edge;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.inward.api.Configurations;
import org.exchequer.inward.api.Controls;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** How inward clearing is configured, and what people order while something is wrong. */
final class ControlPages implements ConsolePages {
    private static final Set<Role> WATCH = EnumSet.of(Role.OPERATOR, Role.CONTROLLER, Role.AUDITOR);
    private static final Set<Role> ORDER = EnumSet.of(Role.OPERATOR, Role.CONTROLLER);

    private final List<Object> controllers;

    ControlPages(Configurations configurations, Controls controls, LiveStreams streams) {
        controllers = List.of(new ControlController(controls, streams), new ConfigController(configurations));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(
                new NavEntry("Inward clearing", "Emergency controls", ControlController.PATH, "alert", "w", WATCH),
                new NavEntry("Inward clearing", "Configuration", ConfigController.PATH, "scale", "y", WATCH));
    }

    @Override
    public List<Object> controllers() {
        return controllers;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Access.get(ControlController.PATH, WATCH),
                // Parts of the same page.
                new Route("GET", ControlController.ORDERS, WATCH),
                new Route("GET", ControlController.STREAM, WATCH),
                Access.post(ControlController.PATH, ORDER),
                Access.post(ControlController.MEASURE + "/approval", Access.CONTROL),
                Access.post(ControlController.APPROVALS, Access.CONTROL),
                Access.post(ControlController.MEASURE + "/rejection", ORDER),
                Access.post(ControlController.MEASURE + "/end", ORDER),
                Access.get(ConfigController.PATH, WATCH),
                Access.get(ConfigController.KEY, WATCH),
                Access.post(ConfigController.PATH, ORDER),
                Access.post(ConfigController.VERSION + "/approval", Access.CONTROL),
                Access.post(ConfigController.VERSION + "/rejection", ORDER),
                Access.post(ConfigController.VERSION + "/rollback", ORDER));
    }
}
