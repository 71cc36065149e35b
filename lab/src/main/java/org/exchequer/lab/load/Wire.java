package org.exchequer.lab.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One attempt at the ledger's REST door, and what it tells about what was done. */
public final class Wire implements AutoCloseable {
    private static final String BASE = "/ledger/api/v1";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    /** As a client's pool has a size; who waits for a free one has waited. */
    private static final int CONNECTIONS_PER_NODE = 200;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    /** Problems that say that nothing was done, and to try again. */
    private static final Set<String> NOT_DONE = Set.of(
            "OVERLOADED",
            "NO_WRITER",
            "STORAGE",
            "STOPPING",
            "LEDGER_UNAVAILABLE",
            "NOT_READY",
            "RATE_LIMITED",
            "TOO_MANY_REQUESTS");

    private final List<String> urls;
    private final String token;
    private final Duration timeout;
    private final HttpClient http;
    private final List<Semaphore> free;

    /** What one attempt brought. */
    public sealed interface Reply {
        /** It was done. */
        record Done(JsonNode body) implements Reply {}

        /** It was refused for good; {@code position} is 0 when the refusal is not recorded. */
        record Rejected(String code, long position) implements Reply {}

        /** This attempt did nothing, and another may. */
        record NotDone(String why) implements Reply {}

        /** Nobody knows what this attempt did. */
        record Lost(String why) implements Reply {}
    }

    /**
     * @param urls where the nodes are reached, without a path
     * @param token bearer token, never logged
     * @param timeout of one attempt
     */
    public Wire(List<String> urls, String token, Duration timeout) {
        this.urls = List.copyOf(urls);
        this.token = token;
        this.timeout = timeout;
        this.free =
                urls.stream().map(url -> new Semaphore(CONNECTIONS_PER_NODE)).toList();
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** How many nodes there are. */
    public int nodes() {
        return urls.size();
    }

    /** Reads. */
    public Reply get(int node, String path) throws InterruptedException {
        return getAt(node, BASE + path);
    }

    /** Reads what is not the ledger's: the path is whole. */
    public Reply getAt(int node, String path) throws InterruptedException {
        return send(node, request(node, path).GET().build());
    }

    /** Writes under a key. */
    public Reply post(int node, String path, String key, JsonNode body) throws InterruptedException {
        return postAt(node, BASE + path, key, "application/json", MAPPER.writeValueAsBytes(body));
    }

    /** Writes under a key what is not the ledger's: the path is whole. */
    public Reply postAt(int node, String path, String key, String type, byte[] body) throws InterruptedException {
        return send(
                node,
                request(node, path)
                        .header("Content-Type", type)
                        .header("Idempotency-Key", key)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
    }

    private HttpRequest.Builder request(int node, String path) {
        return HttpRequest.newBuilder(URI.create(urls.get(Math.floorMod(node, urls.size())) + path))
                .timeout(timeout)
                .header("Authorization", "Bearer " + token);
    }

    private Reply send(int node, HttpRequest request) throws InterruptedException {
        Semaphore pool = free.get(Math.floorMod(node, urls.size()));
        if (!pool.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Reply.NotDone("no free connection in time");
        }
        try {
            return send(request);
        } finally {
            pool.release();
        }
    }

    private Reply send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return judge(response.statusCode(), body(response.body()));
        } catch (ConnectException refused) {
            return new Reply.NotDone("connection refused");
        } catch (HttpConnectTimeoutException nobody) {
            return new Reply.NotDone("no connection in time");
        } catch (HttpTimeoutException late) {
            return new Reply.Lost("no answer in time");
        } catch (IOException broken) {
            return new Reply.Lost(how(broken));
        }
    }

    private static String how(IOException broken) {
        String message = String.valueOf(broken.getMessage());
        if (message.contains("reset") || message.contains("Broken pipe")) {
            return "connection reset";
        }
        return message.contains("EOF") || message.contains("no bytes") || message.contains("closed")
                ? "connection closed without an answer"
                : "connection lost";
    }

    private static @Nullable JsonNode body(byte[] bytes) {
        try {
            return bytes.length == 0 ? null : MAPPER.readTree(bytes);
        } catch (JacksonException damaged) {
            return null;
        }
    }

    /** What a status and a body mean. */
    static Reply judge(int status, @Nullable JsonNode body) {
        if (status / 100 == 2 && body != null) {
            return new Reply.Done(body);
        }
        String code = body == null ? "" : body.path("code").asString("");
        if (NOT_DONE.contains(code) || status == 429) {
            return new Reply.NotDone(code.isEmpty() ? "HTTP " + status : code);
        }
        if (status / 100 == 4 && body != null) {
            return new Reply.Rejected(
                    code.isEmpty() ? "HTTP " + status : code,
                    body.path("sequence").asLong(0));
        }
        return new Reply.Lost(code.isEmpty() ? "HTTP " + status : code);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
