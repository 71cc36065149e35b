package org.exchequer.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands behind authentication: an authenticated caller is counted by name, anybody else by remote address. Forwarding
 * headers are not believed: anybody can write them.
 *
 * <p>At a door that authenticates by itself only its 401s count, by remote address and apart from all else: whoever it
 * knows is not held up, whatever others at the same address do elsewhere.
 */
public final class RateLimitFilter extends OncePerRequestFilter {
    private static final String COUNTED = RateLimitFilter.class.getName() + ".counted";

    private final RateLimiter known;
    private final RateLimiter anonymous;
    private final RateLimiter unknownAtDoors;
    private final Predicate<HttpServletRequest> authenticatesItself;

    /** @param authenticatesItself whether what stands behind knows its callers, and answers 401 to all others */
    public RateLimitFilter(HttpLimits limits, Predicate<HttpServletRequest> authenticatesItself) {
        this.authenticatesItself = authenticatesItself;
        this.unknownAtDoors = new RateLimiter(limits.anonymousPerSecond(), 2 * limits.anonymousPerSecond());
        this.known = new RateLimiter(limits.requestsPerSecond(), limits.burst());
        this.anonymous = new RateLimiter(limits.anonymousPerSecond(), 2 * limits.anonymousPerSecond());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication caller = SecurityContextHolder.getContext().getAuthentication();
        boolean anybody = caller == null || !caller.isAuthenticated() || caller instanceof AnonymousAuthenticationToken;
        if (anybody && authenticatesItself.test(request)) {
            throughDoor(request, response, chain);
            return;
        }
        long waitNanos;
        if (caller == null || anybody) {
            request.setAttribute(COUNTED, Boolean.TRUE);
            waitNanos = anonymous.take(request.getRemoteAddr());
        } else {
            RequestLogFilter.caller(request, caller.getName());
            waitNanos = known.take(caller.getName());
        }
        if (waitNanos == 0) {
            chain.doFilter(request, response);
        } else {
            refuse(request, response, waitNanos);
        }
    }

    private void throughDoor(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String address = request.getRemoteAddr();
        long waitNanos = unknownAtDoors.look(address);
        if (waitNanos > 0) {
            refuse(request, response, waitNanos);
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            unknownAtDoors.take(address);
        }
    }

    /**
     * Counts a request that failed to authenticate and never came this far.
     *
     * @return false when its address has used up its share and the request has been answered
     */
    public boolean admitFailure(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long waitNanos = request.getAttribute(COUNTED) == null ? anonymous.take(request.getRemoteAddr()) : 0;
        if (waitNanos > 0) {
            refuse(request, response, waitNanos);
        }
        return waitNanos == 0;
    }

    private static void refuse(HttpServletRequest request, HttpServletResponse response, long waitNanos)
            throws IOException {
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(waitNanos + 999_999_999));
        Problem problem =
                Problem.of(ProblemCode.RATE_LIMITED, "More requests than allowed. Ask again in " + seconds + " s.");
        ProblemWriter.write(request, response, problem, Map.of("Retry-After", Long.toString(seconds)));
    }
}
