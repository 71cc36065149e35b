package org.exchequer.platform.host;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemWriter;
import org.springframework.web.filter.OncePerRequestFilter;

/** Keeps requests out until what they would reach has started. */
final class Gate extends OncePerRequestFilter {
    private volatile boolean open;

    void open() {
        open = true;
    }

    boolean isOpen() {
        return open;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (open || HostController.OPEN_PATHS.contains(request.getRequestURI())) {
            chain.doFilter(request, response);
            return;
        }
        ProblemWriter.write(
                request,
                response,
                Problem.of(ProblemCode.NOT_READY, "The program is starting. Ask again in a second."),
                Map.of("Retry-After", "1"));
    }
}
