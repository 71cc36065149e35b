package org.exchequer.platform.db;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postgresql.PGConnection;

/**
 * The two roles of a system in a database, and its schema.
 *
 * <p>Roles belong to the whole cluster, so their names carry the database's. Their passwords follow from the
 * administrator's, so that every process that may administer the database knows them and none has to be kept. They
 * reach the server as SCRAM verifiers only, so no statement log ever shows one.
 */
final class Roles {
    private static final int LONGEST_NAME_BYTES = 63;
    /** {@code "excheque"} in ASCII: keeps our advisory lock apart from others' in the same database. */
    private static final long LOCK = 0x6578636865717565L;

    private final DatabaseAddress admin;
    private final String database;
    private final String schema;
    private final String owner;
    private final String runtime;

    Roles(DatabaseAddress admin, String database, String system) {
        this.admin = admin;
        this.database = database;
        this.schema = system;
        this.runtime = database + "_" + system;
        this.owner = runtime + "_owner";
        if (owner.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME_BYTES) {
            throw new IllegalArgumentException("database name " + database + " is too long: with _" + system
                    + "_owner it must not exceed " + LONGEST_NAME_BYTES + " bytes");
        }
        if (admin.password().isEmpty()) {
            throw new IllegalArgumentException(
                    "database address has no password; those of the systems' roles are derived from it");
        }
    }

    /** Runs migrations; owns schema and tables. */
    DatabaseAddress owner() {
        return admin.as(owner, password(owner));
    }

    /** What the program works as. */
    DatabaseAddress runtime() {
        return admin.as(runtime, password(runtime));
    }

    String runtimeName() {
        return runtime;
    }

    /** Makes what is missing. Processes that do it at once wait for each other. */
    void ensure(Connection connection) throws SQLException {
        begin(connection);
        try (Statement statement = connection.createStatement()) {
            ensureRole(connection, owner);
            ensureRole(connection, runtime);
            if (!exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = ?", schema)) {
                statement.execute("GRANT CONNECT ON DATABASE " + quoted(database) + " TO " + quoted(owner) + ", "
                        + quoted(runtime));
                // Whoever is not superuser may make a schema for another role only as its member.
                statement.execute("GRANT " + quoted(owner) + " TO CURRENT_USER");
                statement.execute("CREATE SCHEMA " + schema + " AUTHORIZATION " + quoted(owner));
                statement.execute("GRANT USAGE ON SCHEMA " + schema + " TO " + quoted(runtime));
                // Functions are everybody's to run unless said otherwise; here the migrations say so.
                statement.execute("ALTER DEFAULT PRIVILEGES FOR ROLE " + quoted(owner)
                        + " REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC");
            }
        }
        connection.commit();
    }

    /** Sets both passwords anew: the administrator's has changed since they were derived. */
    void renewPasswords(Connection connection) throws SQLException {
        begin(connection);
        setPassword(connection, owner);
        setPassword(connection, runtime);
        connection.commit();
    }

    /** Opens a transaction that only one process at a time can be in. */
    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_xact_lock(" + LOCK + ")");
        }
    }

    private void ensureRole(Connection connection, String role) throws SQLException {
        if (exists(connection, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + quoted(role) + " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE");
        }
        setPassword(connection, role);
    }

    private void setPassword(Connection connection, String role) throws SQLException {
        connection
                .unwrap(PGConnection.class)
                .alterUserPassword(role, password(role).toCharArray(), "scram-sha-256");
    }

    private static boolean exists(Connection connection, String sql, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, name);
            try (ResultSet found = statement.executeQuery()) {
                return found.next();
            }
        }
    }

    private String password(String role) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(admin.password().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(("exchequer role " + role).getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    /** As an SQL identifier: bare where that is the same name, in quotes elsewhere. */
    static String quoted(String name) {
        return name.matches("[a-z_][a-z0-9_]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
