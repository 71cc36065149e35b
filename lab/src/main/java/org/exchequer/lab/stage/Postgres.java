package org.exchequer.lab.stage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.exchequer.kernel.Ticker;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.infra.ProcessState;

/** The run's PostgreSQL, to be killed, stopped and made slow. It is supervised: killed, it comes back at once. */
public final class Postgres implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Small, and with little log, so that a small disk holds it. Durability stays as the program sets it. */
    private static final String SETTINGS = """
            shared_buffers = 64MB
            max_wal_size = 64MB
            min_wal_size = 32MB
            max_connections = 120
            """;

    /** Each flush of the log waits this long: as long as PostgreSQL itself can be told to. */
    private static final int SLOW_FLUSH_MICROS = 100_000;

    private final Path folder;
    private final Ticker ticker;
    private final Consumer<String> progress;
    private EmbeddedPostgres server;

    private Postgres(Path folder, Ticker ticker, Consumer<String> progress, EmbeddedPostgres server) {
        this.folder = folder;
        this.ticker = ticker;
        this.progress = progress;
        this.server = server;
    }

    static Postgres start(Path folder, Ticker ticker, Consumer<String> progress) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("exchequer.conf"), SETTINGS);
        return new Postgres(folder, ticker, progress, EmbeddedPostgres.start(folder, ticker, progress));
    }

    /** The database, past all proxies, as superuser. */
    public synchronized DatabaseAddress address() {
        return server.address();
    }

    /** Process id of the postmaster. */
    public synchronized long pid() {
        return server.pid();
    }

    /** A connection past all proxies that never waits longer than this for an answer; the caller closes it. */
    public Connection connect(Duration patience) throws SQLException {
        DatabaseAddress address = address();
        Properties properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("ApplicationName", "exchequer/lab");
        properties.setProperty("connectTimeout", "2");
        Connection connection = DriverManager.getConnection(address.jdbcUrl(), properties);
        try {
            connection.setNetworkTimeout(Runnable::run, Math.toIntExact(patience.toMillis()));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** SIGKILL to the postmaster and every backend at once. */
    public void kill() throws IOException, InterruptedException {
        Shell.signal("KILL", processes());
    }

    /** SIGSTOP to all of it: connections stay open, and nothing answers. */
    public void pause() throws IOException, InterruptedException {
        Shell.signal("STOP", processes());
    }

    /** SIGCONT. */
    public void resume() throws IOException, InterruptedException {
        Shell.signal("CONT", processes());
    }

    private List<Long> processes() {
        List<Long> pids = new ArrayList<>();
        ProcessHandle.of(pid()).ifPresent(postmaster -> {
            pids.add(postmaster.pid());
            postmaster.descendants().forEach(backend -> pids.add(backend.pid()));
        });
        return pids;
    }

    /** Makes each flush of the write-ahead log wait 100 ms, as on a disk that is worn out or shared; or no longer. */
    public void slowDisk(boolean slow) throws SQLException {
        try (Connection connection = connect(Duration.ofSeconds(10));
                Statement statement = connection.createStatement()) {
            if (slow) {
                statement.execute("ALTER SYSTEM SET commit_delay = " + SLOW_FLUSH_MICROS);
                statement.execute("ALTER SYSTEM SET commit_siblings = 0");
            } else {
                statement.execute("ALTER SYSTEM RESET commit_delay");
                statement.execute("ALTER SYSTEM RESET commit_siblings");
            }
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Waits until it answers; starts it anew when its supervisor has given up, as it does on a full disk. */
    public void awaitRunning() throws InterruptedException {
        EmbeddedPostgres now;
        synchronized (this) {
            if (server.state() == ProcessState.FAILED) {
                server.close();
                server = EmbeddedPostgres.start(folder, ticker, progress);
            }
            now = server;
        }
        if (!now.awaitRunning(PATIENCE)) {
            throw new StageException("PostgreSQL does not come back; see " + folder.resolve("server.log"));
        }
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            // What is stopped cannot end in order.
            resume();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        server.closeAtOnce();
    }
}
