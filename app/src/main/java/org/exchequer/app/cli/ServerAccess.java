package org.exchequer.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.exchequer.app.RuntimeFile;
import org.jspecify.annotations.Nullable;

/** How a command reaches the running program over HTTP. */
public final class ServerAccess {
    private static final Duration CONNECT = Duration.ofSeconds(5);

    private ServerAccess() {}

    /** A client that trusts the certificate the program was started with; the machine's own trust for others. */
    public static HttpClient client(@Nullable RuntimeFile running) {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT);
        if (running != null && running.certificate() != null) {
            client.sslContext(trusting(Path.of(running.certificate())));
        }
        return client.build();
    }

    /** A path on the running program, e.g. {@code /ready}. */
    public static URI uri(RuntimeFile running, String path) {
        return URI.create(running.url() + path);
    }

    private static SSLContext trusting(Path certificate) {
        try (InputStream in = Files.newInputStream(certificate)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("exchequer" + number, one);
                number++;
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new CommandFailure(
                    ExitCodes.CONFIG,
                    "the program's certificate cannot be read: " + certificate + ": " + e.getMessage());
        }
    }
}
