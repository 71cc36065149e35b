package org.exchequer.platform.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.platform.host.RunningHost.json;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.grpc.GrpcHost;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.LocalIssuer;
import org.exchequer.platform.security.LoginLinks;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.telemetry.Telemetry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trace context through HTTP, and TLS with a certificate made for the test. */
class TracingAndTlsTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Test
    void aCallersTraceGoesOn(@TempDir Path folder) throws Exception {
        try (InMemorySpanExporter spans = InMemorySpanExporter.create();
                RunningHost host = RunningHost.start(
                        folder,
                        RunningHost.settings(RunningHost.LIMITS, TokenPolicy.LOCAL),
                        Telemetry.exportingTo("test", spans))) {
            HttpResponse<String> answer = host.send(host.as(Role.TELLER, "/parrot/count/x?times=1")
                    .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01"));
            assertThat(json(answer).path("traceId").asString()).isEqualTo(TRACE);
            // A span ends after its answer was sent; a stopped host has none left.
            host.host.close();
            host.flushSpans();
            assertThat(spans.getFinishedSpanItems())
                    .anySatisfy(span -> assertThat(span.getTraceId()).isEqualTo(TRACE));
        }
    }

    @Test
    void tlsIsSpokenInItsNewestVersionOnly(@TempDir Path folder) throws Exception {
        Path keystore = folder.resolve("tls.p12");
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        makeCertificate(keystore, certificate, key);
        HostSettings plain = RunningHost.settings(RunningHost.LIMITS, TokenPolicy.LOCAL);
        HostSettings settings = new HostSettings(
                "127.0.0.1", 0, new HostSettings.Tls(certificate, key), plain.limits(), plain.policy(), true, "test");
        SSLContext trusting = trusting(certificate);
        SSLParameters old = new SSLParameters();
        old.setProtocols(new String[] {"TLSv1.2"});
        try (HttpClient client = HttpClient.newBuilder().sslContext(trusting).build();
                HttpClient outdated = HttpClient.newBuilder()
                        .sslContext(trusting)
                        .sslParameters(old)
                        .build();
                RunningHost host = RunningHost.start(folder, settings, Telemetry.create("test", null))) {
            assertThat(host.host.url()).startsWith("https://");
            HttpResponse<String> health = host.send(host.request("/health"), client);
            assertThat(health.statusCode()).isEqualTo(200);
            assertThat(health.sslSession())
                    .hasValueSatisfying(
                            session -> assertThat(session.getProtocol()).isEqualTo("TLSv1.3"));
            assertThat(health.headers().firstValue("Strict-Transport-Security")).isPresent();
            String link = host.links.link(host.host.url(), "alice", Set.of(Role.TELLER));
            HttpResponse<String> login =
                    host.send(host.request(link.substring(host.host.url().length())), client);
            assertThat(login.headers().firstValue("Set-Cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).contains("Secure"));
            assertThatThrownBy(() -> host.send(host.request("/health"), outdated))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void grpcSpeaksTheSame(@TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("tls.crt");
        Path key = folder.resolve("tls.key");
        makeCertificate(folder.resolve("tls.p12"), certificate, key);
        HostSettings plain = RunningHost.settings(RunningHost.LIMITS, TokenPolicy.LOCAL);
        HostSettings settings = new HostSettings(
                "127.0.0.1", 0, new HostSettings.Tls(certificate, key), plain.limits(), plain.policy(), true, "test");
        Clock clock = Clock.systemUTC();
        Telemetry telemetry = Telemetry.create("test", null);
        HostParts parts = new HostParts(
                clock,
                Ticker.system(),
                telemetry,
                LocalIssuer.open(folder),
                new LoginLinks(Files.createDirectory(folder.resolve("links")), clock),
                null);
        try (telemetry;
                GrpcHost host = GrpcHost.start(settings, 0, parts, List.of(), () -> true)) {
            assertThat(host.url()).isEqualTo("https://127.0.0.1:" + host.port());
            assertThat(health(host.port(), certificate, "TLSv1.3")).isEqualTo("SERVING");
            assertThat(health(host.port(), certificate, "TLSv1.2")).isEqualTo("UNAVAILABLE");
        }
    }

    private static String health(int port, Path certificate, String protocol) throws Exception {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                .sslContext(GrpcSslContexts.configure(GrpcSslContexts.forClient(), SslProvider.JDK)
                        .trustManager(certificate.toFile())
                        .protocols(protocol)
                        .build())
                .build();
        try {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.getDefaultInstance())
                    .getStatus()
                    .name();
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode().name();
        } finally {
            channel.shutdownNow();
        }
    }

    /** By the JDK's own tool; its key comes out of the key store, since keytool exports certificates only. */
    private static void makeCertificate(Path keystore, Path certificate, Path key) throws Exception {
        run(
                "-genkeypair",
                "-keystore",
                keystore.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "tls",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "2");
        run(
                "-exportcert",
                "-rfc",
                "-keystore",
                keystore.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "tls",
                "-file",
                certificate.toString());
        KeyStore store = KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray());
        byte[] der = store.getKey("tls", "changeit".toCharArray()).getEncoded();
        String body = Base64.getMimeEncoder().encodeToString(der);
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    }

    private static void run(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).as(output).isZero();
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "test", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
