package org.exchequer.ledger.edge.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Connections to servers: made when first used, made again when they break, watched while something is under way. */
public final class Channels {
    private static final int CONNECT_MS = 1_000;
    /** A statement page of long lines, or a part of a report. */
    private static final int MAX_MESSAGE_BYTES = 64 << 20;

    private Channels() {}

    /**
     * A channel to one server.
     *
     * @param url {@code http://host:port}, or {@code https} for TLS 1.3
     * @param certificates PEM file of the certificates to trust with {@code https}; null for those the JDK trusts
     * @throws IllegalArgumentException when the URL is no such
     */
    public static ManagedChannel open(String url, @Nullable Path certificates) {
        URI uri = URI.create(url);
        boolean tls = "https".equals(uri.getScheme());
        if (uri.getHost() == null || uri.getPort() < 0 || (!tls && !"http".equals(uri.getScheme()))) {
            throw new IllegalArgumentException("must be http://host:port or https://host:port, not " + url);
        }
        String host = uri.getHost().replaceAll("^\\[|]$", "");
        NettyChannelBuilder builder = NettyChannelBuilder.forAddress(host, uri.getPort())
                .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MS)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                // A peer that is stopped, not dead, keeps its connections and answers nothing.
                .keepAliveTime(10, TimeUnit.SECONDS)
                .keepAliveTimeout(5, TimeUnit.SECONDS)
                .disableRetry();
        if (!tls) {
            return builder.usePlaintext().build();
        }
        try {
            var context = GrpcSslContexts.configure(GrpcSslContexts.forClient(), SslProvider.JDK)
                    .protocols("TLSv1.3");
            if (certificates != null) {
                context.trustManager(certificates.toFile());
            }
            return builder.sslContext(context.build()).build();
        } catch (IOException e) {
            throw new UncheckedIOException("no TLS with " + certificates, e);
        }
    }
}
