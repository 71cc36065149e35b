package org.exchequer.platform.module;

import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;

/**
 * What every system is given. Everything that is not pure comes in through here.
 *
 * @param clock wall time, for booking times
 * @param ticker monotonic time, for deadlines
 * @param faults named fault points
 * @param meters metrics
 * @param telemetry traces
 * @param node identity of this process's data directory, stable over restarts
 * @param baseUrl where other nodes reach this one over gRPC, e.g. {@code http://127.0.0.1:7071}; {@code https} for TLS
 * @param database the database all systems share, as a role that may create roles and schemas
 * @param kafkaBootstrapServers {@code host:port}, comma-separated; need not answer yet
 * @param files this process's data directory, for what a system keeps in files; empty where it keeps none
 * @param redis {@code redis://} or {@code rediss://} with its password: a cache, which need not answer; empty for none
 */
public record Foundation(
        Clock clock,
        Ticker ticker,
        Faults faults,
        MeterRegistry meters,
        OpenTelemetry telemetry,
        String node,
        String baseUrl,
        DatabaseAddress database,
        String kafkaBootstrapServers,
        Optional<Path> files,
        Optional<URI> redis) {
    /** For a process that keeps no files. */
    public Foundation(
            Clock clock,
            Ticker ticker,
            Faults faults,
            MeterRegistry meters,
            OpenTelemetry telemetry,
            String node,
            String baseUrl,
            DatabaseAddress database,
            String kafkaBootstrapServers) {
        this(
                clock,
                ticker,
                faults,
                meters,
                telemetry,
                node,
                baseUrl,
                database,
                kafkaBootstrapServers,
                Optional.empty());
    }

    /** Without Redis. */
    public Foundation(
            Clock clock,
            Ticker ticker,
            Faults faults,
            MeterRegistry meters,
            OpenTelemetry telemetry,
            String node,
            String baseUrl,
            DatabaseAddress database,
            String kafkaBootstrapServers,
            Optional<Path> files) {
        this(
                clock,
                ticker,
                faults,
                meters,
                telemetry,
                node,
                baseUrl,
                database,
                kafkaBootstrapServers,
                files,
                Optional.empty());
    }
}
