package org.exchequer.inward.store;

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
import org.jspecify.annotations.Nullable;

/** Changes of which model serves; each call its own transaction. */
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
            update fraud_model_change set state = 'FAILED' where id = ?
            """;

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

    /** False when it was decided before, or by who proposed it. */
    public boolean decide(UUID id, boolean approve, String by, Instant at) {
        return with(connection -> {
            try (PreparedStatement update = connection.prepareStatement(DECIDE)) {
                update.setString(1, approve ? "APPROVED" : "REJECTED");
                update.setString(2, by);
                update.setObject(3, at.atOffset(ZoneOffset.UTC));
                update.setObject(4, id);
                update.setString(5, by);
                return update.executeUpdate() == 1;
            }
        });
    }

    /** Notes that an approved change could not be made. */
    public void fail(UUID id) {
        with(connection -> {
            try (PreparedStatement update = connection.prepareStatement(FAIL)) {
                update.setObject(1, id);
                return update.executeUpdate();
            }
        });
    }
}
