package org.exchequer.platform.testing;

import java.nio.file.Path;
import java.time.Duration;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.EmbeddedPostgres;

/** A PostgreSQL cluster of one test's own, for breaking. */
public final class PrivatePostgres implements AutoCloseable {
    private static final Duration LONGEST_START = Duration.ofSeconds(60);

    private final Path folder;
    private EmbeddedPostgres postgres;

    PrivatePostgres() {
        this(TestFolders.create("postgres"));
    }

    private PrivatePostgres(Path folder) {
        this.folder = folder;
        this.postgres = begin();
    }

    /** A cluster in an empty folder of the caller's choice, e.g. on a small file system. */
    public static PrivatePostgres in(Path folder) {
        return new PrivatePostgres(folder);
    }

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

    /** Waits until it answers, also after a {@link #kill}. */
    public void awaitRunning() {
        try {
            if (!postgres.awaitRunning(LONGEST_START)) {
                throw new IllegalStateException("PostgreSQL is " + postgres.state());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
        }
    }

    /** Clean stop. Nothing answers until {@link #start}. */
    public void stop() {
        postgres.close();
    }

    /** Starts it again after a {@link #stop}, and waits until it answers. */
    public void start() {
        postgres = begin();
    }

    /** Stops it and deletes its files. */
    @Override
    public void close() {
        // Its files go next: writing them out first would be time for nothing.
        postgres.closeAtOnce();
        TestFolders.delete(folder);
    }

    private EmbeddedPostgres begin() {
        return EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
    }
}
