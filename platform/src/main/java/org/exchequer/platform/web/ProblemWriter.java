package org.exchequer.platform.web;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/** The one place where the host's own problems become bytes. */
public final class ProblemWriter {
    private ProblemWriter() {}

    /**
     * Ends the response with this problem, plus the request's path and the trace id under which the log knows it. Does
     * nothing when the response has already been sent.
     */
    public static void write(HttpServletRequest request, HttpServletResponse response, Problem problem)
            throws IOException {
        write(request, response, problem, Map.of());
    }

    /** The same with response headers. */
    public static void write(
            HttpServletRequest request, HttpServletResponse response, Problem problem, Map<String, String> headers)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(problem.status());
        response.setContentType(Problem.MEDIA_TYPE);
        headers.forEach(response::setHeader);
        byte[] body = StrictJson.mapper().writeValueAsBytes(document(request, problem));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    /** The document's members, with {@code instance} and {@code traceId}. */
    static Map<String, Object> document(HttpServletRequest request, Problem problem) {
        Map<String, Object> body = problem.body();
        body.put("instance", request.getRequestURI());
        SpanContext span = Span.current().getSpanContext();
        if (span.isValid()) {
            body.put("traceId", span.getTraceId());
        }
        return body;
    }
}
