package org.exchequer.inward.store;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.sql.DataSource;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations.Outcome;
import org.exchequer.inward.api.Decision;
import org.jspecify.annotations.Nullable;

/** Versions of configured values. Whoever writes one locks out all others, so that revisions are seen in order. */
public final class ConfigurationTable {
    private static final int MOST = 1_000;

    private static final String COLUMNS = """
            select config_key, version, (config_value #>> '{}')::numeric, message_type, currency, least_minor,
                   most_minor, service_instance, effective_from, effective_until, experiment_id, experiment_percentage,
                   rollback_version, reason, created_by, created_at, approved, decided_by, decided_at,
                   decision_reason, revision
              from configuration
            """;

    private static final String LOCK = "select pg_advisory_xact_lock(hashtext('inward.configuration'))";

    private static final String INSERT = """
            insert into configuration (config_key, version, config_value, config_category, message_type, currency,
                                       least_minor, most_minor, service_instance, effective_from, effective_until,
                                       experiment_id, experiment_percentage, rollback_version, reason, created_by,
                                       created_at)
            select ?, coalesce(max(version), 0) + 1, to_jsonb(?::numeric), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
              from configuration where config_key = ?
            returning version
            """;

    private static final String DECIDE = """
            update configuration
               set approved = ?, decided_by = ?, decided_at = ?, decision_reason = ?,
                   revision = case when ? then (select coalesce(max(revision), 0) + 1 from configuration) end
             where config_key = ? and version = ? and approved is null
            """;

    private final DataSource database;

    public ConfigurationTable(DataSource database) {
        this.database = database;
    }

    /** The number of approvals so far. */
    public long revision() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return revision(connection);
        }
    }

    private static long revision(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select coalesce(max(revision), 0) from configuration");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** All approvals. */
    public List<ConfigEntry> approved() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return approved(connection);
        }
    }

    private static List<ConfigEntry> approved(Connection connection) throws SQLException {
        return query(connection, " where approved order by revision");
    }

    /** What waits for a decision. */
    public List<ConfigEntry> proposed() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " where approved is null order by created_at limit " + MOST);
        }
    }

    /** All versions of a key, the newest first. */
    public List<ConfigEntry> history(String key) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " where config_key = ? order by version desc limit " + MOST, key);
        }
    }

    /** One version. */
    public Optional<ConfigEntry> find(String key, long version) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return find(connection, key, version);
        }
    }

    private static Optional<ConfigEntry> find(Connection connection, String key, long version) throws SQLException {
        return query(connection, " where config_key = ? and version = ?", key, version).stream()
                .findFirst();
    }

    /** Stores a proposal; its version is the key's next. */
    public ConfigEntry propose(ConfigEntry entry, String category) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            long version;
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                ConfigScope scope = entry.scope();
                set(
                        insert,
                        entry.key(),
                        entry.value(),
                        category,
                        scope.messageType(),
                        scope.currency(),
                        scope.leastMinorUnits(),
                        scope.mostMinorUnits(),
                        scope.instance(),
                        entry.from(),
                        entry.until(),
                        entry.experiment(),
                        entry.percentage(),
                        entry.rollbackOf(),
                        entry.reason(),
                        entry.createdBy(),
                        entry.createdAt(),
                        entry.key());
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    version = row.getLong(1);
                }
            }
            ConfigEntry stored = find(connection, entry.key(), version).orElseThrow();
            connection.commit();
            return stored;
        }
    }

    /**
     * Decides a proposal.
     *
     * @param possible says why not, given it and all approvals; null when nothing speaks against it
     */
    public Outcome decide(
            String key,
            long version,
            boolean approve,
            String by,
            Instant at,
            String reason,
            Function<Given, Outcome.@Nullable NotDone> possible)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            Outcome.NotDone not = possible.apply(
                    new Given(find(connection, key, version), approved(connection), revision(connection)));
            if (not != null) {
                connection.rollback();
                return not;
            }
            try (PreparedStatement update = connection.prepareStatement(DECIDE)) {
                set(update, approve, by, at, reason, approve, key, version);
                update.executeUpdate();
            }
            ConfigEntry decided = find(connection, key, version).orElseThrow();
            connection.commit();
            return new Outcome.Done(decided);
        }
    }

    /** What a decision stands on. */
    public record Given(Optional<ConfigEntry> proposal, List<ConfigEntry> approved, long revision) {}

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.execute();
        }
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case Instant at -> statement.setObject(i + 1, at.atOffset(ZoneOffset.UTC));
                case Object value -> statement.setObject(i + 1, value);
            }
        }
    }

    private static List<ConfigEntry> query(Connection connection, String where, Object... values) throws SQLException {
        List<ConfigEntry> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + where)) {
            set(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(entry(row));
                }
            }
        }
        return entries;
    }

    private static ConfigEntry entry(ResultSet row) throws SQLException {
        Boolean approved = row.getObject(17, Boolean.class);
        BigDecimal value = row.getBigDecimal(3);
        Instant from = instant(row, 9);
        Instant created = instant(row, 16);
        Instant decided = instant(row, 19);
        if (from == null || created == null) {
            throw new SQLException("a time that must be there is null");
        }
        return new ConfigEntry(
                row.getString(1),
                row.getLong(2),
                value,
                new ConfigScope(
                        row.getString(4),
                        row.getString(5),
                        row.getObject(6, Long.class),
                        row.getObject(7, Long.class),
                        row.getString(8)),
                from,
                instant(row, 10),
                row.getString(11),
                row.getBigDecimal(12),
                row.getObject(13, Long.class),
                row.getString(14),
                row.getString(15),
                created,
                approved == null
                        ? Decision.State.PROPOSED
                        : approved ? Decision.State.APPROVED : Decision.State.REJECTED,
                decided == null ? null : new Decision(row.getString(18), decided, row.getString(20)),
                row.getObject(21, Long.class));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        java.sql.Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
