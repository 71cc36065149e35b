package org.exchequer.inward.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.exchequer.inward.InwardBed;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.ledger.edge.http.ContractClient.Exchange;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.testing.TestFolders;
import org.exchequer.platform.web.HttpLimits;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.RequestMapping;

/** Drives the real server until it has given every documented answer of every operation, each as documented. */
class InwardContractTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final List<String> READS = List.of(
            "/payments",
            "/payments/" + new UUID(0, 1),
            "/dead-letters",
            "/dead-letters/" + new UUID(0, 1),
            "/dead-letters/" + new UUID(0, 1) + "/message",
            "/setup",
            "/openapi.yaml");

    private static String token(LocalIssuer issuer, Role... roles) {
        return token(issuer, "tester", roles);
    }

    private static String token(LocalIssuer issuer, String name, Role... roles) {
        EnumSet<Role> held = EnumSet.noneOf(Role.class);
        held.addAll(List.of(roles));
        return issuer.token(name, held, CLOCK.instant(), Duration.ofMinutes(5));
    }

    private static HostSettings settings() {
        HostSettings local = HostSettings.local("test");
        HttpLimits normal = local.limits();
        return new HostSettings(
                local.address(),
                HttpHost.freePort(local.address(), 0),
                local.tls(),
                new HttpLimits(
                        normal.bodyBytes(),
                        InwardDoors.bodyLimits(),
                        normal.bodyTime(),
                        normal.requestTime(),
                        normal.requestsPerSecond(),
                        normal.burst(),
                        normal.anonymousPerSecond()),
                local.policy(),
                local.metricsOpen(),
                local.version());
    }

    @Test
    void every_documented_answer_is_given_as_documented() throws Exception {
        Path folder = TestFolders.create("inward-contract");
        LocalIssuer issuer = LocalIssuer.open(folder);
        try (InwardBed bed = new InwardBed();
                Telemetry telemetry = Telemetry.create("test", null);
                HttpHost host = HttpHost.start(
                        settings(),
                        new HostParts(
                                CLOCK,
                                Ticker.system(),
                                telemetry,
                                issuer,
                                new LoginLinks(Files.createDirectory(folder.resolve("used-links")), CLOCK),
                                null),
                        CompletableFuture.completedFuture(new Served(
                                bed.module().controllers(), bed.module().routes(), List::of, context -> {})));
                ContractClient client = new ContractClient(
                        host.url(), InwardDoors.BASE, SetupDoor.CONTRACT, roles -> token(issuer, roles))) {
            String letter = messages(client);
            letters(client, letter);
            figures(client);
            String other = token(issuer, "other", Role.OPERATOR, Role.CONTROLLER);
            String first = token(issuer, Role.OPERATOR, Role.CONTROLLER);
            configuration(client, first, other);
            orders(client, first, other);
            bed.install(2);
            FraudContract.drive(client, (name, roles) -> token(issuer, name, roles));
            client.as(Role.OPERATOR, Role.CONTROLLER);
            refusals(client, issuer);
            Set<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            // A database that is away, or more than can be done: the same answer everywhere.
            missing.removeIf(what -> what.endsWith(" 503"));
            // What is given up after five seconds would have to be searched for as long.
            missing.removeIf(what -> what.startsWith("GET ") && what.endsWith("/payments 422"));
            assertThat(missing).isEmpty();
        } finally {
            TestFolders.delete(folder);
        }
    }

    private static Exchange send(ContractClient client, byte[] message) {
        return client.call("POST", "/messages", null, message, "application/json");
    }

    /** The id of a dead letter. */
    private static String messages(ContractClient client) {
        Exchange accepted = send(client, InwardBed.transferBytes());
        assertThat(accepted.status()).isEqualTo(200);
        assertThat(accepted.response().headers().firstValue("Exchequer-Status")).contains("ACCC");
        String id =
                accepted.response().headers().firstValue("Exchequer-Payment-Id").orElseThrow();
        Exchange refused = send(client, InwardBed.transferBytes("creditorAccount", "1188891"));
        assertThat(refused.response().headers().firstValue("Exchequer-Status")).contains("RJCT");
        String other =
                refused.response().headers().firstValue("Exchequer-Payment-Id").orElseThrow();
        assertThat(client.get("/payments/" + id).json().path("events").size()).isGreaterThan(5);
        assertThat(client.get("/payments/" + other).json().path("reasonMeaning").asString())
                .isEqualTo("creditor's account closed");
        assertThat(client.get("/payments?events=true&limit=1")
                        .json()
                        .path("items")
                        .path(0)
                        .path("events")
                        .isEmpty())
                .isFalse();
        assertThat(client.get("/payments/" + new UUID(0, 1)).status()).isEqualTo(404);
        assertThat(client.get("/payments/x").status()).isEqualTo(400);
        assertThat(client.get("/payments?events=perhaps").field()).isEqualTo("events");
        assertThat(client.call("POST", "/messages", null, new byte[1], "image/png")
                        .status())
                .isEqualTo(415);
        assertThat(send(client, new byte[300 << 10]).status()).isEqualTo(413);
        Exchange unreadable = send(client, "{\"no".getBytes(UTF_8));
        assertThat(unreadable.status()).isEqualTo(422);
        return unreadable.json().path("deadLetter").asString();
    }

    private static void letters(ContractClient client, String letter) {
        String path = "/dead-letters/" + letter;
        assertThat(client.get("/dead-letters?limit=10").json().path("items").size())
                .isEqualTo(1);
        assertThat(client.get(path).json().path("text").asString()).isEqualTo("{\"no");
        assertThat(client.get(path + "/message").status()).isEqualTo(200);
        assertThat(client.call("POST", path + "/resubmissions", null, new byte[0], "application/json")
                        .status())
                .isEqualTo(422);
        Exchange mended =
                client.call("POST", path + "/resubmissions", null, InwardBed.transferBytes(), "application/json");
        assertThat(mended.response().headers().firstValue("Exchequer-Status")).contains("ACCC");
        assertThat(client.get(path).json().path("resubmissions").size()).isEqualTo(2);
        assertThat(client.get("/dead-letters?limit=1").json().path("next").asString())
                .isNotEmpty();
        String unknown = "/dead-letters/" + new UUID(0, 1);
        for (String one : List.of(unknown, unknown + "/message")) {
            assertThat(client.get(one).code()).isEqualTo("DEAD_LETTER_NOT_FOUND");
        }
        assertThat(client.call("POST", unknown + "/resubmissions", null, new byte[0], "application/json")
                        .status())
                .isEqualTo(404);
        assertThat(client.call("POST", "/dead-letters/x/resubmissions", null, new byte[0], "application/json")
                        .status())
                .isEqualTo(400);
        assertThat(client.call("POST", path + "/resubmissions", null, new byte[300 << 10], "application/json")
                        .status())
                .isEqualTo(413);
        assertThat(client.get("/setup").json().path("simulator").asString()).startsWith("http://127.0.0.1:");
        assertThat(client.get("/openapi.yaml").status()).isEqualTo(200);
    }

    private static void figures(ContractClient client) {
        String days = "?from=2026-03-01&until=2026-03-31";
        assertThat(client.get("/statistics?from=2026-03-01T00:00:00Z&until=2026-03-31T00:00:00Z")
                        .json()
                        .path("received")
                        .asLong(-1))
                .isZero();
        assertThat(client.get("/statistics").status()).isEqualTo(400);
        assertThat(client.get("/statistics?from=2026-03-01T00:00:00Z&until=2026-02-01T00:00:00Z")
                        .field())
                .isEqualTo("until");
        assertThat(client.get("/live").json().path("node").asString()).isEqualTo("a");
        assertThat(client.get("/reports/sla" + days).status()).isEqualTo(200);
        assertThat(client.get("/reports/stages" + days + "&format=csv").status())
                .isEqualTo(200);
        assertThat(client.get("/reports/other" + days).field()).isEqualTo("kind");
    }

    private static void configuration(ContractClient client, String first, String other) {
        String key = "/config/sla.warning_ms";
        assertThat(client.get("/config").json().path("keys").size()).isPositive();
        assertThat(client.get("/config/none").field()).isEqualTo("key");
        assertThat(client.post(key, null, "{'value':17000,'currency':'JPY','reason':'the scheme watches'}")
                        .status())
                .isEqualTo(201);
        assertThat(client.post(key, null, "{").status()).isEqualTo(400);
        assertThat(client.post(key, null, "{'value':-1,'reason':'x'}").status()).isEqualTo(422);
        String version = key + "/versions/1";
        assertThat(client.post(version + "/rollback", null, "{'reason':'too early'}")
                        .code())
                .isEqualTo("NOT_APPROVED");
        assertThat(client.post(version + "/approval", null, null).code()).isEqualTo("APPROVER_IS_AUTHOR");
        client.as(other);
        assertThat(client.post(version + "/approval", null, null).status()).isEqualTo(200);
        client.as(first);
        assertThat(client.post(version + "/rejection", null, "{'reason':'late'}")
                        .code())
                .isEqualTo("ALREADY_DECIDED");
        assertThat(client.post(version + "/rollback", null, "{'reason':'again'}")
                        .json()
                        .path("rollbackVersion")
                        .asLong())
                .isEqualTo(1);
        assertThat(client.post(key + "/versions/2/rejection", null, "{'reason':'no'}")
                        .status())
                .isEqualTo(200);
        assertThat(client.get(key).json().path("versions").size()).isEqualTo(2);
        for (String act : List.of("/approval", "/rejection", "/rollback")) {
            String body = act.equals("/approval") ? null : "{'reason':'x'}";
            assertThat(client.post(key + "/versions/9" + act, null, body).status())
                    .isEqualTo(404);
            assertThat(client.post(key + "/versions/x" + act, null, body).status())
                    .isEqualTo(400);
            assertThat(client.post("/config/none/versions/1" + act, null, body).status())
                    .isEqualTo(422);
        }
    }

    private static void orders(ContractClient client, String first, String other) {
        String path = "/controls/measures";
        assertThat(client.get("/controls").json().has("load")).isTrue();
        String draft = "{'kind':'FRAUD_BYPASS','lastsSeconds':60,'currency':'JPY','reason':'a drill'}";
        String order =
                path + "/" + client.post(path, null, draft).json().path("id").asString();
        assertThat(client.post(path, null, draft).code()).isEqualTo("ALREADY_ORDERED");
        assertThat(client.post(path, null, "{'kind':'HOLIDAY'}").field()).isEqualTo("kind");
        assertThat(client.post(path, null, "[").status()).isEqualTo(400);
        String unknown = "{'kind':'FORCED_COMPLETION','payment':'00000000-0000-7000-8000-000000000001',"
                + "'lastsSeconds':60,'reason':'a drill'}";
        assertThat(client.post(path, null, unknown).code()).isEqualTo("PAYMENT_NOT_FOUND");
        assertThat(client.post(order + "/approval", null, null).code()).isEqualTo("APPROVER_IS_AUTHOR");
        assertThat(client.post(order + "/end", null, "{'reason':'x'}").code()).isEqualTo("NOT_IN_FORCE");
        client.as(other);
        assertThat(client.post(order + "/approval", null, null).status()).isEqualTo(200);
        client.as(first);
        assertThat(client.post(order + "/rejection", null, "{'reason':'x'}").status())
                .isEqualTo(409);
        assertThat(client.post(order + "/end", null, "{'reason':'over'}").status())
                .isEqualTo(200);
        assertThat(client.get(order + "/acts").json().path("items").size()).isEqualTo(3);
        String second =
                path + "/" + client.post(path, null, draft).json().path("id").asString();
        assertThat(client.post(second + "/rejection", null, "{'reason':'no'}").status())
                .isEqualTo(200);
        assertThat(client.get(path + "?limit=1").json().path("items").size()).isEqualTo(1);
        assertThat(client.get(path + "?limit=0").status()).isEqualTo(400);
        assertThat(client.get(path + "/x/acts").status()).isEqualTo(400);
        String tooLong = "{'reason':'" + "x".repeat(501) + "'}";
        for (String act : List.of("/approval", "/rejection", "/end")) {
            String body = act.equals("/approval") ? null : "{'reason':'x'}";
            assertThat(client.post(path + "/999999" + act, null, body).status()).isEqualTo(404);
            assertThat(client.post(path + "/x" + act, null, body).status()).isEqualTo(400);
            if (body != null) {
                assertThat(client.post(order + act, null, tooLong).field()).isEqualTo("reason");
            }
        }
    }

    private static final List<String> WRITES = List.of(
            "/config/sla.warning_ms",
            "/config/sla.warning_ms/versions/1/approval",
            "/config/sla.warning_ms/versions/1/rejection",
            "/config/sla.warning_ms/versions/1/rollback",
            "/controls/measures",
            "/controls/measures/1/approval",
            "/controls/measures/1/rejection",
            "/controls/measures/1/end");

    private static final List<String> WATCHED = List.of(
            "/statistics",
            "/live",
            "/reports/sla",
            "/config",
            "/config/sla.warning_ms",
            "/controls",
            "/controls/measures",
            "/controls/measures/1/acts");

    private static void refusals(ContractClient client, LocalIssuer issuer) {
        READS.forEach(
                path -> assertThat(client.get(path + "?no=1").status()).as(path).isEqualTo(400));
        for (String token : List.of("", token(issuer))) {
            client.as(token);
            int status = token.isEmpty() ? 401 : 403;
            READS.forEach(path -> assertThat(client.get(path).status()).as(path).isEqualTo(status));
            WATCHED.forEach(
                    path -> assertThat(client.get(path).status()).as(path).isEqualTo(status));
            WRITES.forEach(
                    path -> assertThat(client.post(path, null, "{'reason':'x'}").status())
                            .as(path)
                            .isEqualTo(status));
            assertThat(send(client, new byte[1]).status()).isEqualTo(status);
            assertThat(client.call(
                                    "POST",
                                    "/dead-letters/" + new UUID(0, 1) + "/resubmissions",
                                    null,
                                    new byte[1],
                                    "application/json")
                            .status())
                    .isEqualTo(status);
        }
    }

    @Test
    void what_is_documented_is_mapped_and_permitted() throws Exception {
        Set<String> mapped = new TreeSet<>();
        for (Class<?> door : List.of(
                PaymentDoor.class,
                DeadLetterDoor.class,
                SetupDoor.class,
                StatisticsDoor.class,
                ConfigDoor.class,
                ControlDoor.class,
                FraudDoor.class,
                FraudSettingsDoor.class)) {
            Arrays.stream(door.getDeclaredMethods()).forEach(method -> mapping(door, method, mapped));
        }
        Set<String> permitted = new TreeSet<>();
        InwardDoors.routes().forEach(route -> permitted.add(route.method() + " " + route.pattern()));
        Set<String> documented = new TreeSet<>();
        try (ContractClient client = new ContractClient("", InwardDoors.BASE, SetupDoor.CONTRACT, roles -> "")) {
            client.documented().forEach(what -> documented.add(what.substring(0, what.lastIndexOf(' '))));
        }
        assertThat(mapped).isEqualTo(documented);
        assertThat(permitted).containsAll(documented);
    }

    private static void mapping(Class<?> door, Method method, Set<String> mapped) {
        RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
        if (mapping != null) {
            String base = Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(door, RequestMapping.class))
                    .path()[0];
            mapped.add(mapping.method()[0] + " " + base + (mapping.path().length == 0 ? "" : mapping.path()[0]));
        }
    }
}
