package org.exchequer.platform.infra;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;

/**
 * A real Redis as a child process, kept alive while this process lives. A cache: it keeps nothing on disk, and at most
 * 64 MiB, of which it forgets first what was used longest ago.
 *
 * <p>Its directory holds {@code password} (mode 0600), {@code port}, {@code server.log}, {@code redis.conf} (written at
 * every start) and {@code exchequer.conf} (the user's own settings, which win). It listens on loopback only.
 */
public final class EmbeddedRedis implements AutoCloseable {
    private final URI url;
    private final Supervisor supervisor;

    private EmbeddedRedis(URI url, Supervisor supervisor) {
        this.url = url;
        this.supervisor = supervisor;
    }

    /**
     * Starts it in the background and returns at once; its address is known already.
     *
     * @param directory its home; must be the caller's alone (see {@link DataDirectory})
     * @param progress told in one line whatever takes longer than two seconds, every restart, and why there is none
     * @return empty where this machine has none that runs
     * @throws InfrastructureException when its directory cannot be used
     */
    public static Optional<EmbeddedRedis> start(Path directory, Ticker ticker, Consumer<String> progress) {
        try {
            return RedisServer.prepare(Folders.make(directory), progress)
                    .map(server -> new EmbeddedRedis(server.url(), Supervisor.start(server, ticker, progress)));
        } catch (IOException e) {
            throw new InfrastructureException("Redis cannot be started in " + directory + ": " + e, e);
        }
    }

    /** {@code redis://:password@127.0.0.1:port}; the same over restarts while the port is free. */
    public URI url() {
        return url;
    }

    public ProcessState state() {
        return supervisor.state();
    }

    /** Waits until it answers. Returns false when it does not within the time or has failed for good. */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return supervisor.awaitRunning(timeout);
    }

    /** Process id of the server now, or of the last one when it is down; 0 before the first. */
    public long pid() {
        return supervisor.pid();
    }

    /** Stops it. Safe to call twice. */
    @Override
    public void close() {
        supervisor.close();
    }
}
