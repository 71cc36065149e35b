package org.exchequer.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;

/**
 * Deny by default: a request is let through when a route names it and the caller has one of the route's roles. The
 * first
 * route that matches decides. A GET route answers HEAD too. Administrators may call everything.
 */
public final class RouteTable implements AuthorizationManager<RequestAuthorizationContext> {
    private record Entry(Route route, PathPatternRequestMatcher path) {
        boolean isFor(String method) {
            return route.method().equals(method)
                    || (method.equals("HEAD") && route.method().equals("GET"));
        }
    }

    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    /** Adds these behind those that are there. */
    public void add(Collection<Route> routes) {
        PathPatternRequestMatcher.Builder paths = PathPatternRequestMatcher.withDefaults();
        for (Route route : routes) {
            HttpMethod.valueOf(route.method());
            entries.add(new Entry(route, paths.matcher(route.pattern())));
        }
    }

    @Override
    public AuthorizationDecision authorize(
            Supplier<? extends @Nullable Authentication> caller, RequestAuthorizationContext context) {
        Route route = find(context.getRequest());
        if (route != null && route.open()) {
            return new AuthorizationDecision(true);
        }
        Authentication who = caller.get();
        if (who == null || !who.isAuthenticated() || who instanceof AnonymousAuthenticationToken) {
            return new AuthorizationDecision(false);
        }
        Set<Role> needed = route == null ? Set.of() : route.roles();
        return new AuthorizationDecision(Roles.mayAct(who.getAuthorities(), needed));
    }

    /** Whether the door behind it authenticates this request, see {@link Route#open()}. */
    public boolean isOpen(HttpServletRequest request) {
        Route route = find(request);
        return route != null && route.open();
    }

    /** The route that names this request, or null when none does. */
    @Nullable
    Route find(HttpServletRequest request) {
        String method = request.getMethod();
        for (Entry entry : entries) {
            if (entry.isFor(method) && entry.path().matches(request)) {
                return entry.route();
            }
        }
        return null;
    }

    /** The methods for which this path is named. */
    Set<String> methodsAt(HttpServletRequest request) {
        Set<String> methods = new TreeSet<>();
        for (Entry entry : entries) {
            if (entry.path().matches(request)) {
                methods.add(entry.route().method());
            }
        }
        return methods;
    }
}
