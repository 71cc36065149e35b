package org.exchequer.platform.web;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * One line per request on the logger {@code exchequer.http}: who, what, the answer and its time. Only the path is
 * logged: queries, headers and bodies may hold secrets. While the request runs, every log line carries its trace id.
 */
public final class RequestLogFilter extends OncePerRequestFilter {
    /** The logger's name. */
    public static final String LOGGER = "exchequer.http";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);
    private static final String TRACE_ID = "traceId";
    private static final String CALLER = RequestLogFilter.class.getName() + ".caller";

    private final Ticker ticker;

    public RequestLogFilter(Ticker ticker) {
        this.ticker = ticker;
    }

    /** Notes who the caller turned out to be; the security context is gone again when the line is written. */
    public static void caller(HttpServletRequest request, String name) {
        request.setAttribute(CALLER, name);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long start = ticker.nanos();
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            MDC.put(TRACE_ID, span.getTraceId());
        }
        try {
            chain.doFilter(request, response);
        } finally {
            if (LOG.isInfoEnabled()) {
                Object caller = request.getAttribute(CALLER);
                LOG.atInfo()
                        .addKeyValue("method", request.getMethod())
                        .addKeyValue("path", request.getRequestURI())
                        .addKeyValue("status", response.getStatus())
                        .addKeyValue("micros", TimeUnit.NANOSECONDS.toMicros(ticker.nanos() - start))
                        .addKeyValue("caller", caller == null ? "-" : caller)
                        .addKeyValue("remote", request.getRemoteAddr())
                        .log("request");
            }
            MDC.remove(TRACE_ID);
        }
    }
}
