package org.exchequer.platform.testing;

import java.nio.file.Path;
import java.time.Duration;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.infra.EmbeddedKafka;

/** A Kafka broker of one test's own, for breaking. It may not answer yet: see {@link #awaitRunning}. */
public final class PrivateKafka implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(120);

    private final Path folder = TestFolders.create("kafka");
    private EmbeddedKafka kafka = begin();

    PrivateKafka() {}

    /** The same over kills, and over restarts while its port is free. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** {@code kill -9}; its supervisor starts it again. */
    public void kill() {
        ProcessHandle broker = ProcessHandle.of(kafka.pid()).orElseThrow();
        broker.destroyForcibly();
        broker.onExit().join();
    }

    /** Waits until it answers, also after a {@link #kill}. */
    public void awaitRunning() {
        try {
            if (!kafka.awaitRunning(LONGEST_START)) {
                throw new IllegalStateException("Kafka is " + kafka.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka was starting", e);
        }
    }

    /** Clean stop. Nothing answers until {@link #start}. */
    public void stop() {
        kafka.close();
    }

    /** Starts it again after a {@link #stop}, in the background. */
    public void start() {
        kafka = begin();
    }

    /** Stops it and deletes its files. */
    @Override
    public void close() {
        // Its files go next: writing them out first would be time for nothing.
        kafka.closeAtOnce();
        TestFolders.delete(folder);
    }

    private EmbeddedKafka begin() {
        return EmbeddedKafka.start(folder, Ticker.system(), System.out::println);
    }
}
