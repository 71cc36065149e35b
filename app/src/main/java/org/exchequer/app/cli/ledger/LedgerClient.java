package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Speaks to the ledger's REST door, or another system's. A write whose answer was lost, or that the server could not
 * do now, is sent again with the same key, which is safe; after {@value #ATTEMPTS} attempts the command fails with the
 * key in its message.
 */
public final class LedgerClient implements AutoCloseable {
    private static final String BASE = "/ledger/api/v1";
    private static final int ATTEMPTS = 6;
    /** Longer than the server waits for an outcome. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    /** Longer than the server works on one request. */
    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(45);

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final Access access;
    private final String base;

    LedgerClient(Access access) {
        this(access, BASE);
    }

    /** @param base path of a system's door, e.g. {@code /inward/api/v1} */
    public LedgerClient(Access access, String base) {
        this.access = access;
        this.base = base;
    }

    public Reply get(String path) {
        return send("GET", path, null, null);
    }

    /**
     * The bytes at a path of any system, e.g. {@code /regtech/api/v1/key}.
     *
     * @throws CommandFailure for anything but success
     */
    public byte[] download(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(access.url() + path))
                .timeout(LONG_TIMEOUT)
                .header("Authorization", "Bearer " + access.token())
                .GET()
                .build();
        try {
            HttpResponse<byte[]> response = access.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() != 200) {
                LedgerAction.require(reply(response));
            }
            return response.body();
        } catch (IOException broken) {
            throw nobody();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.UNAVAILABLE, "interrupted");
        }
    }

    /** Commands with keys of their own. */
    Reply batch(byte[] body) {
        return send("POST", "/batches", null, body);
    }

    /** A write under a key; {@code key} is null only where the body carries keys of its own, or
     * done again it is the same. */
    public Reply write(String method, String path, @Nullable String key, JsonNode body) {
        return send(method, path, key, MAPPER.writeValueAsBytes(body));
    }

    /**
     * A write that may not be sent twice by itself.
     *
     * @param lost what to do when its answer was lost
     */
    public Reply writeOnce(String path, JsonNode body, String lost) {
        try {
            HttpRequest request = request("POST", path, null, MAPPER.writeValueAsBytes(body));
            return reply(access.http().send(request, HttpResponse.BodyHandlers.ofByteArray()));
        } catch (ConnectException | HttpConnectTimeoutException nobody) {
            throw nobody();
        } catch (IOException broken) {
            throw new CommandFailure(
                    ExitCodes.OUTCOME_UNKNOWN,
                    "the connection to " + access.url() + " was lost; it may or may not have been done: " + lost);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.OUTCOME_UNKNOWN, "interrupted; " + lost);
        }
    }

    private CommandFailure nobody() {
        return new CommandFailure(
                ExitCodes.UNAVAILABLE, "nothing answers at " + access.url() + "; start it with: exchequer up");
    }

    /** One segment of a path, or one value of a query. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Reply send(String method, String path, @Nullable String key, byte @Nullable [] body) {
        HttpRequest request = request(method, path, key, body);
        String lost = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try {
                HttpResponse<byte[]> response = access.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
                Reply reply = reply(response);
                if (!tryAgain(reply.status()) || attempt == ATTEMPTS) {
                    return reply;
                }
            } catch (ConnectException | HttpConnectTimeoutException nobody) {
                if (lost.isEmpty()) {
                    throw nobody();
                }
            } catch (IOException broken) {
                lost = "the connection to " + access.url() + " was lost";
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new CommandFailure(ExitCodes.OUTCOME_UNKNOWN, "interrupted" + again(method, key));
            }
            pause(attempt);
        }
        throw new CommandFailure(
                method.equals("GET") ? ExitCodes.UNAVAILABLE : ExitCodes.OUTCOME_UNKNOWN, lost + again(method, key));
    }

    private HttpRequest request(String method, String path, @Nullable String key, byte @Nullable [] body) {
        HttpRequest.BodyPublisher publisher =
                body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(access.url() + base + path))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + access.token())
                    .method(method, publisher);
            if (body != null) {
                request.header("Content-Type", "application/json");
            }
            if (key != null) {
                request.header("Idempotency-Key", key);
            }
            return request.build();
        } catch (IllegalArgumentException unusable) {
            // The token or the key holds characters that no header may; neither is repeated here.
            throw new CommandFailure(ExitCodes.USAGE, "the URL, the token or the key cannot be sent over HTTP");
        }
    }

    private static boolean tryAgain(int status) {
        return status == 429 || status == 503 || status == 504;
    }

    private static Reply reply(HttpResponse<byte[]> response) throws IOException {
        boolean replayed = response.headers().firstValue("Idempotency-Replayed").isPresent();
        if (response.body().length == 0) {
            return new Reply(response.statusCode(), JsonNodeFactory.instance.nullNode(), replayed);
        }
        try {
            return new Reply(response.statusCode(), MAPPER.readTree(response.body()), replayed);
        } catch (JacksonException other) {
            throw new CommandFailure(
                    ExitCodes.UNAVAILABLE,
                    response.uri() + " answered " + response.statusCode() + " without JSON: is this an Exchequer?");
        }
    }

    /** Waits before the next attempt: 0.1 s, 0.2 s, 0.4 s … */
    static void pause(int attempt) {
        try {
            Thread.sleep(Duration.ofMillis(50L << attempt));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(
                    ExitCodes.OUTCOME_UNKNOWN, "interrupted; run the same command again, with the same key");
        }
    }

    private static String again(String method, @Nullable String key) {
        return method.equals("GET")
                ? ""
                : "; it may or may not have been done: run the same command again"
                        + (key == null ? "" : " with --key " + key) + ", it cannot happen twice";
    }

    @Override
    public void close() {
        access.http().close();
    }
}
