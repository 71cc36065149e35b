package org.exchequer.ledger.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A client that holds every exchange against the OpenAPI contract: the operation and the status must be documented, the
 * answer's media type, body and headers must be as documented, and a request that was taken must be one that the
 * contract allows.
 */
public final class ContractClient implements AutoCloseable {
    private static final String DOCUMENT = "https://exchequer.test/openapi.json";
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final String url;
    private final String base;
    private final Function<Role[], String> tokens;
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonNode contract;
    private final SchemaRegistry schemas;
    private final Set<String> exercised = new TreeSet<>();
    private String token;

    ContractClient(LedgerServer server) {
        this(server.url(), Answer.BASE, ReportDoor.CONTRACT, server::token);
    }

    /**
     * Of another system.
     *
     * @param url of the server
     * @param base what all paths begin with
     * @param document resource with the contract
     * @param tokens a token that holds now, by roles
     */
    public ContractClient(String url, String base, String document, Function<Role[], String> tokens) {
        this.url = url;
        this.base = base;
        this.tokens = tokens;
        this.contract = load(document);
        this.schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12,
                builder -> builder.schemas(Map.of(DOCUMENT, MAPPER.writeValueAsString(contract))));
        this.token = tokens.apply(new Role[] {Role.OPERATOR, Role.CONTROLLER});
    }

    /** An answer that is as documented. */
    public record Exchange(HttpResponse<byte[]> response) {
        public int status() {
            return response.statusCode();
        }

        public JsonNode json() {
            return MAPPER.readTree(response.body());
        }

        public String code() {
            return json().path("code").asString("");
        }

        public String field() {
            return json().path("field").asString("");
        }

        public boolean replayed() {
            return response.headers().firstValue("Idempotency-Replayed").isPresent();
        }
    }

    public void as(String newToken) {
        token = newToken;
    }

    public void as(Role... roles) {
        token = tokens.apply(roles);
    }

    public Exchange get(String path) {
        return call("GET", path, null, null);
    }

    public Exchange post(String path, @Nullable String key, @Nullable String body) {
        return call("POST", path, key, body);
    }

    public Exchange patch(String path, @Nullable String key, String body) {
        return call("PATCH", path, key, body);
    }

    /** Single quotes in {@code body} stand for double ones. */
    public Exchange call(String method, String path, @Nullable String key, @Nullable String body) {
        byte[] bytes = body == null ? null : body.replace('\'', '"').getBytes(UTF_8);
        return call(method, path, key, bytes, "application/json");
    }

    public Exchange call(String method, String path, @Nullable String key, byte @Nullable [] body, String mediaType) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + base + path))
                .timeout(Duration.ofSeconds(30))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (key != null) {
            request.header("Idempotency-Key", key);
        }
        if (body != null) {
            request.header("Content-Type", mediaType);
        }
        try {
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            check(method, base + path.replaceAll("\\?.*", ""), body, response);
            return new Exchange(response);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void check(String method, String path, byte @Nullable [] sent, HttpResponse<byte[]> response) {
        String template = template(path);
        String what = method + " " + template + " " + response.statusCode();
        JsonNode operation = contract.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
        JsonNode documented = resolve(operation.path("responses").path(Integer.toString(response.statusCode())));
        String got = new String(response.body(), UTF_8);
        assertThat(documented.isMissingNode())
                .as("%s is not documented: %s", what, got)
                .isFalse();
        exercised.add(what);

        String mediaType = response.headers().firstValue("Content-Type").orElse("none");
        JsonNode content = documented.path("content").path(mediaType.replaceAll(";.*", ""));
        assertThat(content.isMissingNode())
                .as("%s: media type %s: %s", what, mediaType, got)
                .isFalse();
        if (mediaType.contains("json")) {
            assertValid(what + " answer", content.path("schema"), got);
        }
        if (response.statusCode() == 201) {
            assertThat(response.headers().firstValue("Location")).as(what).isPresent();
        }
        documented.path("headers").propertyNames().stream()
                .filter(name -> name.equals("Retry-After"))
                .forEach(name ->
                        assertThat(response.headers().firstValue(name)).as(what).isPresent());
        JsonNode bodies = operation.at("/requestBody/content");
        boolean json = bodies.isMissingNode() || bodies.has("application/json");
        if (sent != null && sent.length > 0 && response.statusCode() / 100 == 2 && json) {
            JsonNode schema = bodies.path("application/json").path("schema");
            assertValid(what + " request", schema, new String(sent, UTF_8));
        }
    }

    private void assertValid(String what, JsonNode schema, String instance) {
        String reference = Objects.requireNonNull(schema.path("$ref").stringValue(null), what + " has no schema");
        assertThat(schemas.getSchema(SchemaLocation.of(DOCUMENT + reference)).validate(instance, InputFormat.JSON))
                .as("%s: %s", what, instance)
                .isEmpty();
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? contract.at(node.get("$ref").stringValue().substring(1)) : node;
    }

    /** The documented path that a real one is an instance of; a literal path wins over one with parameters. */
    private String template(String path) {
        if (contract.path("paths").has(path)) {
            return path;
        }
        return contract.path("paths").propertyNames().stream()
                .filter(each ->
                        path.matches(each.replaceAll("\\{\\*[^}]+}", ".+").replaceAll("\\{[^}]+}", "[^/]+")))
                .findFirst()
                .orElseThrow(() -> new AssertionError(path + " is not documented"));
    }

    /** Every {@code METHOD path status} that the contract promises. */
    public Set<String> documented() {
        Set<String> all = new TreeSet<>();
        contract.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(operation -> !operation.getKey().equals("parameters"))
                        .forEach(operation -> operation
                                .getValue()
                                .path("responses")
                                .propertyNames()
                                .forEach(status -> all.add(operation.getKey().toUpperCase(Locale.ROOT) + " "
                                        + path.getKey() + " " + status))));
        return all;
    }

    /** Those that this client has seen. */
    public Set<String> exercised() {
        return exercised;
    }

    private static JsonNode load(String document) {
        try (InputStream in = Objects.requireNonNull(ContractClient.class.getResourceAsStream(document))) {
            return new YAMLMapper().readTree(in);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
