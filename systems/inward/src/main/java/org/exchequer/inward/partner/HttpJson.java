package org.exchequer.inward.partner;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;

/**
 * Reads JSON from one partner over HTTP/1.1, each call on a connection of its own that is kept for the next. Bounded as
 * a whole: connecting, headers and body must be there in time, and a call that is given up closes its connection.
 *
 * <p>Calls block the (virtual) thread that makes them: a client that hands each call to threads of its own takes half
 * as much processor time again.
 */
final class HttpJson implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final int MAX_LINE = 8 << 10;
    private static final int MAX_HEADERS = 100;
    private static final Duration CONNECT = Duration.ofMillis(500);
    /** A kept connection that was not used for so long is looked at first, which takes a millisecond. */
    private static final TimeValue IDLE = TimeValue.ofSeconds(1);

    private static final int MAX_WHY = 200;

    /** More than bulkheads let through: it is theirs to say how many. */
    private static final int CONNECTIONS = 10_000;

    private final String partner;
    private final URI base;
    private final ScheduledThreadPoolExecutor timer;
    private final CloseableHttpClient client;

    /**
     * @param partner for messages
     * @param base {@code http://host:port}, or {@code https}; a path before those asked for may follow
     */
    HttpJson(String partner, URI base) {
        this.partner = partner;
        this.base = base;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().name("inward-http-" + partner).daemon().factory());
        timer.setRemoveOnCancelPolicy(true);
        // One that asks while this is closed finds the client closed.
        timer.setRejectedExecutionHandler(new ScheduledThreadPoolExecutor.DiscardPolicy());
        Http1Config bounds = Http1Config.custom()
                .setMaxLineLength(MAX_LINE)
                .setMaxHeaderCount(MAX_HEADERS)
                .build();
        this.client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                                .http1Config(bounds)
                                .build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(CONNECT))
                                .setValidateAfterInactivity(IDLE)
                                .build())
                        .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
                        .setMaxConnPerRoute(CONNECTIONS)
                        .setMaxConnTotal(CONNECTIONS)
                        .build())
                .setRetryStrategy(new OnceMore())
                .disableRedirectHandling()
                .disableContentCompression()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableDefaultUserAgent()
                .build();
    }

    /** A kept connection may have been closed by the partner just then, and reading is safe. */
    private static final class OnceMore extends DefaultHttpRequestRetryStrategy {
        OnceMore() {
            super(1, TimeValue.ZERO_MILLISECONDS);
        }

        @Override
        public boolean retryRequest(HttpResponse response, int times, HttpContext context) {
            return false;
        }
    }

    /** Status and body. */
    record Page(int status, byte[] body) {}

    /**
     * Reads what is at a path; waits on the calling thread.
     *
     * @param path with its query, escaped
     * @param givenNanos until the whole body must be there
     */
    Reply<Page> get(String path, long givenNanos) {
        HttpGet request = new HttpGet(base + path);
        request.setHeader("Accept", "application/json");
        Future<?> giveUp = timer.schedule(request::cancel, givenNanos, TimeUnit.NANOSECONDS);
        try {
            return new Answered<>(client.execute(request, HttpJson::page));
        } catch (IOException | RuntimeException e) {
            // When it is given up between two steps, the client finds itself in a state it did not expect: it misses
            // its connection or a lease, and says so with whatever exception comes of that.
            if (request.isCancelled()) {
                return new Late<>(partner + " has not answered within " + givenNanos / 1_000_000 + " ms");
            }
            if (Thread.currentThread().isInterrupted()) {
                return new Late<>("the wait for " + partner + " was interrupted");
            }
            if (e instanceof IOException broken) {
                return new Unreachable<>(Cause.CONNECTION, why(broken));
            }
            if (timer.isShutdown()) {
                return new Unreachable<>(Cause.CONNECTION, "what asks " + partner + " is closed");
            }
            throw new IllegalStateException("a call to " + partner + " failed", e);
        } finally {
            giveUp.cancel(false);
        }
    }

    private static Page page(ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        byte[] body = entity == null ? new byte[0] : entity.getContent().readNBytes(MAX_BODY_BYTES + 1);
        if (body.length > MAX_BODY_BYTES) {
            throw new IOException("its answer has more than " + MAX_BODY_BYTES + " bytes");
        }
        return new Page(response.getCode(), body);
    }

    private String why(IOException failure) {
        return switch (failure) {
            case ConnectTimeoutException e -> partner + " does not take connections";
            case ConnectException e -> partner + " refuses connections";
            default -> partner + " broke off: " + bounded(String.valueOf(failure.getMessage()));
        };
    }

    /** For messages that quote what came from outside. */
    static String bounded(String text) {
        return text.length() <= MAX_WHY ? text : text.substring(0, MAX_WHY) + "...";
    }

    @Override
    public void close() {
        timer.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
    }
}
