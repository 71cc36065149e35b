package org.exchequer.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.exchequer.kernel.Ticker;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Bounds a body in size and in time. A body that says it is too long is refused before a byte of it is read; one that
 * does not say (chunked) is cut off where it crosses the limit. A body that trickles in is given up at its deadline.
 */
public final class BodyLimitFilter extends OncePerRequestFilter {
    /** Thrown out of the body's stream; {@link ProblemAdvice} finds it among the causes of whatever wraps it. */
    static final class BodyLimitException extends IOException {
        private static final long serialVersionUID = 1L;
        private final transient Problem problem;

        BodyLimitException(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    private static final Map<String, String> CLOSE = Map.of("Connection", "close");

    private final HttpLimits limits;
    private final Ticker ticker;

    public BodyLimitFilter(HttpLimits limits, Ticker ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long limit = limits.bodyBytesFor(request.getRequestURI());
        if (request.getContentLengthLong() > limit) {
            ProblemWriter.write(request, response, tooLarge(limit), CLOSE);
            return;
        }
        if (!hasBody(request)) {
            chain.doFilter(request, response);
            return;
        }
        try {
            chain.doFilter(new BoundedRequest(request, limit), response);
        } catch (BodyLimitException e) {
            ProblemWriter.write(request, response, e.problem(), CLOSE);
        }
    }

    private static boolean hasBody(HttpServletRequest request) {
        return request.getContentLengthLong() > 0 || request.getHeader("Transfer-Encoding") != null;
    }

    private static Problem tooLarge(long limit) {
        return Problem.of(ProblemCode.BODY_TOO_LARGE, "The body is larger than " + limit + " bytes.")
                .at("body", "at most " + limit + " bytes");
    }

    /** The problem of a body that does not come. */
    public static Problem tooSlow() {
        return Problem.of(ProblemCode.REQUEST_TIMEOUT, "The body did not arrive in time.")
                .at("body", "sent without long pauses");
    }

    private final class BoundedRequest extends HttpServletRequestWrapper {
        private final long limit;
        private @Nullable BoundedStream stream;
        private @Nullable BufferedReader reader;

        BoundedRequest(HttpServletRequest request, long limit) {
            super(request);
            this.limit = limit;
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            if (stream == null) {
                stream = new BoundedStream(super.getInputStream(), limit);
            }
            return stream;
        }

        @Override
        public BufferedReader getReader() throws IOException {
            if (reader == null) {
                String encoding = getCharacterEncoding();
                Charset charset = encoding == null ? StandardCharsets.UTF_8 : Charset.forName(encoding);
                reader = new BufferedReader(new InputStreamReader(getInputStream(), charset));
            }
            return reader;
        }
    }

    private final class BoundedStream extends ServletInputStream {
        private final ServletInputStream in;
        private final long limit;
        private final long deadline = ticker.nanos() + limits.bodyTime().toNanos();
        private long count;

        BoundedStream(ServletInputStream in, long limit) {
            this.in = in;
            this.limit = limit;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                count += n;
                if (count > limit) {
                    throw new BodyLimitException(tooLarge(limit));
                }
                if (ticker.nanos() - deadline > 0) {
                    throw new BodyLimitException(tooSlow());
                }
            }
            return n;
        }

        @Override
        public boolean isFinished() {
            return in.isFinished();
        }

        @Override
        public boolean isReady() {
            return in.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException("bodies are read by blocking, on virtual threads");
        }
    }
}
