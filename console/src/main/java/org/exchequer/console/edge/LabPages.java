package org.exchequer.console.edge;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;

/** The pages of the lab's runs. They hold nothing of anybody's, so looking at them leaves no trace. */
final class LabPages implements ConsolePages {
    static final String LIST = "/console/lab/runs";
    private static final Set<Role> READ = EnumSet.of(Role.OPERATOR, Role.AUDITOR);

    private final LabController controller;

    /** @param folder where the lab keeps its runs */
    LabPages(Path folder) {
        controller = new LabController(new LabRuns(folder));
    }

    @Override
    public List<NavEntry> navigation() {
        return List.of(new NavEntry("Assurance", "Lab runs", LIST, "flask", "l", READ));
    }

    @Override
    public List<Object> controllers() {
        return List.of(controller);
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", LIST, READ),
                new Route("GET", LIST + "/{name}", READ),
                new Route("GET", LIST + "/{name}/report", READ));
    }
}
