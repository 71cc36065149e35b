package org.exchequer.lab.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedKafka;

/**
 * The run's Kafka. Clients of Kafka connect to the address that the broker tells them, so it has a listener for every
 * node and tells each the address of that node's proxy.
 */
public final class Kafka implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1:";

    private final EmbeddedKafka broker;

    private Kafka(EmbeddedKafka broker) {
        this.broker = broker;
    }

    /**
     * Starts it in the background.
     *
     * @param listeners its ports, one for each node
     * @param advertised the port that the node of this index is to be told
     */
    static Kafka start(
            Path folder,
            List<Integer> listeners,
            int controllerPort,
            IntFunction<Integer> advertised,
            Ticker ticker,
            Consumer<String> progress)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("controller-port"), Integer.toString(controllerPort));
        EmbeddedKafka broker = EmbeddedKafka.prepare(folder, ticker, progress);
        StringBuilder open = new StringBuilder("listeners=PLAINTEXT://" + broker.bootstrapServers());
        StringBuilder told = new StringBuilder("advertised.listeners=PLAINTEXT://" + broker.bootstrapServers());
        StringBuilder protocols = new StringBuilder("listener.security.protocol.map=PLAINTEXT:PLAINTEXT");
        for (int node = 0; node < listeners.size(); node++) {
            String name = "NODE" + (node + 1);
            open.append(",%s://%s%d".formatted(name, LOOPBACK, listeners.get(node)));
            told.append(",%s://%s%d".formatted(name, LOOPBACK, advertised.apply(node)));
            protocols.append(",%s:PLAINTEXT".formatted(name));
        }
        open.append(",CONTROLLER://" + LOOPBACK).append(controllerPort);
        protocols.append(",CONTROLLER:PLAINTEXT");
        Files.writeString(folder.resolve("exchequer.properties"), open + "\n" + told + "\n" + protocols + "\n");
        broker.launch();
        return new Kafka(broker);
    }

    /** Where the lab itself reaches it, past all proxies. */
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    /** Process id of the broker. */
    public long pid() {
        return broker.pid();
    }

    public boolean awaitRunning(Duration most) throws InterruptedException {
        return broker.awaitRunning(most);
    }

    /** SIGKILL; its supervisor starts it again at once. */
    public void kill() throws IOException, InterruptedException {
        Shell.signal("KILL", List.of(pid()));
    }

    /** SIGSTOP. */
    public void pause() throws IOException, InterruptedException {
        Shell.signal("STOP", List.of(pid()));
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Shell.signal("CONT", List.of(pid()));
    }

    @Override
    public void close() throws IOException {
        try {
            // What is stopped cannot end in order.
            resume();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        broker.closeAtOnce();
    }
}
