package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;

/**
 * A real Kafka broker in KRaft mode (broker and controller in one) as a child process, kept alive while this process
 * lives.
 *
 * <p>It has a class path of its own: the folder in the system property {@code exchequer.kafka.lib}, or in the
 * environment variable {@code EXCHEQUER_KAFKA_LIB}. Its directory holds {@code data}, {@code port},
 * {@code controller-port}, {@code broker.log}, {@code server.properties} (written at every start) and
 * {@code exchequer.properties} (the user's own settings, which win). It listens on loopback only.
 *
 * <p>What it acknowledges is on disk (fsync per batch), since there is no replica to have it again from: publishers
 * record what was acknowledged and never send it again. Neither a kill nor a power cut takes any of it.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final String bootstrapServers;
    private final Supervisor supervisor;

    private EmbeddedKafka(String bootstrapServers, Supervisor supervisor) {
        this.bootstrapServers = bootstrapServers;
        this.supervisor = supervisor;
    }

    /**
     * Chooses its address; it starts at {@link #launch}, so that what matters more may start first.
     *
     * @param directory the broker's home; must be the caller's alone (see {@link DataDirectory})
     * @param progress told in one line whatever takes longer than two seconds, and every restart
     * @throws InfrastructureException when its class path is missing or its directory cannot be used
     */
    public static EmbeddedKafka prepare(Path directory, Ticker ticker, Consumer<String> progress) {
        try {
            KafkaServer server = KafkaServer.prepare(Folders.make(directory), progress);
            return new EmbeddedKafka(server.bootstrapServers(), Supervisor.of(server, ticker, progress));
        } catch (IOException e) {
            throw new InfrastructureException("Kafka cannot be started in " + directory + ": " + e, e);
        }
    }

    /** Starts it in the background and returns at once; its address is known already. See {@link #prepare}. */
    public static EmbeddedKafka start(Path directory, Ticker ticker, Consumer<String> progress) {
        EmbeddedKafka kafka = prepare(directory, ticker, progress);
        kafka.launch();
        return kafka;
    }

    /** Starts it in the background, once. */
    public void launch() {
        supervisor.launch();
    }

    /** {@code 127.0.0.1:port}; the same over restarts while the port is free. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    public ProcessState state() {
        return supervisor.state();
    }

    /** Waits until it answers. Returns false when it does not within the time or has failed for good. */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return supervisor.awaitRunning(timeout);
    }

    /** Process id of the broker now, or of the last one when it is down; 0 before the first. */
    public long pid() {
        return supervisor.pid();
    }

    /** Kills it. Nothing acknowledged is lost; the next start takes longer. Safe to call twice. */
    public void closeAtOnce() {
        supervisor.close(true);
    }

    /** Stops it cleanly. Safe to call twice. */
    @Override
    public void close() {
        supervisor.close();
    }
}
