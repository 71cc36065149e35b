package org.exchequer.inward.sim;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import org.exchequer.platform.web.JsonProblems;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** One HTTP server on loopback, a virtual thread for each request. */
final class LoopbackServer implements AutoCloseable {
    static final int MAX_BODY_BYTES = 64 << 10;
    private static final int BACKLOG = 1_024;
    private static final Pattern OWN_HOST = Pattern.compile("(127\\.0\\.0\\.1|localhost)(:\\d+)?");

    private final HttpServer server;
    private final ExecutorService threads;

    /** What an exchange is answered with. */
    record Answer(int status, String type, byte[] body) {
        static Answer json(int status, Object value) {
            return new Answer(status, "application/json", StrictJson.mapper().writeValueAsBytes(value));
        }

        static Answer problem(Problem problem) {
            return new Answer(
                    problem.status(), Problem.MEDIA_TYPE, StrictJson.mapper().writeValueAsBytes(problem.body()));
        }
    }

    /** Answers requests. */
    @FunctionalInterface
    interface Handler {
        /**
         * The answer, or null to break the connection.
         *
         * @throws InterruptedException when the server stops
         * @throws Refused when the request is not as it must be
         */
        @Nullable
        Answer handle(HttpExchange exchange) throws IOException, InterruptedException;
    }

    /** A request that breaks a rule. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        Refused(int status, String code, String field, String rule) {
            super(rule, null, false, false);
            this.problem =
                    new Problem(status, code, "The request cannot be taken", field + " " + rule, field, rule, Map.of());
        }
    }

    private LoopbackServer(HttpServer server, ExecutorService threads) {
        this.server = server;
        this.threads = threads;
    }

    static LoopbackServer start(int port, Handler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            // Closing an exchange that was not answered breaks its connection.
            try (exchange) {
                Answer answer = answer(handler, exchange);
                if (answer != null) {
                    exchange.getResponseHeaders().set("Content-Type", answer.type());
                    exchange.sendResponseHeaders(answer.status(), answer.body().length);
                    exchange.getResponseBody().write(answer.body());
                }
            }
        });
        server.start();
        return new LoopbackServer(server, threads);
    }

    private static @Nullable Answer answer(Handler handler, HttpExchange exchange) throws IOException {
        // A page on another site must not reach this through a name that points here.
        String host = String.valueOf(exchange.getRequestHeaders().getFirst("Host"));
        if (!OWN_HOST.matcher(host).matches()) {
            return Answer.problem(new Refused(403, "WRONG_HOST", "Host", "must be 127.0.0.1 or localhost").problem);
        }
        try {
            return handler.handle(exchange);
        } catch (Refused e) {
            return Answer.problem(e.problem);
        } catch (JacksonException e) {
            return Answer.problem(JsonProblems.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** The body, read as JSON. */
    static <T> T body(HttpExchange exchange, Class<T> type) throws IOException {
        byte[] bytes = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw new Refused(413, "BODY_TOO_LARGE", "body", "must have at most 64 KiB");
        }
        T value = StrictJson.mapper().readValue(bytes, type);
        if (value == null) {
            throw new Refused(400, "MALFORMED_BODY", "body", "must be an object");
        }
        return value;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
