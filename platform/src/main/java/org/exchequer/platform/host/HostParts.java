package org.exchequer.platform.host;

import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The objects that a host serves; it makes none itself.
 *
 * @param clock wall time, for tokens
 * @param ticker monotonic time, for limits
 * @param telemetry metrics and traces
 * @param issuer the local issuer
 * @param links login links into the console
 * @param controllers Spring MVC controllers, in any order
 * @param routes who may call what; whatever is not named is denied
 * @param components asked by {@code /ready}; must answer quickly
 * @param console the console's door, or null when there is none
 */
public record HostParts(
        Clock clock,
        Ticker ticker,
        Telemetry telemetry,
        LocalIssuer issuer,
        LoginLinks links,
        List<Object> controllers,
        List<Route> routes,
        Supplier<List<Component>> components,
        @Nullable Console console) {
    public HostParts {
        controllers = List.copyOf(controllers);
        routes = List.copyOf(routes);
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

    /**
     * The console.
     *
     * @param door what security has to know
     * @param register puts its controllers and views into a context that is not refreshed yet
     */
    public record Console(ConsoleDoor door, Consumer<GenericApplicationContext> register) {}
}
