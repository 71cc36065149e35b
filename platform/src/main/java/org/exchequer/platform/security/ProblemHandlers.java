package org.exchequer.platform.security;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.module.Route;
import org.exchequer.platform.security.Tokens.IssuerAwayException;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemAdvice;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemWriter;
import org.exchequer.platform.web.RateLimitFilter;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;

/** How the APIs refuse: 401 with {@code WWW-Authenticate} (RFC 6750), 403, and 404 or 405 for what does not exist. */
final class ProblemHandlers implements AuthenticationEntryPoint, AccessDeniedHandler {
    private final RouteTable routes;
    private final RateLimitFilter rates;

    ProblemHandlers(RouteTable routes, RateLimitFilter rates) {
        this.routes = routes;
        this.rates = rates;
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException e)
            throws IOException {
        if (e.getCause() instanceof IssuerAwayException) {
            Problem away = Problem.of(ProblemCode.NOT_READY, "The issuer of tokens cannot be asked for its keys.");
            ProblemWriter.write(request, response, away, Map.of("Retry-After", "5"));
            return;
        }
        if (!rates.admitFailure(request, response)) {
            return;
        }
        boolean none = request.getHeader("Authorization") == null;
        String detail = none
                ? "This route needs a token: Authorization: Bearer <token>."
                        + " Get one with ./exchequer token --role <role>."
                : "The token does not hold: " + reason(e);
        Problem problem =
                Problem.of(ProblemCode.UNAUTHENTICATED, detail).at("Authorization", "Bearer and a token that holds");
        String challenge = none ? "Bearer realm=\"exchequer\"" : "Bearer realm=\"exchequer\", error=\"invalid_token\"";
        ProblemWriter.write(request, response, problem, Map.of("WWW-Authenticate", challenge));
    }

    private static String reason(AuthenticationException e) {
        return reason(
                e instanceof OAuth2AuthenticationException oauth
                        ? String.valueOf(oauth.getError().getDescription())
                        : String.valueOf(e.getMessage()));
    }

    /** In our words: messages of the library are for its developers, and may quote the token. */
    static String reason(String text) {
        if (text.contains("expired")) {
            return "it has expired.";
        } else if (text.contains("used before")) {
            return "its time has not come yet.";
        } else if (text.contains("iss claim")) {
            return "it is of another issuer.";
        } else if (text.contains("aud claim")) {
            return "it is for another audience.";
        } else if (text.contains("exp claim") || text.contains("exp is required")) {
            return "it says not until when it holds.";
        }
        return "it is malformed, or not signed by a key known here.";
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException e)
            throws IOException {
        Route route = routes.find(request);
        if (route != null) {
            Set<String> roles = new TreeSet<>(Set.of(Role.ADMIN.claim()));
            route.roles().forEach(role -> roles.add(role.claim()));
            ProblemWriter.write(
                    request,
                    response,
                    Problem.of(ProblemCode.FORBIDDEN, "Your token's roles do not allow this.")
                            .at("roles", "one of " + roles));
            return;
        }
        Set<String> methods = routes.methodsAt(request);
        if (methods.isEmpty()) {
            ProblemWriter.write(request, response, ProblemAdvice.notFound(request));
        } else {
            String allow = String.join(", ", methods);
            ProblemWriter.write(
                    request,
                    response,
                    ProblemAdvice.methodNotAllowed(request.getMethod(), allow),
                    Map.of("Allow", allow));
        }
    }
}
