package org.exchequer.platform.testing;

import org.exchequer.platform.db.DatabaseAddress;

/** A PostgreSQL cluster of one test's own, for breaking. */
public final class PrivatePostgres implements AutoCloseable {
    PrivatePostgres() {}

    /** Superuser address of its database; the same over restarts. */
    public DatabaseAddress address() {
        throw new UnsupportedOperationException("not yet");
    }

    /** {@code kill -9} of the postmaster; its supervisor starts it again within a second or two. */
    public void kill() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Waits until it answers after a {@link #kill}. */
    public void awaitRunning() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Clean stop and start on the same directory and, where free, the same port. */
    public void restart() {
        throw new UnsupportedOperationException("not yet");
    }

    /** Stops it and deletes its files. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("not yet");
    }
}
