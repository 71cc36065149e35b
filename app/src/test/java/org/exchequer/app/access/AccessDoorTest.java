package org.exchequer.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.edge.http.ContractClient;
import org.exchequer.platform.host.HostParts;
import org.exchequer.platform.host.HostSettings;
import org.exchequer.platform.host.HttpHost;
import org.exchequer.platform.host.Served;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.telemetry.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The access log over REST, against its contract. */
class AccessDoorTest {
    private static final String ENTRIES = "/entries";

    @Test
    void every_documented_answer_is_given_as_documented(@TempDir Path folder) throws Exception {
        Clock clock = Clock.systemUTC();
        LocalIssuer issuer = LocalIssuer.open(folder);
        LoginLinks links = new LoginLinks(Files.createDirectory(folder.resolve("used-links")), clock);
        try (Telemetry telemetry = Telemetry.create("test", null);
                AccessLog log =
                        AccessLog.open(folder.resolve("log"), new LocalActs(folder), "test", clock, Ticker.system());
                HttpHost host = HttpHost.start(
                        HostSettings.local("test"),
                        new HostParts(clock, Ticker.system(), telemetry, issuer, links, null, log),
                        CompletableFuture.completedFuture(new Served(
                                List.of(new AccessDoor(log)), AccessDoor.routes(), List::of, context -> {})));
                ContractClient client = new ContractClient(
                        host.url(),
                        AccessDoor.BASE,
                        AccessDoor.CONTRACT,
                        roles -> issuer.token(
                                "tester", new HashSet<>(List.of(roles)), clock.instant(), Duration.ofMinutes(5)))) {
            client.as(Role.AUDITOR);
            assertThat(client.get(ENTRIES + "?limit=1").json().path("items").size())
                    .isEqualTo(1);
            JsonNode page = client.get(ENTRIES + "?caller=tester&act=limit%3D1&until=2999-01-01T00:00:00Z")
                    .json();
            assertThat(page.path("items").size()).isEqualTo(1);
            assertThat(page.path("items").get(0).path("target").asString()).isEqualTo("/access/api/v1/entries?limit=1");
            assertThat(client.get(ENTRIES + "?limit=2").json().path("next").asString())
                    .isEqualTo("1");
            String proof = ENTRIES + "/0/proof";
            List<String> paths = List.of(ENTRIES, proof, "/openapi.yaml");
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(200));
            for (String wrong : List.of(
                    "?limit=0",
                    "?limit=x",
                    "?cursor=-1",
                    "?from=yesterday",
                    "?until=2026-03-31",
                    "?who=me",
                    "?act=%00")) {
                assertThat(client.get(ENTRIES + wrong).status()).as(wrong).isEqualTo(400);
            }
            assertThat(client.get(ENTRIES + "?caller=" + "x".repeat(201)).field())
                    .isEqualTo("caller");
            assertThat(client.get(ENTRIES + "/first/proof").field()).isEqualTo("position");
            assertThat(client.get(ENTRIES + "/1000000/proof").status()).isEqualTo(404);
            client.as(Role.OPERATOR, Role.CONTROLLER);
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(403));
            client.as("");
            paths.forEach(path -> assertThat(client.get(path).status()).isEqualTo(401));
            Set<String> missing = new TreeSet<>(client.documented());
            missing.removeAll(client.exercised());
            missing.removeIf(what -> what.endsWith(" 503"));
            assertThat(missing).isEmpty();
        }
    }
}
