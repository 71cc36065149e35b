package org.exchequer.platform.infra;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import org.exchequer.platform.db.DatabaseAddress;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** The files and the command line of an embedded PostgreSQL cluster. */
final class PostgresServer implements Supervisor.Program {
    static final String SUPERUSER = "postgres";
    static final String MAINTENANCE_DATABASE = "postgres";
    private static final String WRONG_PASSWORD = "28P01";
    private static final int PASSWORD_BYTES = 24;
    private static final Duration LONGEST_INITDB = Duration.ofMinutes(5);
    private static final Duration ORPHAN_PATIENCE = Duration.ofSeconds(8);
    /** Of {@code postmaster.pid}, counted from 0. */
    private static final int STATUS_LINE = 7;

    /** Fast shutdown, immediate shutdown, kill. */
    private static final List<String> STOP = List.of("INT", "QUIT", "KILL");

    private static final String DEFAULTS = """
            # Written by Exchequer at every start. Your own settings go into exchequer.conf beside this file: they win.

            # Durability: what was acknowledged survives a power cut.
            fsync = on
            synchronous_commit = on
            full_page_writes = on

            # A laptop with some GiB to spare.
            max_connections = 200
            shared_buffers = 512MB
            effective_cache_size = 2GB
            work_mem = 16MB
            maintenance_work_mem = 128MB
            # Segments are written anew until a checkpoint lets old ones be used again, and that costs; and what a crash
            # leaves to be replayed is at most this.
            max_wal_size = 768MB
            min_wal_size = 768MB
            checkpoint_timeout = 15min
            autovacuum = on

            # Short statements by the thousand: compiling them costs more than it saves.
            jit = off

            # One client's statement takes one processor: the others are for other clients, and for those who ask them.
            max_parallel_workers_per_gather = 0

            # Clients on a machine that vanished are found out in about a minute.
            tcp_keepalives_idle = 30
            tcp_keepalives_interval = 10
            tcp_keepalives_count = 3

            timezone = 'UTC'
            log_timezone = 'UTC'
            log_line_prefix = '%m [%p] %q%a '
            log_min_messages = warning
            log_checkpoints = on

            # Statements and error details hold customers' data; clients are told them, the log is not.
            log_min_error_statement = panic
            log_error_verbosity = terse
            log_parameter_max_length_on_error = 0

            # The write-ahead log is kept from the first backup on: archive.conf, which the backup writes, says so.
            # Until then nothing needs it. archive_mode itself could not be switched on without a restart.
            archive_mode = on
            archive_command = 'true'
            basic_archive.archive_directory = '${walArchive}'
            include_if_exists = 'archive.conf'
            """;

    private static final String INCLUDES = """

            include = '../defaults.conf'
            include_if_exists = '../exchequer.conf'
            """;

    private static final String OWN_SETTINGS = """
            # Your own PostgreSQL settings; they win over defaults.conf and take effect at the next start.
            """;

    private final Path home;
    private final Path data;
    private final Path binaries;
    private final Unprivileged way;
    private final String password;
    private volatile int port;
    private volatile boolean portKept;

    private PostgresServer(Path home, Path binaries, Unprivileged way, String password) {
        this.home = home;
        this.data = home.resolve("data");
        this.binaries = binaries;
        this.way = way;
        this.password = password;
    }

    /** Unpacks the programs and makes the cluster where that has not been done yet. */
    static PostgresServer prepare(Path directory, Path walArchive, List<Unprivileged> ways, Consumer<String> progress)
            throws IOException, InterruptedException {
        Path home = directory.toRealPath();
        Path binaries = PostgresBinaries.unpacked(PostgresBinaries.cache(), progress);
        Unprivileged way = Unprivileged.choose(ways, binaries.resolve("bin/postgres"), home);
        if (way != Unprivileged.AS_WE_ARE) {
            progress.accept("PostgreSQL refuses to run as root: started by "
                    + way.prefix().getFirst());
        }
        PostgresServer server = new PostgresServer(home, binaries, way, password(home.resolve("password")));
        writeSettings(home, Folders.make(walArchive).toRealPath());
        way.own(home);
        server.initialise(progress);
        return server;
    }

    /** The maintenance database as superuser. From the first call on the port does not change any more. */
    DatabaseAddress keepAddress() {
        portKept = true;
        return address();
    }

