package org.exchequer.app.cli.inward;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.Access;
import org.exchequer.app.cli.ledger.LedgerAction;
import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.Reply;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** The running program, as commands see it: inward clearing, and the ledger behind it. */
public final class InwardServer implements AutoCloseable {
    private static final String BASE = "/inward/api/v1";
    /** Longer than the scheme allows, so that a late answer is seen and not only missed. */
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Access access;
    private final LedgerClient inward;
    private final LedgerClient ledger;

    InwardServer(Access access) {
        this.access = access;
        this.inward = new LedgerClient(access, BASE);
        this.ledger = new LedgerClient(access, "/ledger/api/v1");
    }

    /**
     * What was said to a message.
     *
     * @param http status; 200 when it is a message
     * @param body a pacs.002 or camt.029, or a problem in JSON
     * @param payment id that it became, or empty
     * @param status {@code ACCC}, {@code ACSC}, {@code RJCT}, {@code PDNG}, or empty
     * @param repeated whether the message was here before
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int http, byte[] body, String payment, String status, boolean repeated) {
        /** A member of the problem, when it is one; else empty. */
        public String problem(String member) {
            return Reply.text(problem(), member);
        }

        JsonNode problem() {
            try {
                return http == 200
                        ? JsonNodeFactory.instance.objectNode()
                        : JsonMapper.shared().readTree(body);
            } catch (JacksonException other) {
                return JsonNodeFactory.instance.objectNode();
            }
        }
    }

    /** What inward clearing answers at a path under its own, e.g. {@code /setup}. */
    public JsonNode get(String path) {
        return LedgerAction.require(inward.get(path)).body();
    }

    /** The same, whatever the answer is. */
    public Reply reply(String path) {
        return inward.get(path);
    }

    /** Writes at a path under inward clearing's own, once. */
    JsonNode write(String path, JsonNode body) {
        return LedgerAction.require(inward.writeOnce(path, body, "look whether it was before sending it again"))
                .body();
    }

    /** Proposes something at a path under inward clearing's own: sent again under its key, it is the same proposal. */
    JsonNode propose(String path, JsonNode body, String key) {
        return LedgerAction.require(inward.write("POST", path, key, body)).body();
    }

    /** What the ledger answers. */
    public JsonNode ledger(String path) {
        return LedgerAction.require(ledger.get(path)).body();
    }

    /** Bytes at a path under inward clearing's own. */
    public byte[] download(String path) {
        return inward.download(BASE + path);
    }

    /**
     * Hands a message in, once.
     *
     * @param path under inward clearing's own
     * @throws IOException when no answer came: it may have been taken or not; the same message again gets its answer
     */
    public Answer post(String path, byte[] message) throws IOException, InterruptedException {
        HttpRequest request;
        try {
            request = HttpRequest.newBuilder(URI.create(access.url() + BASE + path))
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + access.token())
                    .header("Content-Type", isJson(message) ? "application/json" : "application/xml")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(message))
                    .build();
        } catch (IllegalArgumentException unusable) {
            // The token may hold characters that no header may; it is not repeated here.
            throw new CommandFailure(ExitCodes.USAGE, "the URL or the token cannot be sent over HTTP");
        }
        HttpResponse<byte[]> response = access.http().send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                response.body(),
                header(response, "Exchequer-Payment-Id"),
                header(response, "Exchequer-Status"),
                header(response, "Idempotency-Replayed").equals("true"));
    }

    /** The same for a command that ends when nobody answers. */
    Answer require(String path, byte[] message) {
        try {
            return post(path, message);
        } catch (ConnectException | HttpConnectTimeoutException nobody) {
            throw new CommandFailure(
                    ExitCodes.UNAVAILABLE, "nothing answers at " + access.url() + "; start it with: exchequer up");
        } catch (IOException lost) {
            throw new CommandFailure(
                    ExitCodes.OUTCOME_UNKNOWN,
                    "the connection to " + access.url()
                            + " was lost; send the same message again: it is carried out once, and gets its answer");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCodes.OUTCOME_UNKNOWN, "interrupted; send the same message again");
        }
    }

    private static String header(HttpResponse<byte[]> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static boolean isJson(byte[] message) {
        for (byte character : message) {
            if (character > ' ') {
                return character == '{';
            }
        }
        return false;
    }

    /** The scheme, host and port, for messages to people. */
    public String url() {
        return access.url().toString();
    }

    @Override
    public void close() {
        inward.close();
        ledger.close();
    }
}
