package org.exchequer.console.edge;

import java.util.List;
import org.exchequer.platform.module.Route;

/** The pages of one system. A system gets its place in the console by one of these in {@link Console}. */
public interface ConsolePages {
    /** Its lines of the navigation, in order. */
    List<NavEntry> navigation();

    /** Its Spring MVC controllers; their paths start with {@code /console/<system>/}. */
    List<Object> controllers();

    /** Who may call what; whatever is not named here is denied. */
    List<Route> routes();
}
