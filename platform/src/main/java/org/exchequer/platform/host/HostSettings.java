package org.exchequer.platform.host;

import java.net.URI;
import java.nio.file.Path;
import org.exchequer.platform.security.TokenPolicy;
import org.exchequer.platform.web.HttpLimits;
import org.jspecify.annotations.Nullable;

/**
 * How one process is reached.
 *
 * @param address local address to listen on, e.g. {@code 127.0.0.1}
 * @param port TCP port, 0 for any free one
 * @param tls certificate and key, or null for plain HTTP
 * @param limits what requests and callers may take
 * @param policy whose tokens are taken
 * @param metricsOpen whether {@code /metrics} answers callers on this machine without a token. On by default so that a
 *     Prometheus beside the program works; metrics hold counts and times, no names and no amounts of customers
 * @param version of the program, for {@code /health}
 */
public record HostSettings(
        String address,
        int port,
        @Nullable Tls tls,
        HttpLimits limits,
        TokenPolicy policy,
        boolean metricsOpen,
        String version) {
    /**
     * Server identity in PEM files; only TLS 1.3 is spoken.
     *
     * @param certificate the certificate, followed by its intermediates
     * @param key its unencrypted private key (PKCS #8)
     */
    public record Tls(Path certificate, Path key) {}

    /** Where the process is reached when it listens on {@link #port}, e.g. {@code http://127.0.0.1:7070}. */
    public String url() {
        return url(port);
    }

    /** Whether {@link #url} leads back to the machine that asks. */
    public boolean isLoopback() {
        String host = URI.create(url()).getHost();
        return host.equals("localhost") || host.equals("[::1]") || host.startsWith("127.");
    }

    /** The same for another port that it listens on. */
    public String url(int listening) {
        boolean wildcard = address.equals("0.0.0.0") || address.equals("::");
        String host = wildcard ? "127.0.0.1" : address.contains(":") ? "[" + address + "]" : address;
        return (tls == null ? "http" : "https") + "://" + host + ":" + listening;
    }

    /** On this machine only, any free port, plain HTTP, the local issuer's tokens. */
    public static HostSettings local(String version) {
        return new HostSettings("127.0.0.1", 0, null, HttpLimits.DEFAULT, TokenPolicy.LOCAL, true, version);
    }
}
