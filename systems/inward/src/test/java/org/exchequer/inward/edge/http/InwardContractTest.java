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
            bed.install(2);
            FraudContract.drive(client, (name, roles) -> token(issuer, name, roles));
            client.as(Role.OPERATOR, Role.CONTROLLER);
            refusals(client, issuer);
            Set<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            // A database that is away, or more than can be done: the same answer everywhere.
            missing.removeIf(what -> what.endsWith(" 503"));
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

    private static void refusals(ContractClient client, LocalIssuer issuer) {
        READS.forEach(
                path -> assertThat(client.get(path + "?no=1").status()).as(path).isEqualTo(400));
        for (String token : List.of("", token(issuer))) {
            client.as(token);
            int status = token.isEmpty() ? 401 : 403;
            READS.forEach(path -> assertThat(client.get(path).status()).as(path).isEqualTo(status));
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
                PaymentDoor.class, DeadLetterDoor.class, SetupDoor.class, FraudDoor.class, FraudSettingsDoor.class)) {
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
