package org.exchequer.platform.host;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.AccessTrail;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.SecurityChains.ConsoleDoor;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.web.HttpLimits;
import org.exchequer.platform.web.StrictJson;
import tools.jackson.databind.JsonNode;

/** A real host on a free port with the parrot behind it, and a client for it. */
final class RunningHost implements AutoCloseable {
    static final HttpLimits LIMITS = new HttpLimits(
            1 << 16,
            Map.of("/parrot/say", 1L << 20),
            Duration.ofMillis(700),
            Duration.ofSeconds(2),
            100_000,
            100_000,
            100_000);

    private static final Clock CLOCK = Clock.systemUTC();

    final LocalIssuer issuer;
    final LoginLinks links;
    final HttpHost host;
    private final Telemetry telemetry;
    private final HttpClient http;

    private RunningHost(HostSettings settings, Path folder, Telemetry telemetry, AccessTrail trail, HttpClient http) {
        this.issuer = LocalIssuer.open(folder);
        this.links = new LoginLinks(linkFolder(folder), CLOCK);
        this.telemetry = telemetry;
        this.http = http;
        ParrotModule parrot = new ParrotModule();
        ConsoleDoor door =
                new ConsoleDoor("default-src 'self'", "/console/login", "/console/denied", "csrf", new String[] {
                    "/console/login", "/console/denied"
                });
        HostParts parts = new HostParts(CLOCK, Ticker.system(), telemetry, issuer, links, door, trail);
        Served served = new Served(
                parrot.controllers(),
                parrot.routes(),
                () -> List.of(new Served.Component("parrot", true, true, "talks")),
                context -> {});
        this.host = HttpHost.start(settings, parts, CompletableFuture.completedFuture(served));
    }

    private static Path linkFolder(Path folder) {
        try {
            return Files.createDirectories(folder.resolve("links"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static RunningHost start(Path folder) {
        return start(folder, settings(LIMITS, TokenPolicy.LOCAL), Telemetry.create("test", null));
    }

    static RunningHost start(Path folder, AccessTrail trail) {
        Telemetry telemetry = Telemetry.create("test", null);
        return new RunningHost(
                settings(LIMITS, TokenPolicy.LOCAL), folder, telemetry, trail, HttpClient.newHttpClient());
    }

    static RunningHost start(Path folder, HostSettings settings, Telemetry telemetry) {
        return start(folder, settings, telemetry, HttpClient.newHttpClient());
    }

    static RunningHost start(Path folder, HostSettings settings, Telemetry telemetry, HttpClient http) {
        return new RunningHost(settings, folder, telemetry, AccessTrail.NONE, http);
    }

    static HostSettings settings(HttpLimits limits, TokenPolicy policy) {
        return new HostSettings("127.0.0.1", 0, null, limits, policy, true, "test");
    }

    String token(Role... roles) {
        return issuer.token(
                "tester", EnumSet.copyOf(List.of(roles)), Clock.systemUTC().instant(), Duration.ofMinutes(5));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(host.url() + path)).timeout(Duration.ofSeconds(20));
    }

    HttpRequest.Builder as(Role role, String path) {
        return request(path).header("Authorization", "Bearer " + token(role));
    }

    HttpRequest.Builder post(Role role, String path, String json) {
        return as(role, path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return send(request, http);
    }

    HttpResponse<String> send(HttpRequest.Builder request, HttpClient client) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /** Everything that was traced so far is exported when this returns. */
    void flushSpans() {
        telemetry.flush();
    }

    static JsonNode json(HttpResponse<String> response) {
        return StrictJson.mapper().readTree(response.body());
    }

    static String code(HttpResponse<String> response) {
        return json(response).path("code").asString("none");
    }

    @Override
    public void close() throws Exception {
        host.close();
        http.close();
        telemetry.close();
    }
}
