package org.exchequer.inward.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.exchequer.inward.InwardBed;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The real module behind the real host, with security. */
class PaymentDoorTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final JsonMapper MAPPER = new JsonMapper();

    private static InwardBed bed;
    private static Path folder;
    private static Telemetry telemetry;
    private static LocalIssuer issuer;
    private static HttpHost host;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws IOException {
        bed = new InwardBed();
        folder = TestFolders.create("inward-door");
        telemetry = Telemetry.create("test", null);
        issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), CLOCK);
        host = HttpHost.start(
                HostSettings.local("test"),
                new HostParts(CLOCK, Ticker.system(), telemetry, issuer, links, null),
                CompletableFuture.completedFuture(
                        new Served(bed.module().controllers(), bed.module().routes(), List::of, context -> {})));
    }

    @AfterAll
    static void stop() throws Exception {
        CLIENT.close();
        host.close();
        bed.close();
        telemetry.close();
        TestFolders.delete(folder);
    }

    private static HttpResponse<byte[]> call(
            String method, String path, @Nullable Role role, String type, byte @Nullable [] body) throws Exception {
        return call("tester", method, path, role, type, body);
    }

    private static HttpResponse<byte[]> call(
            String user, String method, String path, @Nullable Role role, String type, byte @Nullable [] body)
            throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(host.url() + InwardDoors.BASE + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (body != null) {
            request.header("Content-Type", type);
        }
        if (role != null) {
            String token = issuer.token(user, EnumSet.of(role), CLOCK.instant(), Duration.ofMinutes(5));
            request.header("Authorization", "Bearer " + token);
        }
        return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
    }

    private static HttpResponse<byte[]> get(String path) throws Exception {
        return call("GET", path, Role.AUDITOR, "", null);
    }

    private static HttpResponse<byte[]> send(byte[] json) throws Exception {
        return call("POST", "/messages", Role.TELLER, "application/json", json);
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        return MAPPER.readTree(response.body());
    }

    @Test
    void answersAMessageAndShowsWhatBecameOfIt() throws Exception {
        byte[] message = InwardBed.transferBytes();
        HttpResponse<byte[]> answer = send(message);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/xml");
        assertThat(answer.headers().firstValue("Exchequer-Status")).contains("ACCC");
        assertThat(new String(answer.body(), UTF_8)).contains("pacs.002.001.10");
        HttpResponse<byte[]> again = send(message);
        assertThat(again.body()).isEqualTo(answer.body());
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");

        String id = answer.headers().firstValue("Exchequer-Payment-Id").orElseThrow();
        JsonNode payment = json(get("/payments/" + id));
        assertThat(payment.path("status").asString()).isIn("COMPLETED", "EMERGENCY_PROCESSED");
        assertThat(payment.path("amount").asString()).isEqualTo("10.00");
        assertThat(payment.path("events").size()).isGreaterThan(7);
        assertThat(payment.path("events").get(0).path("to").asString()).isEqualTo("MESSAGE_RECEIVED");
        assertThat(payment.path("transactionId").asLong()).isPositive();
    }

    @Test
    void findsPaymentsPageByPage() throws Exception {
        String account = "4242424211";
        for (int i = 0; i < 3; i++) {
            assertThat(send(InwardBed.transferBytes("debtorAccount", account)).statusCode())
                    .isEqualTo(200);
        }
        String query = "/payments?account=" + account + "&limit=2&bic=AAABSGSG&type=PACS_008&compliant=true"
                + "&currency=SGD&leastMinorUnits=1000&mostMinorUnits=1000&from=2020-01-01T00:00:00Z";
        JsonNode first = json(get(query));
        assertThat(first.path("items").size()).isEqualTo(2);
        JsonNode second = json(get(query + "&cursor=" + first.path("next").asString()));
        assertThat(second.path("items").size()).isEqualTo(1);
        assertThat(second.has("next")).isFalse();
        assertThat(json(get("/payments?state=FAILED&account=" + account))
                        .path("items")
                        .size())
                .isZero();
    }

    @Test
    void countsPaymentsAndReportsThemByDay() throws Exception {
        String span = "?from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z";
        JsonNode figures = json(get("/statistics" + span));
        assertThat(figures.path("received").asLong()).isZero();
        assertThat(figures.path("stages").isObject()).isTrue();
        assertThat(json(get("/live")).path("node").asString()).isEqualTo("a");
        String days = "?from=2026-01-01&until=2026-01-02";
        assertThat(json(get("/reports/sla" + days)).path("rows").size()).isEqualTo(2);
        HttpResponse<byte[]> csv = get("/reports/sla" + days + "&format=csv");
        assertThat(csv.headers().firstValue("Content-Type")).contains("text/csv;charset=UTF-8");
        assertThat(new String(csv.body(), UTF_8).lines()).hasSize(3).anyMatch(line -> line.startsWith("2026-01-02,0,"));
        for (String wrong : List.of(
                "/statistics?from=x&until=y",
                "/statistics?from=2026-01-01T00:00:00Z&until=2026-01-01T00:00:00Z",
                "/reports/colours" + days,
                "/reports/sla" + days + "&format=pdf",
                "/reports/sla?from=2026-01-01&until=2026-09-01")) {
            assertThat(get(wrong).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    @Test
    void saysWhatIsWrong() throws Exception {
        HttpResponse<byte[]> unreadable = call("POST", "/messages", Role.TELLER, "application/xml", new byte[] {'<'});
        assertThat(unreadable.statusCode()).isEqualTo(422);
        assertThat(json(unreadable).path("code").asString()).isEqualTo("MESSAGE_UNREADABLE");
        assertThat(json(unreadable).path("deadLetter").asString()).isNotEmpty();
        assertThat(call("POST", "/messages", Role.TELLER, "text/plain", new byte[1])
                        .statusCode())
                .isEqualTo(415);
        assertThat(call("POST", "/messages", Role.AUDITOR, "application/xml", new byte[1])
                        .statusCode())
                .isEqualTo(403);
        assertThat(call("POST", "/messages", null, "application/xml", new byte[1])
                        .statusCode())
                .isEqualTo(401);
        assertThat(get("/payments/x").statusCode()).isEqualTo(400);
        assertThat(get("/payments/00000000-0000-7000-8000-000000000000").statusCode())
                .isEqualTo(404);
        for (String wrong :
                List.of("status=X", "limit=0", "cursor=x", "colour=red", "from=now", "compliant=1", "fallback=X")) {
            assertThat(get("/payments?" + wrong).statusCode()).as(wrong).isEqualTo(400);
        }
    }

    private static HttpResponse<byte[]> write(String user, Role role, String path, String body) throws Exception {
        return call(user, "POST", path, role, "application/json", body.getBytes(UTF_8));
    }

    @Test
    void configuresByTwoPeople() throws Exception {
        String body = "{\"value\":7000,\"messageType\":\"CAMT_056\",\"reason\":\"slow banks\"}";
        String key = "/config/validation.ahead_ms";
        assertThat(write("mary", Role.AUDITOR, key, body).statusCode()).isEqualTo(403);
        HttpResponse<byte[]> proposed = write("mary", Role.OPERATOR, key, body);
        assertThat(proposed.statusCode()).isEqualTo(201);
        String version = key + "/versions/" + json(proposed).path("version").asLong();
        assertThat(write("mary", Role.CONTROLLER, version + "/approval", "").statusCode())
                .isEqualTo(409);
        assertThat(write("john", Role.OPERATOR, version + "/approval", "").statusCode())
                .isEqualTo(403);
        HttpResponse<byte[]> approved = write("john", Role.CONTROLLER, version + "/approval", "");
        assertThat(json(approved).path("state").asString()).isEqualTo("APPROVED");
        JsonNode all = json(get("/config"));
        assertThat(all.path("revision").asLong())
                .isEqualTo(json(approved).path("revision").asLong());
        assertThat(all.path("keys").size()).isGreaterThan(40);
        assertThat(json(get(key)).path("versions").get(0).path("decidedBy").asString())
                .isEqualTo("john");
        HttpResponse<byte[]> wrong = write("mary", Role.OPERATOR, key, "{\"value\":-1,\"reason\":\"x\"}");
        assertThat(wrong.statusCode()).isEqualTo(422);
        assertThat(json(wrong).path("field").asString()).isEqualTo("value");
        assertThat(write("mary", Role.OPERATOR, key, "{\"colour\":1}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void ordersAndEndsAMeasure() throws Exception {
        String template = "{\"kind\":\"BREAKER_OVERRIDE\",\"breaker\":\"%s\",\"breakerMode\":\"FORCED_OPEN\","
                + "\"lastsSeconds\":60,\"reason\":\"%s\"}";
        for (String unknown : List.of("liquidty", "vam/banks", "fax/send")) {
            HttpResponse<byte[]> wrong =
                    write("mary", Role.OPERATOR, "/controls/measures", template.formatted(unknown, "a test"));
            assertThat(wrong.statusCode()).isEqualTo(422);
            assertThat(json(wrong).path("field").asString()).isEqualTo("breaker");
            assertThat(json(wrong).path("rule").asString()).contains("liquidity/reserve");
        }
        HttpResponse<byte[]> unstorable = write(
                "mary", Role.OPERATOR, "/controls/measures", template.formatted("liquidity/cancel/TEST", "a\\u0000b"));
        assertThat(unstorable.statusCode()).isEqualTo(422);
        assertThat(json(unstorable).path("field").asString()).isEqualTo("reason");
        String body = template.formatted("liquidity/cancel/TEST", "a test");
        HttpResponse<byte[]> ordered = write("mary", Role.OPERATOR, "/controls/measures", body);
        assertThat(ordered.statusCode()).isEqualTo(201);
        String id = json(ordered).path("id").asString();
        assertThat(json(get("/controls")).path("inForce").findValuesAsString("breaker"))
                .contains("liquidity/cancel/TEST");
        assertThat(write("mary", Role.OPERATOR, "/controls/measures", body).statusCode())
                .isEqualTo(409);
        assertThat(write("mary", Role.OPERATOR, "/controls/measures/" + id + "/end", "{}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(json(get("/controls/measures/" + id + "/acts")).path("items").size())
                .isEqualTo(3);
        assertThat(write("mary", Role.OPERATOR, "/controls/measures/999999/end", "{}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(get("/controls/measures/999999/acts").statusCode()).isEqualTo(404);
    }
}
