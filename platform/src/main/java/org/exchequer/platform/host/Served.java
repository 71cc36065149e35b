package org.exchequer.platform.host;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.exchequer.platform.module.Route;
import org.springframework.context.support.GenericApplicationContext;

/**
 * What a host serves.
 *
 * @param controllers Spring MVC controllers, in any order
 * @param routes who may call what; whatever is not named is denied
 * @param components asked by {@code /ready}; must answer quickly
 * @param more registers what else MVC needs, e.g. a view resolver
 */
public record Served(
        List<Object> controllers,
        List<Route> routes,
        Supplier<List<Component>> components,
        Consumer<GenericApplicationContext> more) {
    public Served {
        controllers = List.copyOf(controllers);
        routes = List.copyOf(routes);
    }

    /** Whether requests can be served: every required part is ready. */
    public static boolean ready(List<Component> components) {
        return components.stream().allMatch(one -> one.ready() || !one.required());
    }

    /**
     * One thing the process consists of.
     *
     * @param name e.g. {@code ledger} or {@code kafka}
     * @param ready whether it can serve now
     * @param required whether the process is not ready without it
     * @param detail one line for people
     */
    public record Component(String name, boolean ready, boolean required, String detail) {}
}
