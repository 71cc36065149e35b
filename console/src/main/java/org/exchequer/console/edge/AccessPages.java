package org.exchequer.console.edge;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.AccessEntries;

/** The page of the access log. To look at it leaves a trace in it. */
final class AccessPages implements ConsolePages {
    static final String LIST = "/console/access";
    private static final Set<Role> READ = EnumSet.of(Role.AUDITOR);

    private final AccessController controller;

    AccessPages(AccessEntries log) {
        controller = new AccessController(log);
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(new NavEntry("Assurance", "Access log", LIST, "eye", "c", READ));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller);
    }

    @Override
    public List<Route> routes() {
        return List.of(Access.get(LIST, READ), Access.get(LIST + "/{position}/proof", READ));
    }
}
