package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.exchequer.ledger.store.JournalWriter.Head;
import org.jspecify.annotations.Nullable;

/**
 * The right to write the journal: one row in the database, held by epoch. Expiry is judged by the database's clock, so
 * skew between nodes does not matter.
 */
public final class WriterLease {
    /** Session name of the writer's connection, by which a successor finds and ends it. */
    public static final String WRITER_SESSION = "exchequer/ledger-writer";

    private static final int LOCK_TIMEOUT_MS = 1_000;
    private static final long END_TIMEOUT_MS = 5_000;

    private WriterLease() {}

    /**
     * Who holds the lease.
     *
     * @param url where to reach that node
     * @param token secret of this epoch, by which nodes of the same database know each other
     * @param current whether the lease still runs
     */
    public record Holder(long epoch, String node, String url, String token, boolean current) {
        @Override
        public String toString() {
            return "Holder[epoch=" + epoch + ", node=" + node + ", url=" + url + ", current=" + current + "]";
        }
    }

    /**
     * Begins a new epoch if the lease has expired or was this node's own, and returns the end of the journal. Null when
     * another node holds it. A transaction that the former writer left open, e.g. because it was stopped in
     * mid-batch, is ended first.
     */
    public static @Nullable Head acquire(Connection connection, String node, String url, String token, long leaseMs)
            throws SQLException {
        Holder holder = holder(connection);
        if (holder.current() && !holder.node().equals(node)) {
            return null;
        }
        try (Statement s = connection.createStatement()) {
            s.execute("SET lock_timeout = " + LOCK_TIMEOUT_MS);
        }
        try (PreparedStatement s = connection.prepareStatement("""
                UPDATE writer
                   SET epoch = epoch + 1, node = ?, url = ?, token = ?,
                       lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 WHERE shard = 1 AND (lease_until < clock_timestamp() OR node = ?)
                RETURNING epoch, last_sequence, last_hash""")) {
            s.setString(1, node);
            s.setString(2, url);
            s.setString(3, token);
            s.setLong(4, leaseMs);
            s.setString(5, node);
            try (ResultSet row = s.executeQuery()) {
                return row.next()
                        ? new Head(row.getLong("epoch"), row.getLong("last_sequence"), row.getBytes("last_hash"))
                        : null;
            }
        } catch (SQLException e) {
            if (!"55P03".equals(e.getSQLState())) { // lock_not_available
                throw e;
            }
            endSessionsOfFormerWriter(connection);
            return null;
        } finally {
            try (Statement s = connection.createStatement()) {
                s.execute("RESET lock_timeout");
            }
        }
    }

    /** Who holds the lease now. */
    public static Holder holder(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT epoch, node, url, token, lease_until >= clock_timestamp() AS current
                          FROM writer WHERE shard = 1""")) {
            if (!row.next()) {
                throw new SQLException("the writer's row is missing");
            }
            return new Holder(
                    row.getLong("epoch"),
                    row.getString("node"),
                    row.getString("url"),
                    row.getString("token"),
                    row.getBoolean("current"));
        }
    }

    /** Extends the lease of this epoch; false when another has begun. */
    public static boolean renew(Connection connection, long epoch, long leaseMs) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                UPDATE writer SET lease_until = clock_timestamp() + ? * interval '1 millisecond'
                 WHERE shard = 1 AND epoch = ?""")) {
            s.setLong(1, leaseMs);
            s.setLong(2, epoch);
            return s.executeUpdate() == 1;
        }
    }

    /**
     * One session of the database server; process ids are reused, so its start belongs to it.
     *
     * @param startedAt as PostgreSQL prints it
     */
    public record Session(int pid, String startedAt) {}

    /** The session of this connection. */
    public static Session session(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()""")) {
            if (!row.next()) {
                throw new SQLException("this session is not in pg_stat_activity");
            }
            return new Session(row.getInt(1), row.getString(2));
        }
    }

    /**
     * Ends a session whose connection was lost, and waits until it has ended: what it had not committed by then it
     * never will.
     *
     * @throws SQLException when it does not end in time
     */
    public static void end(Connection connection, Session lost) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT pg_terminate_backend(pid, ?) FROM pg_stat_activity
                 WHERE pid = ? AND backend_start::text = ?""")) {
            s.setLong(1, END_TIMEOUT_MS);
            s.setInt(2, lost.pid());
            s.setString(3, lost.startedAt());
            try (ResultSet row = s.executeQuery()) {
                if (row.next() && !row.getBoolean(1)) {
                    throw new SQLException("the lost session " + lost.pid() + " does not end", "57014");
                }
            }
        }
    }

    /** Gives the lease back, so that a standby need not wait for it to expire. */
    public static void release(Connection connection, long epoch) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(
                "UPDATE writer SET lease_until = '-infinity' WHERE shard = 1 AND epoch = ?")) {
            s.setLong(1, epoch);
            s.executeUpdate();
        }
    }

    private static void endSessionsOfFormerWriter(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE application_name = ? AND datname = current_database() AND usename = current_user
                   AND pid <> pg_backend_pid()""")) {
            s.setString(1, WRITER_SESSION);
            s.execute();
        }
    }
}
