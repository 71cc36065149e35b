package org.exchequer.app.cli.inward.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The simulated partners' admin door: makes them slow, silent or wrong for a while, and puts back what was played
 * before, once, whoever asks for it first: the end of the run or that of the process.
 */
final class Partners implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final URI admin;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final JsonNode before;
    private boolean restored;

    /**
     * What a partner does from some moment on.
     *
     * @param operations e.g. {@code vam/account}
     * @param script as docs/reference/partners.md says
     */
    record Change(List<String> operations, ObjectNode script) {}

    private Partners(URI admin) throws IOException, InterruptedException {
        this.admin = admin;
        this.before = call("GET", "/admin/v1/scripts", null);
    }

    /** @throws IOException when nothing answers there */
    static Partners at(URI admin) throws IOException, InterruptedException {
        return new Partners(admin);
    }

    /** @throws IOException when they cannot be reached, or refuse */
    synchronized void play(Change change) throws IOException, InterruptedException {
        if (restored) {
            return;
        }
        for (String operation : change.operations()) {
            call("PUT", "/admin/v1/scripts/" + operation, change.script());
        }
    }

    /** What was played before the first change is played again; safe to call twice. */
    synchronized void restore() throws IOException, InterruptedException {
        if (restored) {
            return;
        }
        restored = true;
        for (var service : before.properties()) {
            for (var operation : service.getValue().properties()) {
                call("PUT", "/admin/v1/scripts/" + service.getKey() + "/" + operation.getKey(), operation.getValue());
            }
        }
    }

    private JsonNode call(String method, String path, @org.jspecify.annotations.Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(JsonMapper.shared().writeValueAsBytes(body));
        HttpRequest request = HttpRequest.newBuilder(admin.resolve(path))
                .timeout(TIMEOUT)
                .method(method, publisher)
                .build();
        HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(path + " answered " + response.statusCode());
        }
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException other) {
            throw new IOException(path + " answered no JSON");
        }
    }

    /** A script of pairs of names and values; what is left out is nothing special. */
    static ObjectNode script(Object... pairs) {
        ObjectNode script = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < pairs.length; i += 2) {
            script.putPOJO((String) pairs[i], pairs[i + 1]);
        }
        return script;
    }

    @Override
    public void close() {
        http.close();
    }
}
