package org.exchequer.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.platform.host.RunningHost.code;
import static org.exchequer.platform.host.RunningHost.json;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.Telemetry;
import org.exchequer.platform.web.HttpLimits;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who may come in, over real HTTP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecurityTest {
    private static final String COUNT = "/parrot/count/1?times=1";

    private Path folder;
    private RunningHost host;

    @BeforeAll
    void start(@TempDir Path temporary) {
        folder = temporary;
        host = RunningHost.start(folder);
    }

    @AfterAll
    void stop() throws Exception {
        host.close();
    }

    private HttpResponse<String> with(String token) throws Exception {
        return host.send(host.request(COUNT).header("Authorization", "Bearer " + token));
    }

    private void assertRefused(HttpResponse<String> answer, String words) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        assertThat(code(answer)).isEqualTo("UNAUTHENTICATED");
        assertThat(answer.headers().firstValue("WWW-Authenticate"))
                .hasValueSatisfying(challenge -> assertThat(challenge).startsWith("Bearer"));
        assertThat(json(answer).path("detail").asString()).contains(words);
    }

    @Test
    void noTokenNoEntry() throws Exception {
        assertRefused(host.send(host.request(COUNT)), "needs a token");
        assertRefused(host.send(host.request("/nowhere")), "needs a token");
        assertRefused(with("nonsense"), "malformed");
        assertRefused(host.send(host.request(COUNT).header("Authorization", "Basic dXNlcjpwYXNz")), "does not hold");
    }

    @Test
    void tokensOutsideTheirTimeAreRefused() throws Exception {
        Instant now = Clock.systemUTC().instant();
        Set<Role> teller = Set.of(Role.TELLER);
        assertRefused(with(host.issuer.token("late", teller, now.minusSeconds(600), Duration.ofMinutes(5))), "expired");
        assertRefused(
                with(host.issuer.token("early", teller, now.plusSeconds(600), Duration.ofMinutes(5))), "not come yet");
    }

    @Test
    void forgedTokensAreRefused() throws Exception {
        ECKey stranger = new ECKeyGenerator(Curve.P_256)
                .keyID(host.issuer.publicKeys().getKeys().getFirst().getKeyID())
                .generate();
        SignedJWT forged = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(stranger.getKeyID())
                        .build(),
                claims().build());
        forged.sign(new ECDSASigner(stranger));
        assertRefused(with(forged.serialize()), "malformed, or not signed");
        assertRefused(with(new PlainJWT(claims().build()).serialize()), "malformed, or not signed");

        // The public key taken for a shared secret, the oldest of forgeries.
        byte[] published = host.issuer.publicKeys().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        SignedJWT confused = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims().build());
        confused.sign(new MACSigner(published));
        assertRefused(with(confused.serialize()), "malformed, or not signed");

        String genuine = host.token(Role.TELLER);
        String[] parts = genuine.split("\\.");
        String admin = com.nimbusds.jose.util.Base64URL.encode(
                        claims().claim("roles", List.of("admin")).build().toString())
                .toString();
        assertRefused(with(parts[0] + "." + admin + "." + parts[2]), "malformed, or not signed");
        assertThat(with(genuine).statusCode()).isEqualTo(200);
    }

    @Test
    void genuineTokensOfOthersAreRefused() throws Exception {
        assertRefused(with(signed(claims().issuer("somebody"))), "another issuer");
        assertRefused(with(signed(claims().audience("somewhere"))), "another audience");
        assertRefused(with(signed(claims().expirationTime(null))), "does not hold");
        assertRefused(with(signed(claims().subject(null))), "does not hold");
        // A zero-width space, a tab, a direction mark: two people who look like one, or one who looks like two.
        for (String name : List.of("", " ", "ma\u200bry", "ma\try", "mary\u202e", "m".repeat(256))) {
            assertRefused(with(signed(claims().subject(name))), "does not hold");
        }
        assertThat(with(signed(claims().subject("Zoë 王 O'Neill-ßmith (ops)"))).statusCode())
                .isEqualTo(200);
        assertThat(with(signed(claims())).statusCode()).isEqualTo(200);
    }

    private static JWTClaimsSet.Builder claims() {
        Instant now = Clock.systemUTC().instant();
        return new JWTClaimsSet.Builder()
                .issuer(LocalIssuer.ISSUER)
                .audience(LocalIssuer.API_AUDIENCE)
                .subject("tester")
                .claim("roles", List.of("teller", "astronaut"))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)));
    }

    /** With the issuer's own key, read from its file: the claims are wrong, not the signature. */
    private String signed(JWTClaimsSet.Builder claims) throws Exception {
        ECKey key = ECKey.parse(Files.readString(folder.resolve("issuer.jwk")));
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), claims.build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }

    @Test
    void rolesDecide() throws Exception {
        HttpResponse<String> wrong = host.send(host.post(Role.AUDITOR, "/parrot/say", "{\"times\":1}"));
        assertThat(wrong.statusCode()).isEqualTo(403);
        assertThat(code(wrong)).isEqualTo("FORBIDDEN");
        assertThat(json(wrong).path("rule").asString()).contains("teller").contains("admin");
        assertThat(host.send(host.as(Role.OPERATOR, COUNT)).statusCode()).isEqualTo(403);
        assertThat(host.send(host.as(Role.ADMIN, COUNT)).statusCode()).isEqualTo(200);
        assertThat(host.send(host.as(Role.TELLER, COUNT).HEAD()).statusCode()).isEqualTo(200);
    }

    @Test
    void aControllerThatNoRouteNamesIsOutOfReach() throws Exception {
        assertThat(host.send(host.as(Role.TELLER, "/parrot/unnamed")).statusCode())
                .isEqualTo(404);
        assertThat(host.send(host.as(Role.ADMIN, "/parrot/unnamed")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void theIssuersKeyIsPublishedAndItsSecretHalfIsNot() throws Exception {
        HttpResponse<String> answer = host.send(host.request("/.well-known/jwks.json"));
        JsonNode key = json(answer).path("keys").get(0);
        assertThat(key.path("crv").asString()).isEqualTo("P-256");
        assertThat(key.has("d")).isFalse();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("issuer.jwk"))))
                .isEqualTo("rw-------");
        assertThat(LocalIssuer.open(folder).publicKeys().toString())
                .isEqualTo(host.issuer.publicKeys().toString());
    }

    @Test
    void healthReadyAndMetricsNeedNoToken() throws Exception {
        assertThat(json(host.send(host.request("/health"))).path("status").asString())
                .isEqualTo("up");
        HttpResponse<String> ready = host.send(host.request("/ready"));
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(json(ready).path("components").get(0).path("name").asString())
                .isEqualTo("parrot");
        HttpResponse<String> metrics = host.send(host.request("/metrics"));
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).contains("jvm_memory_used_bytes").contains("http_server_requests_seconds_count");
        assertThat(host.send(host.request("/metrics").header("X-Forwarded-For", "203.0.113.9"))
                        .statusCode())
                .as("forwarded by a proxy on this machine")
                .isEqualTo(401);
        assertThat(host.send(host.as(Role.AUDITOR, "/metrics").header("X-Forwarded-For", "203.0.113.9"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLoginLinkWorksOnceAndMakesASession() throws Exception {
        try (HttpClient browser = browser()) {
            RunningHost tab = host;
            String link = tab.links.link(tab.host.url(), "alice", Set.of(Role.TELLER));
            String path = link.substring(tab.host.url().length());
            HttpResponse<String> welcome = tab.send(tab.request(path), browser);
            assertThat(welcome.statusCode()).isEqualTo(200);
            assertThat(welcome.body()).contains("url=/console");
            assertThat(welcome.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie)
                            .contains("HttpOnly")
                            .contains("SameSite=Strict")
                            .contains("Path=/console"));
            assertThat(welcome.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
            assertThat(tab.send(tab.request("/console"), browser).body()).isEqualTo("in");
            HttpResponse<String> forged = tab.send(tab.request("/console/say").POST(BodyPublishers.noBody()), browser);
            assertThat(forged.statusCode()).as("no CSRF token").isNotEqualTo(200);
            assertThat(forged.body()).doesNotContain("said");
            assertThat(tab.send(tab.request(COUNT), browser).statusCode())
                    .as("a session is no key to the APIs")
                    .isEqualTo(401);

            try (HttpClient other = browser()) {
                HttpResponse<String> again = tab.send(tab.request(path), other);
                assertThat(again.headers().firstValue("Location"))
                        .hasValueSatisfying(where -> assertThat(where).endsWith("/console/login?error"));
                HttpResponse<String> stranger = tab.send(tab.request("/console"), other);
                assertThat(stranger.statusCode()).isEqualTo(302);
                assertThat(stranger.headers().firstValue("Location"))
                        .hasValueSatisfying(where -> assertThat(where).endsWith("/console/login"));
                HttpResponse<String> htmx = tab.send(tab.request("/console").header("HX-Request", "true"), other);
                assertThat(htmx.statusCode()).isEqualTo(401);
                assertThat(htmx.headers().firstValue("HX-Redirect")).hasValue("/console/login");
            }
        }
        assertThat(host.send(host.as(Role.TELLER, "/console")).statusCode())
                .as("a token is no key to the console")
                .isEqualTo(302);
    }

    private static HttpClient browser() {
        return HttpClient.newBuilder()
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build();
    }

    @Test
    void eachCallerHasItsOwnRate(@TempDir Path other) throws Exception {
        HttpLimits few = new HttpLimits(1 << 16, Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, 3, 2);
        try (RunningHost slow = RunningHost.start(
                other, RunningHost.settings(few, TokenPolicy.LOCAL), Telemetry.create("test", null))) {
            String token = slow.token(Role.TELLER);
            HttpResponse<String> last = null;
            for (int i = 0; i < 5; i++) {
                last = slow.send(slow.request(COUNT).header("Authorization", "Bearer " + token));
            }
            assertThat(last).isNotNull();
            assertThat(last.statusCode()).isEqualTo(429);
            assertThat(code(last)).isEqualTo("RATE_LIMITED");
            assertThat(last.headers().firstValue("Retry-After"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
            for (int i = 0; i < 6; i++) {
                last = slow.send(slow.request(COUNT).header("Authorization", "Bearer guess" + i));
            }
            assertThat(last.statusCode()).as("guessing tokens").isEqualTo(429);
        }
    }

    @Test
    void aDoorThatKnowsItsCallersHoldsUpNobodyButStrangers(@TempDir Path other) throws Exception {
        HttpLimits few = new HttpLimits(1 << 16, Map.of(), Duration.ofSeconds(5), Duration.ofSeconds(5), 1, 3, 1);
        try (RunningHost slow = RunningHost.start(
                other, RunningHost.settings(few, TokenPolicy.LOCAL), Telemetry.create("test", null))) {
            int status = 0;
            for (int i = 0; i < 20 && status != 429; i++) {
                status = slow.send(slow.request(COUNT)).statusCode();
            }
            assertThat(status).as("anonymous elsewhere").isEqualTo(429);
            for (int i = 0; i < 20; i++) {
                assertThat(atDoor(slow, "cracker")).isEqualTo(200);
            }
            status = atDoor(slow, "guess");
            assertThat(status).isEqualTo(401);
            for (int i = 0; i < 20 && status != 429; i++) {
                status = atDoor(slow, "guess" + i);
            }
            assertThat(status).as("guessing words").isEqualTo(429);
        }
    }

    private static int atDoor(RunningHost host, String word) throws Exception {
        return host.send(
                        host.request("/parrot/door").header("Parrot-Word", word).POST(BodyPublishers.noBody()))
                .statusCode();
    }
}
