package org.exchequer.platform.infra;

import java.nio.file.Path;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;

/** A real, durable PostgreSQL as a child process, kept alive while this process lives. */
public final class EmbeddedPostgres implements AutoCloseable {
    private EmbeddedPostgres() {}

    /**
     * Starts it, making the cluster on first use, and waits until it answers.
     *
     * @param directory the cluster's home; must be the caller's alone (see {@link DataDirectory})
     * @param progress told in one line whatever takes longer than two seconds, and every restart
     */
    public static EmbeddedPostgres start(Path directory, Ticker ticker, Consumer<String> progress) {
        throw new UnsupportedOperationException("not yet");
    }

    /** The database {@code exchequer} as superuser; the same until the data directory is deleted. */
    public DatabaseAddress address() {
        throw new UnsupportedOperationException("not yet");
    }

    public ProcessState state() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Process id of the postmaster now, or of the last one when it is down. */
    public long pid() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Stops it cleanly (fast shutdown). Safe to call twice. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
