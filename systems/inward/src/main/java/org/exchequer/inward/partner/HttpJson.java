package org.exchequer.inward.partner;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.exchequer.inward.partner.Reply.Answered;
import org.exchequer.inward.partner.Reply.Cause;
import org.exchequer.inward.partner.Reply.Late;
import org.exchequer.inward.partner.Reply.Unreachable;

/**
 * Reads JSON from one partner over HTTP/1.1, each call on a connection of its own that is kept for the next. Bounded as
 * a whole: connecting, headers and body must be there in time, and a call that is given up closes its connection.
 *
 * <p>The client's internals run on one thread: with a thread per task, as is its default, a call costs clearly more
 * CPU.
 */
final class HttpJson implements AutoCloseable {
    private static final int MAX_BODY_BYTES = 64 << 10;
    private static final Duration CONNECT = Duration.ofMillis(500);
    private static final int MAX_WHY = 200;

    private final String partner;
    private final URI base;
    private final ExecutorService executor;
    private final HttpClient client;

    /**
     * @param partner for messages
     * @param base {@code http://host:port}, or {@code https}; a path before those asked for may follow
     */
    HttpJson(String partner, URI base) {
        this.partner = partner;
        this.base = base;
        this.executor = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name("inward-http-" + partner).daemon().factory());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(executor)
                .build();
    }

    /** Status and body. */
    record Page(int status, byte[] body) {}

    /**
     * Reads what is at a path.
     *
     * @param path with its query, escaped
     * @param givenNanos until the whole body must be there
     */
    Reply<Page> get(String path, long givenNanos) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Accept", "application/json")
                .GET()
                .build();
        CompletableFuture<HttpResponse<byte[]>> call =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BODY_BYTES));
        try {
            HttpResponse<byte[]> response = call.get(givenNanos, TimeUnit.NANOSECONDS);
            return new Answered<>(new Page(response.statusCode(), response.body()));
        } catch (TimeoutException e) {
            call.cancel(true);
            return new Late<>(partner + " has not answered within " + givenNanos / 1_000_000 + " ms");
        } catch (InterruptedException e) {
            call.cancel(true);
            Thread.currentThread().interrupt();
            return new Late<>("the wait for " + partner + " was interrupted");
        } catch (ExecutionException e) {
            return new Unreachable<>(Cause.CONNECTION, why(e));
        }
    }

    private String why(ExecutionException failure) {
        return switch (failure.getCause()) {
            case HttpConnectTimeoutException e -> partner + " does not take connections";
            case ConnectException e -> partner + " refuses connections";
            case IOException e -> partner + " broke off: " + bounded(String.valueOf(e.getMessage()));
            case null, default -> throw new IllegalStateException("a call to " + partner + " failed", failure);
        };
    }

    /** For messages that quote what came from outside. */
    static String bounded(String text) {
        return text.length() <= MAX_WHY ? text : text.substring(0, MAX_WHY) + "...";
    }

    @Override
    public void close() {
        client.shutdownNow();
        executor.shutdown();
    }
}
