package org.exchequer.platform.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.exchequer.platform.db.DatabaseAddress;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL for tests: one embedded cluster per JVM, started on first use and removed at the JVM's end; or the cluster
 * of {@code EXCHEQUER_DATABASE_URL} where that is set.
 */
public final class TestPostgres {
    private static final String ENVIRONMENT = "EXCHEQUER_DATABASE_URL";
    private static final List<String> DATABASES = new ArrayList<>();
    private static @Nullable DatabaseAddress server;

    private TestPostgres() {}

    /** A new, empty database of its own, as superuser; dropped at the JVM's end. */
    public static synchronized DatabaseAddress freshDatabase() {
        DatabaseAddress admin = server();
        String name = "test_" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        execute(admin, "CREATE DATABASE " + name);
        DATABASES.add(name);
        return admin.withDatabase(name);
    }

    /** An embedded cluster of the test's own, to be killed and restarted at will. Never the one of the environment. */
    public static PrivatePostgres privateCluster() {
        return new PrivatePostgres();
    }

    private static DatabaseAddress server() {
        if (server == null) {
            String configured = System.getenv(ENVIRONMENT);
            server = configured == null || configured.isBlank() ? embedded() : external(configured);
        }
        return server;
    }

    private static DatabaseAddress embedded() {
        PrivatePostgres postgres = new PrivatePostgres();
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close));
        return postgres.address();
    }

    private static DatabaseAddress external(String url) {
        DatabaseAddress admin = DatabaseAddress.parse(url);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> dropAll(admin)));
        return admin;
    }

    private static synchronized void dropAll(DatabaseAddress admin) {
        for (String name : DATABASES) {
            execute(admin, "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            for (String role : roles(admin, name)) {
                execute(admin, "DROP ROLE " + role);
            }
        }
    }

    private static List<String> roles(DatabaseAddress admin, String database) {
        String sql = "SELECT quote_ident(rolname) FROM pg_roles WHERE starts_with(rolname, '" + database
                + "_') ORDER BY rolname DESC";
        List<String> roles = new ArrayList<>();
        try (Connection connection = connect(admin);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                roles.add(rows.getString(1));
            }
            return roles;
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static void execute(DatabaseAddress admin, String sql) {
        try (Connection connection = connect(admin);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** A plain connection; the caller closes it. */
    public static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }
}