    /** Opens a connection with short time limits; the caller closes it. */
    static Connection connect(DatabaseAddress address) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", address.user());
        properties.setProperty("password", address.password());
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty("ApplicationName", "exchequer/supervisor");
        @Nullable Connection connection = new Driver().connect(address.jdbcUrl(), properties);
        if (connection == null) {
            throw new SQLException("not a PostgreSQL address: " + address);
        }
        return connection;
    }

    @Override
    public String name() {
        return "PostgreSQL";
    }

    @Override
    public String log() {
        return logFile().toString();
    }

    @Override
    public ChildProcess launch() throws IOException, InterruptedException {
        endOrphans();
        removeForeignLock();
        if (!portKept) {
            port = Ports.recorded(home.resolve("port"));
        }
        LogFiles.rotate(logFile());
        List<String> command = command("postgres");
        command.addAll(List.of("-D", data.toString()));
        // On the command line nothing in a file can open the server to the network.
        command.addAll(List.of("-c", "port=" + port, "-c", "listen_addresses=127.0.0.1"));
        command.addAll(List.of("-c", "unix_socket_directories=", "-c", "hba_file=" + data.resolve("pg_hba.conf")));
        return ChildProcess.start(command, Map.of("LC_ALL", "C"), logFile(), STOP);
    }

    /**
     * Whether the server on this cluster says in its lock file that it takes connections, as pg_ctl asks it. While it
     * recovers, each connection would cost it a process, and the recovery time.
     */
    static boolean saysReady(Path data) {
        List<String> lines = SmallFiles.read(data.resolve("postmaster.pid"))
                .map(text -> text.lines().toList())
                .orElse(List.of());
        return lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
    }

    @Override
    public boolean answers() {
        if (!saysReady(data)) {
            return false;
        }
        try (Connection connection = connect(address())) {
            return connection.isValid(2);
        } catch (SQLException e) {
            if (WRONG_PASSWORD.equals(e.getSQLState())) {
                throw new InfrastructureException("PostgreSQL does not accept the password kept in "
                        + home.resolve("password") + "; it belongs to the cluster in " + data);
            }
            return false;
        }
    }

    private DatabaseAddress address() {
        return new DatabaseAddress(
                "jdbc:postgresql://127.0.0.1:" + port + "/" + MAINTENANCE_DATABASE, SUPERUSER, password);
    }

    /** Postmaster and backends that an earlier life left behind, recognised by the cluster they work on. */
    private void endOrphans() throws InterruptedException {
        Processes.end(Processes.find("postgres", data.toString()), STOP, ORPHAN_PATIENCE);
        // A backend notices the death of its postmaster only between two steps of a long query; until then it keeps
        // the shared memory that a new postmaster must have for itself.
        Processes.end(Processes.findIn("postgres", data), List.of("QUIT", "KILL"), ORPHAN_PATIENCE);
    }

    /**
     * PostgreSQL believes a lock file whose process id is in use, by a stranger after reuse or by a zombie that nobody
     * has waited for. All processes of this cluster have ended here, so such a file is stale. Should one have hidden
     * from us, the shared memory that belongs to the data directory still keeps a second postmaster out.
     */
    private void removeForeignLock() throws IOException {
        Path lock = data.resolve("postmaster.pid");
        Optional<String> text = SmallFiles.read(lock);
        if (text.isEmpty()) {
            return;
        }
        String pid = text.get().lines().findFirst().orElse("");
        if (pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isPresent()) {
            Files.deleteIfExists(lock);
        }
    }

    static void writeSettings(Path home, Path walArchive) throws IOException {
        SmallFiles.write(home.resolve("defaults.conf"), DEFAULTS.replace("${walArchive}", quoted(walArchive)));
        Path own = home.resolve("exchequer.conf");
        if (!Files.exists(own)) {
            SmallFiles.write(own, OWN_SETTINGS);
        }
    }

    /** Makes the cluster under another name first, so that one made halfway is never taken for whole. */
    private void initialise(Consumer<String> progress) throws IOException, InterruptedException {
        if (Files.exists(data)) {
            String made = SmallFiles.read(data.resolve("PG_VERSION")).orElse("unknown");
            if (!PostgresBinaries.VERSION.startsWith(made + ".")) {
                throw new InfrastructureException("the cluster in " + data + " is of PostgreSQL " + made
                        + "; this program brings " + PostgresBinaries.VERSION + ": dump it with its own version first");
            }
            return;
        }
        progress.accept("making a new PostgreSQL cluster in " + data);
        Path part = home.resolve("data.part");
        Processes.end(Processes.find("initdb", part.toString()), List.of("KILL"), ORPHAN_PATIENCE);
        Folders.delete(part);
        List<String> command = command("initdb");
        command.addAll(List.of("-D", part.toString(), "-U", SUPERUSER));
        command.addAll(List.of("--pwfile=" + home.resolve("password"), "--auth=scram-sha-256"));
        command.addAll(List.of("--data-checksums", "--encoding=UTF8"));
        command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
        ChildProcess initdb = ChildProcess.start(command, Map.of("LC_ALL", "C"), logFile(), List.of("INT", "KILL"));
        if (!initdb.awaitExit(LONGEST_INITDB)) {
            initdb.stop(ORPHAN_PATIENCE, false);
        }
        if (initdb.awaitExit() != 0) {
            throw new InfrastructureException("initdb failed, see " + logFile());
        }
        Path settings = part.resolve("postgresql.conf");
        Files.writeString(settings, Files.readString(settings) + INCLUDES);
        way.own(part);
        Files.move(part, data, StandardCopyOption.ATOMIC_MOVE);
        SmallFiles.sync(home);
    }

    /** As it stands between the single quotes of a setting; a line break cannot stand there at all. */
    private static String quoted(Path path) {
        String text = path.toString();
        if (text.contains("\n") || text.contains("\r")) {
            throw new InfrastructureException("the archive's path must not contain a line break");
        }
        return text.replace("\\", "\\\\").replace("'", "''");
    }

    private List<String> command(String program) {
        List<String> command = new ArrayList<>(way.prefix());
        command.add(binaries.resolve("bin").resolve(program).toString());
        return command;
    }

    private Path logFile() {
        return home.resolve("server.log");
    }

    static String password(Path file) {
        Optional<String> known = SmallFiles.read(file);
        if (known.isPresent()) {
            return known.get();
        }
        byte[] random = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(random);
        String made = HexFormat.of().formatHex(random);
        SmallFiles.write(file, made);
        return made;
    }
}
