package org.exchequer.platform.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives a request up when its time is over: interrupts the handler and answers 503. A write may have happened by then,
 * so the answer tells the caller to ask again with the same key, and never says that it failed.
 */
public final class RequestTimeFilter extends OncePerRequestFilter {
    private static final String EXPIRED = RequestTimeFilter.class.getName() + ".expired";

    private final Duration limit;
    private final ScheduledThreadPoolExecutor timer;

    public RequestTimeFilter(Duration limit) {
        this.limit = limit;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("request-time").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Whether this request was interrupted because its time was over. */
    static boolean expired(HttpServletRequest request) {
        return request.getAttribute(EXPIRED) != null;
    }

    static Problem problem() {
        return Problem.of(
                ProblemCode.TIMED_OUT,
                "The answer took too long. If this was a write, its outcome is not known: ask again with the same"
                        + " Idempotency-Key.");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Watch watch = new Watch(Thread.currentThread(), request);
        Future<?> alarm = timer.schedule(watch::expire, limit.toNanos(), TimeUnit.NANOSECONDS);
        boolean expired = false;
        try {
            chain.doFilter(request, response);
        } catch (ServletException | IOException | RuntimeException e) {
            if (!expired(request)) {
                throw e;
            }
        } finally {
            alarm.cancel(false);
            expired = watch.finish();
        }
        if (expired && !response.isCommitted()) {
            ProblemWriter.write(request, response, problem(), Map.of("Retry-After", "1"));
        }
    }

    @Override
    public void destroy() {
        timer.shutdownNow();
    }

    /** Interrupts the handler only while it works on this request. */
    private static final class Watch {
        private final Thread handler;
        private final HttpServletRequest request;
        private boolean finished;
        private boolean expired;

        Watch(Thread handler, HttpServletRequest request) {
            this.handler = handler;
            this.request = request;
        }

        synchronized void expire() {
            if (!finished) {
                expired = true;
                request.setAttribute(EXPIRED, Boolean.TRUE);
                handler.interrupt();
            }
        }

        synchronized boolean finish() {
            finished = true;
            if (expired) {
                Thread.interrupted();
            }
            return expired;
        }
    }
}
