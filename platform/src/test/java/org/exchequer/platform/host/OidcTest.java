package org.exchequer.platform.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An OpenID Connect issuer's tokens in place of our own: a real issuer over HTTP, as small as one can be. */
class OidcTest {
    private static final String COUNT = "/parrot/count/1?times=1";

    private final AtomicBoolean up = new AtomicBoolean();

    private HttpServer issuer(RSAKey key) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/realm";
        answer(server, "/realm/.well-known/openid-configuration", """
                {"issuer":"URL","jwks_uri":"URL/keys","subject_types_supported":["public"],
                 "authorization_endpoint":"URL/auth","response_types_supported":["code"],
                 "id_token_signing_alg_values_supported":["RS256"]}""".replace("URL", url));
        answer(server, "/realm/keys", new JWKSet(key.toPublicJWK()).toString());
        return server;
    }

    private void answer(HttpServer server, String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            if (!up.get()) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    private static String token(RSAKey key, String issuer, String audience, List<String> roles) throws Exception {
        Instant now = Clock.systemUTC().instant();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(issuer)
                        .audience(List.of("account", audience))
                        .subject("service-account")
                        .claim("realm_access", Map.of("roles", roles))
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plusSeconds(300)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    @Test
    void anIssuersTokensAreTakenInsteadOfOurs(@TempDir Path folder) throws Exception {
        RSAKey key = new RSAKeyGenerator(2048).keyID("k1").generate();
        HttpServer issuer = issuer(key);
        issuer.start();
        String url = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/realm";
        TokenPolicy policy = new TokenPolicy(url, "exchequer", "realm_access.roles");
        try (RunningHost host = RunningHost.start(
                folder, RunningHost.settings(RunningHost.LIMITS, policy), Telemetry.create("test", null))) {
            // Broken when the program starts: the first token finds that out, and a later one that it is mended.
            HttpResponse<String> early = with(host, token(key, url, "exchequer", List.of("teller")));
            assertThat(early.statusCode()).as(early.body()).isEqualTo(503);
            assertThat(RunningHost.code(early)).isEqualTo("NOT_READY");
            up.set(true);
            assertThat(with(host, token(key, url, "exchequer", List.of("teller")))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(with(host, token(key, url, "exchequer", List.of("operator", "offline_access")))
                            .statusCode())
                    .isEqualTo(403);
            assertThat(with(host, token(key, url, "other", List.of("teller"))).statusCode())
                    .isEqualTo(401);
            assertThat(with(host, token(key, "http://evil.example", "exchequer", List.of("teller")))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(with(host, host.token(Role.TELLER)).statusCode())
                    .as("the local issuer's")
                    .isEqualTo(401);
        } finally {
            issuer.stop(0);
        }
    }

    private static HttpResponse<String> with(RunningHost host, String token) throws Exception {
        return host.send(host.request(COUNT).header("Authorization", "Bearer " + token));
    }
}
