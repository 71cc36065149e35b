package org.exchequer.platform.security;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.web.ProblemWriter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.filter.OncePerRequestFilter;

/** Leaves a trace of each permitted request to a route that wants one, before the request goes on. */
final class AccessTrailFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(AccessTrailFilter.class);

    private final RouteTable routes;
    private final AccessTrail trail;
    private final boolean unnamed;

    /** @param unnamed whether a trace is left of what no route names, too: only administrators get there */
    AccessTrailFilter(RouteTable routes, AccessTrail trail, boolean unnamed) {
        this.routes = routes;
        this.trail = trail;
        this.unnamed = unnamed;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Route route = routes.find(request);
        if (request.getUserPrincipal() != null && (route == null ? unnamed : !route.open())) {
            AccessTrail.Access access = Roles.access(request);
            new AccessTrail.Acts(trail, access).belongTo(request);
            try {
                if (route == null || route.recorded()) {
                    trail.leave(access);
                }
            } catch (AccessTrail.UnavailableException e) {
                LOG.error("refused, since no trace can be left of it", e);
                ProblemWriter.write(
                        request, response, AccessTrail.UnavailableException.PROBLEM, Map.of("Retry-After", "5"));
                return;
            }
        }
        chain.doFilter(request, response);
    }
}
