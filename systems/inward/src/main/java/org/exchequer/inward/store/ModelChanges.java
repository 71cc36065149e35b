package org.exchequer.inward.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.Fraud.ModelAction;
import org.exchequer.inward.api.Fraud.ModelChange;
import org.exchequer.inward.api.PaymentsUnavailableException;
import org.exchequer.scoring.registry.RegistryException;
import org.jspecify.annotations.Nullable;

/**
 * Changes of which model serves, what serves on all nodes, and the files of models; each call its own transaction.
 */
public final class ModelChanges {
    private static final String COLUMNS = """
            select id, action, model, percent, reason, proposed_by, proposed_at, state, decided_by, decided_at
              from fraud_model_change
            """;

    private static final String INSERT = """
            insert into fraud_model_change (id, action, model, percent, reason, proposed_by, proposed_at, state)
            values (?, ?, ?, ?, ?, ?, ?, 'PROPOSED')
            on conflict do nothing
            """;

    /** Only one decision is the first. */
    private static final String DECIDE = """
            update fraud_model_change set state = ?, decided_by = ?, decided_at = ?
             where id = ? and state = 'PROPOSED' and proposed_by <> ?
            """;

    private static final String FAIL = """
            update fraud_model_change set state = 'FAILED', decided_by = ?, decided_at = ? where id = ?
            """;

    private static final String NEWEST = "select assignment from fraud_serving order by generation desc limit 1";

    private static final String SERVE = """
            insert into fraud_serving (generation, assignment)
            select coalesce(max(generation), 0) + 1, ? from fraud_serving
            """;

    private static final String FIRST = """
            insert into fraud_serving (generation, assignment)
            select 1, ? where not exists (select 1 from fraud_serving) on conflict do nothing
            """;

    private static final String KEEP = """
            insert into fraud_model (id, fingerprint, file) values (?, ?, ?) on conflict do nothing
            """;

    private static final String LOCK = "select pg_advisory_xact_lock(hashtext('inward.fraud_serving'))";

    private final DataSource database;

    public ModelChanges(DataSource database) {
        this.database = database;
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T with(Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    /** The newest. */
    public List<ModelChange> newest(int limit) {
        return with(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement(COLUMNS + " order by proposed_at desc, id limit ?")) {
                select.setInt(1, limit);
                return read(select);
            }
        });
    }

    public Optional<ModelChange> find(UUID id) {
        return with(connection -> {
            try (PreparedStatement select = connection.prepareStatement(COLUMNS + " where id = ?")) {
                select.setObject(1, id);
                return read(select).stream().findFirst();
            }
        });
    }

    private static List<ModelChange> read(PreparedStatement select) throws SQLException {
        List<ModelChange> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                int percent = row.getInt(4);
                Integer given = row.wasNull() ? null : percent;
                java.sql.Timestamp decided = row.getTimestamp(10);
                found.add(new ModelChange(
                        row.getObject(1, UUID.class),
                        ModelAction.valueOf(row.getString(2)),
                        row.getString(3),
                        given,
                        row.getString(5),
                        row.getString(6),
                        row.getTimestamp(7).toInstant(),
                        row.getString(8),
                        row.getString(9),
                        decided == null ? null : decided.toInstant()));
            }
        }
        return found;
    }

    public void propose(
            UUID id,
            ModelAction action,
            @Nullable String model,
            @Nullable Integer percent,
            String reason,
            String by,
            Instant at) {
        with(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setObject(1, id);
                insert.setString(2, action.name());
                insert.setString(3, model);
                insert.setObject(4, percent, java.sql.Types.INTEGER);
                insert.setString(5, reason);
                insert.setString(6, by);
                insert.setObject(7, at.atOffset(ZoneOffset.UTC));
                return insert.executeUpdate();
            }
        });
    }

    /** Makes a change here, and says which version serves whom from then on. */
    @FunctionalInterface
    public interface Making {
        String make(Optional<String> newest) throws IOException, SQLException;
    }

    /**
     * Approves one, makes it, and tells all nodes, in one transaction: as long as one is at it no other is. What cannot
     *      * be
     * made is noted as failed.
     *      *
     * @return false when it was decided before, or by who proposed it
     * @throws IOException as does what makes it, or it with a {@link RegistryException}
     */
    public boolean approve(UUID id, String by, Instant at, Making making) throws IOException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
                lock.execute();
            }
            if (!decided(connection, id, true, by, at)) {
                connection.rollback();
                return false;
            }
            try {
                String assignment = making.make(newest(connection));
                try (PreparedStatement insert = connection.prepareStatement(SERVE)) {
                    insert.setString(1, assignment);
                    insert.executeUpdate();
                }
            } catch (IOException | RegistryException e) {
                connection.rollback();
                fail(connection, id, by, at);
                connection.commit();
                throw e;
            }
            connection.commit();
            return true;
        } catch (SQLException e) {
            throw new PaymentsUnavailableException(e);
        }
    }

    /** False when it was decided before. */
    public boolean reject(UUID id, String by, Instant at) {
        return with(connection -> decided(connection, id, false, by, at));
    }

    private static boolean decided(Connection connection, UUID id, boolean approve, String by, Instant at)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(DECIDE)) {
            update.setString(1, approve ? "APPROVED" : "REJECTED");
            update.setString(2, by);
            update.setObject(3, at.atOffset(ZoneOffset.UTC));
            update.setObject(4, id);
            update.setString(5, by);
            return update.executeUpdate() == 1;
        }
    }

    private static void fail(Connection connection, UUID id, String by, Instant at) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(FAIL)) {
            update.setString(1, by);
            update.setObject(2, at.atOffset(ZoneOffset.UTC));
            update.setObject(3, id);
            update.executeUpdate();
        }
    }

    /** Which version serves whom on all nodes; empty before any node said so. */
    public Optional<String> newest() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return newest(connection);
        }
    }

    private static Optional<String> newest(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(NEWEST);
                ResultSet row = select.executeQuery()) {
            return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
        }
    }

    /** Says which version serves whom, if no node has. */
    public void first(String assignment) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(FIRST)) {
            insert.setString(1, assignment);
            insert.executeUpdate();
        }
    }

    /** Keeps a version's file for other nodes; the first under an id stays. */
    public void keep(String id, String fingerprint, byte[] file) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(KEEP)) {
            insert.setString(1, id);
            insert.setString(2, fingerprint);
            insert.setBytes(3, file);
            insert.executeUpdate();
        }
    }

    /** The SHA-256 of a version's file; empty when no node kept it. */
    public Optional<String> fingerprint(String id) throws SQLException {
        return kept("fingerprint", id, row -> row.getString(1));
    }

    /** A version's file; empty when no node kept it. */
    public Optional<byte[]> file(String id) throws SQLException {
        return kept("file", id, row -> row.getBytes(1));
    }

    private interface Make<T> {
        T make(ResultSet row) throws SQLException;
    }

    private <T> Optional<T> kept(String column, String id, Make<T> make) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("select " + column + " from fraud_model where id = ?")) {
            select.setString(1, id);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(make.make(row)) : Optional.empty();
            }
        }
    }
}
