package org.exchequer.platform.testing;

import java.nio.file.Path;
import java.time.Duration;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.EmbeddedPostgres;

/** A PostgreSQL cluster of one test's own, for breaking. */
public final class PrivatePostgres implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Path folder = TestFolders.create("private-postgres");
    private EmbeddedPostgres postgres = start();

    PrivatePostgres() {}

    /** Superuser address of its database; the same over kills, and over restarts while its port is free. */
    public DatabaseAddress address() {
        return postgres.address();
    }

    /** {@code kill -9} of the postmaster; its supervisor starts it again within a second or two. */
    public void kill() {
        ProcessHandle postmaster = ProcessHandle.of(postgres.pid()).orElseThrow();
        postmaster.destroyForcibly();
        postmaster.onExit().join();
    }

    /** Waits until the one that follows a killed one answers. */
    public void awaitRunning() throws InterruptedException {
        if (!postgres.awaitRunning(LONGEST_START)) {
            throw new IllegalStateException("PostgreSQL is " + postgres.state());
        }
    }

    /** Clean stop and start on the same directory and, where free, the same port. */
    public void restart() {
        postgres.close();
        postgres = start();
    }

    /** Stops it and deletes its files. */
    @Override
    public void close() {
        postgres.close();
        TestFolders.delete(folder);
    }

    private EmbeddedPostgres start() {
        return EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
    }
}
