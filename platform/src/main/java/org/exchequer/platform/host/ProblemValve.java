package org.exchequer.platform.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.exchequer.platform.web.BadRequests;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers what is so broken that it never reaches the filters (a request line that is not HTTP, a header that is too
 * long) with a problem document, in place of Tomcat's page with its version on it.
 */
public final class ProblemValve extends ErrorReportValve {
    private static final String NOT_HTTP = "The request line or a header breaks HTTP/1.1: a space or another character"
            + " that must be percent-encoded, a missing or double Host, a malformed length, or more bytes of headers"
            + " than are read.";
    private static final Logger LOG = LoggerFactory.getLogger(ProblemValve.class);

    /** Made by Tomcat, by name. */
    public ProblemValve() {
        setShowReport(false);
        setShowServerInfo(false);
    }

    @Override
    protected void report(Request request, Response response, @Nullable Throwable thrown) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        Problem problem = status < 500
                ? BadRequests.of(status, request.getRequestURI(), NOT_HTTP)
                : Problem.of(ProblemCode.INTERNAL_ERROR, "Something broke here.");
        byte[] body = StrictJson.mapper().writeValueAsString(problem.body()).getBytes(StandardCharsets.UTF_8);
        try {
            response.setContentType(Problem.MEDIA_TYPE);
            response.setContentLength(body.length);
            response.getOutputStream().write(body);
            response.finishResponse();
        } catch (IOException e) {
            LOG.debug("the caller hung up: {}", e.getMessage());
        }
    }
}
