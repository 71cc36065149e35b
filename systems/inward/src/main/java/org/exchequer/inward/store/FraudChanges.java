package org.exchequer.inward.store;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import javax.sql.DataSource;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.FraudSettings.Change;
import org.exchequer.inward.api.FraudSettings.Entry;
import org.exchequer.inward.api.FraudSettings.Kind;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Changes of what fraud is judged by. Whoever writes one locks out all others, so that versions have no holes and
 * revisions are seen in order.
 */
public final class FraudChanges {
    /** The revision of the program's own values. */
    public static final long FIRST_REVISION = 1;

    private static final int MOST = 1_000;

    private static final String COLUMNS =
            """
            select version, id, kind, array(select k from jsonb_each_text(changes) as e (k, v) order by k),
                   array(select v from jsonb_each_text(changes) as e (k, v) order by k), rollback_of, reason,
                   proposed_by, proposed_at, approved, decided_by, decided_at, decision_reason, revision
              from fraud_change
            """;

    private static final String LOCK = "select pg_advisory_xact_lock(hashtext('inward.fraud_change'))";

    private static final String OBJECT =
            """
            (select coalesce(jsonb_object_agg(k, to_jsonb(v::numeric)), '{}')
               from unnest(?::text[], ?::text[]) as e (k, v))
            """;

    private static final String INSERT =
            """
            insert into fraud_change (version, id, kind, changes, rollback_of, reason, proposed_by, proposed_at)
            select coalesce(max(version), 0) + 1, ?, ?, """
                    + OBJECT + """
                   , ?, ?, ?, ? from fraud_change returning version
            """;

    private static final String ADD =
            """
            insert into fraud_list_entry (change, deny, kind, key, shown, reason, until) values (?, ?, ?, ?, ?, ?, ?)
            """;

    private static final String REMOVE = "insert into fraud_list_removal (change, entry) values (?, ?)";

    private static final String DECIDE =
            """
            update fraud_change
               set approved = ?, decided_by = ?, decided_at = ?, decision_reason = ?,
                   revision = case when ? then (select coalesce(max(revision), 1) + 1 from fraud_change) end,
                   settings = case when ? then """
                    + OBJECT
                    + """
                   end
             where version = ? and approved is null
            """;

    private static final String SETTINGS =
            """
            select k, v from fraud_change, jsonb_each_text(settings) as e (k, v)
             where version = (select version from fraud_change
                               where settings is not null and revision <= ? order by revision desc limit 1)
            """;

    private static final String ENTRY =
            """
            select e.id, e.deny, e.kind, e.shown, e.reason, e.until, e.change, e.key
              from fraud_list_entry e join fraud_change c on c.version = e.change
            """;

    private static final String LISTED = ENTRY
            + """
             where c.revision <= ? and e.until > ?
               and not exists (select 1 from fraud_list_removal r join fraud_change x on x.version = r.change
                                where r.entry = e.id and x.revision <= ?)
             order by e.deny desc, e.kind, e.shown, e.id
            """;

    private final DataSource database;

    public FraudChanges(DataSource database) {
        this.database = database;
    }

    /** An entry with what it names, as scoring knows it. */
    public record Listed(Entry entry, long key) {}

    /** What holds at a revision. */
    public record State(long revision, Map<String, BigDecimal> settings, List<Listed> listed) {}

    /** An entry to be. */
    public record Adding(boolean deny, Named named, long key, String shown, String reason, Instant until) {}

    /** A proposal. */
    public record Proposal(
            UUID id,
            Kind kind,
            Map<String, @Nullable BigDecimal> settings,
            List<Adding> adds,
            List<Long> removes,
            @Nullable Long rollbackOf,
            String reason,
            String by,
            Instant at) {}

    /** What a decision stands on. */
    public record Given(Optional<Change> change, State state) {}

    /** What is to be decided: nothing, for a reason; or it is as asked for, with all settings from then on. */
    public record Ruling(Outcome.@Nullable NotDone not, Map<String, BigDecimal> settings) {}

