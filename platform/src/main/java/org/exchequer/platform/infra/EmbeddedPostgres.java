package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;

/**
 * A real, durable PostgreSQL as a child process, kept alive while this process lives.
 *
 * <p>Its directory holds {@code data} (the cluster), {@code password} (of its superuser, mode 0600), {@code port},
 * {@code server.log}, {@code defaults.conf} (written at every start) and {@code exchequer.conf} (the user's own
 * settings, which win). It listens on loopback only. Nothing is lost when it is killed: on the next start it recovers
 * what was committed from its log, and what still ran from an earlier life is stopped first.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final String DATABASE = "exchequer";

    private final DatabaseAddress address;
    private final Supervisor supervisor;

    private EmbeddedPostgres(DatabaseAddress address, Supervisor supervisor) {
        this.address = address;
        this.supervisor = supervisor;
    }

    /**
     * Starts it, making the cluster on first use, and waits until it answers.
     *
     * @param directory the cluster's home; must be the caller's alone (see {@link DataDirectory})
     * @param walArchive where its write-ahead log is kept once there is a backup that needs it; made if need be
     * @param progress told in one line whatever takes longer than two seconds, and every restart
     * @throws InfrastructureException when it does not come up; the message says where to look
     */
    public static EmbeddedPostgres start(Path directory, Path walArchive, Ticker ticker, Consumer<String> progress) {
        return start(directory, walArchive, Unprivileged.forUs(), ticker, progress);
    }

    /** The same, with the archive in the folder {@code wal-archive} of the directory. */
    public static EmbeddedPostgres start(Path directory, Ticker ticker, Consumer<String> progress) {
        return start(directory, Unprivileged.forUs(), ticker, progress);
    }

    /** As {@link #start(Path, Ticker, Consumer)}, in the first of these ways that works. */
    static EmbeddedPostgres start(Path directory, List<Unprivileged> ways, Ticker ticker, Consumer<String> progress) {
        return start(directory, directory.resolve("wal-archive"), ways, ticker, progress);
    }

    private static EmbeddedPostgres start(
            Path directory, Path walArchive, List<Unprivileged> ways, Ticker ticker, Consumer<String> progress) {
        try {
            PostgresServer server = PostgresServer.prepare(Folders.make(directory), walArchive, ways, progress);
            Supervisor supervisor = Supervisor.start(server, ticker, progress);
            try {
                supervisor.awaitRunning();
                DatabaseAddress address = server.keepAddress().withDatabase(DATABASE);
                createDatabase(server.keepAddress());
                return new EmbeddedPostgres(address, supervisor);
            } catch (SQLException | InterruptedException | RuntimeException e) {
                supervisor.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new InfrastructureException("PostgreSQL cannot be started in " + directory + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InfrastructureException("interrupted while PostgreSQL was starting", e);
        }
    }

    /**
     * The database of a server that another part of the program, or another process, runs in this directory, as
     * superuser; empty when none was ever started there. Whether it runs now, connecting tells.
     *
     * @throws java.io.UncheckedIOException when the password cannot be read
     */
    public static Optional<DatabaseAddress> addressIn(Path directory) {
        Optional<String> port = SmallFiles.read(directory.resolve("port"));
        Optional<String> password = SmallFiles.read(directory.resolve("password"));
        return port.isEmpty() || password.isEmpty()
                ? Optional.empty()
                : Optional.of(new DatabaseAddress(
                        "jdbc:postgresql://127.0.0.1:" + port.get() + "/" + DATABASE,
                        PostgresServer.SUPERUSER,
                        password.get()));
    }

    /** The database {@code exchequer} as superuser; the same until the data directory is deleted. */
    public DatabaseAddress address() {
        return address;
    }

    public ProcessState state() {
        return supervisor.state();
    }

    /**
     * Waits until it answers again after a death. Returns false when it does not within the time or has failed for
     * good.
     */
    public boolean awaitRunning(Duration timeout) throws InterruptedException {
        return supervisor.awaitRunning(timeout);
    }

    /** Process id of the postmaster now, or of the last one when it is down. */
    public long pid() {
        return supervisor.pid();
    }

    /**
     * Stops it without writing out what is in memory (immediate shutdown). Nothing committed is lost: the next start
     * recovers it from the log, and takes longer. Safe to call twice.
     */
    public void closeAtOnce() {
        supervisor.close(true);
    }

    /** Stops it cleanly (fast shutdown). Safe to call twice. */
    @Override
    public void close() {
        supervisor.close();
    }

    private static void createDatabase(DatabaseAddress server) throws SQLException {
        try (Connection connection = PostgresServer.connect(server);
                Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE " + DATABASE);
        }
    }
}
