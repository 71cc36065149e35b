package org.exchequer.platform.infra;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;

/** A real Kafka broker in KRaft mode as a child process, kept alive while this process lives. */
public final class EmbeddedKafka implements AutoCloseable {
    private EmbeddedKafka() {}

    /**
     * Starts it in the background and returns at once; its address is known already.
     *
     * @param directory the broker's home; must be the caller's alone (see {@link DataDirectory})
     * @param progress told in one line whatever takes longer than two seconds, and every restart
     */
    public static EmbeddedKafka start(Path directory, Ticker ticker, Consumer<String> progress) {
        throw new UnsupportedOperationException("not yet");
    }

    /** {@code 127.0.0.1:port}; the same over restarts while the port is free. */
    public String bootstrapServers() {
        throw new UnsupportedOperationException("not yet");
    }

    public ProcessState state() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Waits until it answers. Returns false when it does not within the time or has failed for good. */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        throw new UnsupportedOperationException("not yet");
    }

    /** Process id of the broker now, or of the last one when it is down. */
    public long pid() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Stops it cleanly. Safe to call twice. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