    /** The newest revision. */
    public long revision() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return revision(connection);
        }
    }

    private static long revision(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement("select coalesce(max(revision), 1) from fraud_change");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** What holds at the newest revision, without entries that have ended. */
    public State state(Instant now) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            State state = state(connection, revision(connection), now);
            connection.commit();
            return state;
        }
    }

    /** What held at a revision, with the entries that had not ended at a time. */
    public State state(long revision, Instant at) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return state(connection, revision, at);
        }
    }

    private static State state(Connection connection, long revision, Instant at) throws SQLException {
        Map<String, BigDecimal> settings = new TreeMap<>();
        try (PreparedStatement select = connection.prepareStatement(SETTINGS)) {
            select.setLong(1, revision);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    settings.put(row.getString(1), row.getBigDecimal(2));
                }
            }
        }
        return new State(revision, settings, entries(connection, LISTED, revision, at, revision));
    }

    /** The newest first. */
    public List<Change> changes() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " order by version desc limit " + MOST);
        }
    }

    /** What waits, the oldest first. */
    public List<Change> proposed() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " where approved is null order by version limit " + MOST);
        }
    }

    public Optional<Change> find(long version) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return find(connection, version);
        }
    }

    private static Optional<Change> find(Connection connection, long version) throws SQLException {
        return query(connection, " where version = ?", version).stream().findFirst();
    }

    /** All settings after a change of settings that was approved. */
    public Map<String, BigDecimal> after(Change change) throws SQLException {
        return state(Objects.requireNonNull(change.revision()), Instant.EPOCH).settings();
    }

    /** The entries that a change adds and takes off, with what they name. */
    public Map<Long, Long> keys(Change change) throws SQLException {
        Map<Long, Long> keys = new HashMap<>();
        try (Connection connection = database.getConnection()) {
            for (Listed each : entries(connection, ENTRY + " where e.change = ?", change.version())) {
                keys.put(each.entry().id(), each.key());
            }
            for (Entry each : change.removes()) {
                entries(connection, ENTRY + " where e.id = ?", each.id())
                        .forEach(one -> keys.put(one.entry().id(), one.key()));
            }
        }
        return keys;
    }

    /** Stores a proposal; one of the same id that is there already stays, and is returned. */
    public Change propose(Proposal proposal) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            List<Change> before = query(connection, " where id = ?", proposal.id());
            if (!before.isEmpty()) {
                connection.rollback();
                return before.getFirst();
            }
            long version;
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                List<String> names = List.copyOf(proposal.settings().keySet());
                set(
                        insert,
                        proposal.id(),
                        proposal.kind().name(),
                        names(connection, names),
                        numbers(connection, names, proposal.settings()),
                        proposal.rollbackOf(),
                        proposal.reason(),
                        proposal.by(),
                        proposal.at());
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    version = row.getLong(1);
                }
            }
            entries(connection, version, proposal);
            Change stored = find(connection, version).orElseThrow();
            connection.commit();
            return stored;
        }
    }

    private static void entries(Connection connection, long version, Proposal proposal) throws SQLException {
        try (PreparedStatement add = connection.prepareStatement(ADD);
                PreparedStatement remove = connection.prepareStatement(REMOVE)) {
            for (Adding each : proposal.adds()) {
                set(
                        add,
                        version,
                        each.deny(),
                        each.named().name(),
                        each.key(),
                        each.shown(),
                        each.reason(),
                        each.until());
                add.executeUpdate();
            }
            for (Long entry : proposal.removes()) {
                set(remove, version, entry);
                remove.executeUpdate();
            }
        }
    }

    /** Decides a proposal. */
    public Outcome decide(
            long version, boolean approve, String by, Instant at, String reason, Function<Given, Ruling> rule)
            throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            Optional<Change> change = find(connection, version);
            Ruling ruling = rule.apply(new Given(change, state(connection, revision(connection), at)));
            if (ruling.not() != null) {
                connection.rollback();
                return ruling.not();
            }
            try (PreparedStatement update = connection.prepareStatement(DECIDE)) {
                boolean settings = approve && change.orElseThrow().kind() == Kind.SETTINGS;
                List<String> names = List.copyOf(ruling.settings().keySet());
                set(
                        update,
                        approve,
                        by,
                        at,
                        reason,
                        approve,
                        settings,
                        names(connection, names),
                        numbers(connection, names, ruling.settings()),
                        version);
                update.executeUpdate();
            }
            Change decided = find(connection, version).orElseThrow();
            connection.commit();
            return new Outcome.Done(decided);
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(LOCK)) {
            lock.execute();
        }
    }

    private static Array names(Connection connection, List<String> names) throws SQLException {
        return connection.createArrayOf("text", names.toArray());
    }

    private static Array numbers(
            Connection connection, List<String> names, Map<String, ? extends @Nullable BigDecimal> values)
            throws SQLException {
        @Nullable Object[] numbers = new @Nullable Object[names.size()];
        for (int i = 0; i < numbers.length; i++) {
            BigDecimal value = values.get(names.get(i));
            numbers[i] = value == null ? null : value.toPlainString();
        }
        return connection.createArrayOf("text", numbers);
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            switch (values[i]) {
                case null -> statement.setNull(i + 1, Types.NULL);
                case Instant at -> statement.setObject(i + 1, at.atOffset(ZoneOffset.UTC));
                case Array array -> statement.setArray(i + 1, array);
                case Object value -> statement.setObject(i + 1, value);
            }
        }
    }

    private static List<Listed> entries(Connection connection, String sql, Object... values) throws SQLException {
        List<Listed> entries = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(sql)) {
            set(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    entries.add(new Listed(
                            new Entry(
                                    row.getLong(1),
                                    row.getBoolean(2),
                                    Named.valueOf(row.getString(3)),
                                    row.getString(4),
                                    row.getString(5),
                                    row.getTimestamp(6).toInstant(),
                                    row.getLong(7)),
                            row.getLong(8)));
                }
            }
        }
        return entries;
    }

    private static List<Change> query(Connection connection, String where, Object... values) throws SQLException {
        List<Change> changes = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + where)) {
            set(select, values);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    changes.add(change(connection, row));
                }
            }
        }
        return changes;
    }

    private static Change change(Connection connection, ResultSet row) throws SQLException {
        long version = row.getLong(1);
        Kind kind = Kind.valueOf(row.getString(3));
        String[] names = (String[]) row.getArray(4).getArray();
        @Nullable String[] numbers = (String[]) row.getArray(5).getArray();
        Map<String, @Nullable BigDecimal> settings = new TreeMap<>();
        for (int i = 0; i < names.length; i++) {
            String number = numbers[i];
            settings.put(names[i], number == null ? null : new BigDecimal(number));
        }
        Boolean approved = row.getObject(10, Boolean.class);
        java.sql.Timestamp decided = row.getTimestamp(12);
        boolean list = kind == Kind.LIST;
        return new Change(
                version,
                row.getObject(2, UUID.class),
                kind,
                settings,
                list ? plain(entries(connection, ENTRY + " where e.change = ? order by e.id", version)) : List.of(),
                list
                        ? plain(entries(
                                connection,
                                ENTRY + " where e.id in (select entry from fraud_list_removal where change = ?)"
                                        + " order by e.id",
                                version))
                        : List.of(),
                row.getObject(6, Long.class),
                row.getString(7),
                row.getString(8),
                row.getTimestamp(9).toInstant(),
                approved == null
                        ? Decision.State.PROPOSED
                        : approved ? Decision.State.APPROVED : Decision.State.REJECTED,
                decided == null ? null : new Decision(row.getString(11), decided.toInstant(), row.getString(13)),
                row.getObject(14, Long.class));
    }

    private static List<Entry> plain(List<Listed> listed) {
        return listed.stream().map(Listed::entry).toList();
    }
}
