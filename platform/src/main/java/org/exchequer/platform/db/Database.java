package org.exchequer.platform.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import com.zaxxer.hikari.pool.HikariPool;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.jdbc.datasource.JdbcTelemetry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.exchequer.platform.faults.Faults;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.util.PSQLState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One system's part of a PostgreSQL database: its schema, migrated, and a pool of connections as its runtime role.
 *
 * <p>Two roles stand behind it: the owner, who owns the schema and runs the migrations, and the runtime role, which may
 * do only what the migrations grant it. A journal from which nothing may be deleted is thus safe from the program too.
 *
 * <p>Roles and their passwords are derived (see {@link #open}), so that processes need to share nothing but the
 * administrator's address.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final int POOL_SIZE = 10;
    private static final Duration POOL_WAIT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration STATEMENT_TIMEOUT = Duration.ofSeconds(30);
    /** Long enough to wait for other processes that set up at the same time. */
    private static final Duration SETUP_TIMEOUT = Duration.ofSeconds(60);

    /** Longer than any statement may take: past it the server is not slow but gone. */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(45);

    private static final Duration IDLE_TRANSACTION_TIMEOUT = Duration.ofSeconds(60);

    private final String schema;
    private final DatabaseAddress runtime;
    private final HikariDataSource pool;
    private final DataSource traced;

    private Database(String schema, DatabaseAddress runtime, HikariDataSource pool, DataSource traced) {
        this.schema = schema;
        this.runtime = runtime;
        this.pool = pool;
        this.traced = traced;
    }

    /**
     * Makes roles and schema where they are missing, migrates the schema forward from
     * {@code classpath:db/migration/<system>} as its owner (placeholders <code>${schema}</code> and
     * <code>${runtime}</code>, ready for use as identifiers), and opens the pool. Safe when several processes do it at
     * once.
     *
     * <p>The roles are {@code <database>_<system>} and {@code <database>_<system>_owner}; their passwords are the
     * HMAC-SHA256 of their names under the administrator's password.
     *
     * @param admin a role that may create roles and schemas, on the database to use
     * @param system lower-case name of the system; its schema has the same name
     * @throws DatabaseException when the server does not answer, refuses, or a migration fails
     */
    public static Database open(DatabaseAddress admin, String system, MeterRegistry meters, OpenTelemetry telemetry) {
        if (!system.matches("[a-z][a-z0-9_]{0,30}")) {
            throw new IllegalArgumentException(
                    "name of a system: lower-case letters, digits and _, at most 31 of them; is " + system);
        }
        try {
            Roles roles = prepare(admin, system);
            migrate(roles, system);
            HikariDataSource pool = pool(roles.runtime(), system, meters);
            return new Database(system, roles.runtime(), pool, traced(pool, telemetry));
        } catch (SQLException | FlywayException | HikariPool.PoolInitializationException e) {
            throw new DatabaseException("schema " + system + " of " + admin + " cannot be used: " + e.getMessage(), e);
        }
    }

    /** Name of the system's schema; also first in the search path of every connection. */
    public String schema() {
        return schema;
    }

    /** The pool, as the runtime role. Its size, waits, statements and idle transactions are bounded. */
    public DataSource dataSource() {
        return traced;
    }

    /** The pool's connections, for the lab to take away: each that is free in time, kept until it is given back. */
    public Faults.Supply connections() {
        return percent -> {
            List<Connection> held = new ArrayList<>();
            try {
                for (int i = 0; i < POOL_SIZE * percent / 100; i++) {
                    held.add(pool.getConnection());
                }
            } catch (SQLException e) {
                LOG.info("Fewer connections of {} are taken away than were to be: {}", schema, e.getMessage());
            }
            return new Held(List.copyOf(held));
        };
    }

    private record Held(List<Connection> connections) implements Faults.Taken {
        @Override
        public int count() {
            return connections.size();
        }

        @Override
        public void close() {
            for (Connection connection : connections) {
                try {
                    connection.close();
                } catch (SQLException e) {
                    LOG.info("A connection that was taken away has gone: {}", e.getMessage());
                }
            }
        }
    }

    /**
     * A connection of its own, outside the pool and without its limits and traces, as the runtime role: for writers
     * that keep one for long. The caller closes it, and sets time limits as it needs them
     * ({@link Connection#setNetworkTimeout}).
     */
    public Connection connect() throws SQLException {
        return source(runtime, schema).getConnection();
    }

    /** Closes the pool. Connections from {@link #connect} are their callers'. */
    @Override
    public void close() {
        pool.close();
    }

    private static Roles prepare(DatabaseAddress admin, String system) throws SQLException {
        PGSimpleDataSource source = source(admin, "public");
        source.setOptions("-c statement_timeout=" + SETUP_TIMEOUT.toMillis());
        try (Connection connection = source.getConnection()) {
            Roles roles = new Roles(admin, databaseName(connection), system);
            roles.ensure(connection);
            if (!accepts(roles.runtime())) {
                roles.renewPasswords(connection);
            }
            return roles;
        }
    }

    /** False only for a wrong password: the administrator's has been changed since the roles' were derived from it. */
    private static boolean accepts(DatabaseAddress role) throws SQLException {
        try (Connection connection = source(role, "public").getConnection()) {
            return connection.isValid(0);
        } catch (SQLException e) {
            if (PSQLState.INVALID_PASSWORD.getState().equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }

    private static String databaseName(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("SELECT current_database()")) {
            name.next();
            return name.getString(1);
        }
    }

    private static void migrate(Roles roles, String system) {
        DatabaseAddress owner = roles.owner();
        Flyway.configure()
                .dataSource(owner.jdbcUrl(), owner.user(), owner.password())
                .jdbcProperties(Map.of("ApplicationName", "exchequer/" + system + "/migration"))
                .defaultSchema(system)
                .createSchemas(false)
                .locations("classpath:db/migration/" + system)
                .failOnMissingLocations(true)
                .placeholders(Snippets.with(Map.of("schema", system, "runtime", Roles.quoted(roles.runtimeName()))))
                .cleanDisabled(true)
                .loggers("slf4j")
                .load()
                .migrate();
    }

    private static HikariDataSource pool(DatabaseAddress runtime, String system, MeterRegistry meters) {
        PGSimpleDataSource source = source(runtime, system);
        source.setSocketTimeout((int) SOCKET_TIMEOUT.toSeconds());
        source.setOptions("-c statement_timeout=" + STATEMENT_TIMEOUT.toMillis()
                + " -c idle_in_transaction_session_timeout=" + IDLE_TRANSACTION_TIMEOUT.toMillis());
        HikariConfig config = new HikariConfig();
        config.setDataSource(source);
        config.setPoolName(system);
        config.setMaximumPoolSize(POOL_SIZE);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(POOL_WAIT.toMillis());
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        return new HikariDataSource(config);
    }

    /** Statements of the pool become spans with their SQL, literals left out; free of cost where nothing is traced. */
    private static DataSource traced(DataSource pool, OpenTelemetry telemetry) {
        if (telemetry == OpenTelemetry.noop()) {
            return pool;
        }
        return JdbcTelemetry.builder(telemetry)
                .setDataSourceInstrumenterEnabled(false)
                .build()
                .wrap(pool);
    }

    private static PGSimpleDataSource source(DatabaseAddress address, String schema) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(address.jdbcUrl());
        source.setUser(address.user());
        source.setPassword(address.password());
        source.setCurrentSchema(schema);
        source.setApplicationName("exchequer/" + schema);
        source.setConnectTimeout((int) CONNECT_TIMEOUT.toSeconds());
        source.setTcpKeepAlive(true);
        source.setReWriteBatchedInserts(true);
        // The details quote row values, and messages of exceptions reach logs. getServerErrorMessage() has them still.
        source.setLogServerErrorDetail(false);
        return source;
    }
}
