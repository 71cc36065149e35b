package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.Controls.Act;
import org.exchequer.inward.api.Controls.Draft;
import org.exchequer.inward.api.Controls.Outcome;
import org.exchequer.inward.api.Controls.Why;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Measure;
import org.jspecify.annotations.Nullable;

/**
 * Measures, and each act on one in the same transaction. Times are the database's, so that all nodes agree on when one
 * ends.
 */
public final class MeasureTable {
    private static final String COLUMNS = """
            select id, kind, breaker, breaker_mode, extension_ms, payment_id, message_type, currency, lasts_s, reason,
                   proposed_by, proposed_at, approved, decided_by, decided_at, decision_reason, ends_at, ended_by,
                   ended_at, (extract(epoch from ends_at - now()) * 1000)::bigint
              from measure
            """;

    /** A payment that has its final answer is not completed any more. */
    private static final String IN_FORCE = """
             where approved and ended_at is null and ends_at > now()
               and not exists (select 1 from payment where payment.id = measure.payment_id and done)
             order by id
            """;

    private static final String INSERT = """
            insert into measure (kind, breaker, breaker_mode, extension_ms, payment_id, message_type, currency, lasts_s,
                                 reason, proposed_by)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            returning id
            """;

    private static final String DECIDE = """
            update measure
               set approved = ?, decided_by = ?, decided_at = now(), decision_reason = ?,
                   ends_at = case when ? then now() + lasts_s * interval '1 second' end
             where id = ? and approved is null
            """;

    private static final String END = """
            update measure set ended_by = ?, ended_at = now()
             where id = ? and approved and ended_at is null and ends_at > now()
            """;

    private static final String ACT = "insert into measure_event (measure_id, what, by_whom, note) values (?, ?, ?, ?)";

    private static final String LEASE = """
            insert into measure_lease as l (measure_id, currency, leased_minor)
            values (?, ?, least(?::bigint, ?::bigint))
            on conflict (measure_id, currency) do update
               set leased_minor = greatest(l.leased_minor, least(l.leased_minor + ?::bigint, ?::bigint))
            returning new.leased_minor - coalesce(old.leased_minor, 0)
            """;

    private final DataSource database;

    public MeasureTable(DataSource database) {
        this.database = database;
    }

    /** A measure in force, and for how long yet. */
    public record InForce(Measure measure, Duration left) {}

    /** A payment that may be completed by hand. */
    public record Pending(
            boolean done, String type, @Nullable String currency, long amount) {}

    /** What is in force. */
    public List<InForce> inForce() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(COLUMNS + IN_FORCE);
                ResultSet row = select.executeQuery()) {
            List<InForce> found = new ArrayList<>();
            while (row.next()) {
                found.add(new InForce(measure(row), Duration.ofMillis(row.getLong(20))));
            }
            return found;
        }
    }

    /** What waits for a decision. */
    public List<Measure> proposed() throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " where approved is null order by id limit 1000");
        }
    }

    /** The newest. */
    public List<Measure> latest(int limit) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return query(connection, " order by id desc limit ?", limit);
        }
    }

    /** A payment, as far as completing it by hand needs to know. */
    public Optional<Pending> pending(UUID payment) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select done, message_type, currency, coalesce(amount, 0) from payment where id = ?")) {
            select.setObject(1, payment);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(
                                new Pending(row.getBoolean(1), row.getString(2), row.getString(3), row.getLong(4)))
                        : Optional.empty();
            }
        }
    }

    /** What was done to a measure. */
    public List<Act> acts(long id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(
                        "select at, what, by_whom, note from measure_event where measure_id = ? order by number")) {
            select.setLong(1, id);
            try (ResultSet row = select.executeQuery()) {
                List<Act> acts = new ArrayList<>();
                while (row.next()) {
                    acts.add(new Act(
                            row.getTimestamp(1).toInstant(), row.getString(2), row.getString(3), row.getString(4)));
                }
                return acts;
            }
        }
    }

    /** Orders or proposes. */
    public Outcome order(Draft draft, String by) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            if (isOrdered(connection, draft)) {
                connection.rollback();
                return new Outcome.NotDone(
                        Why.ALREADY_ORDERED, "the same is in force or proposed already; end or reject that first");
            }
            long id;
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                set(
                        insert,
                        draft.kind().name(),
                        draft.breaker(),
                        draft.breakerMode(),
                        draft.extensionMs(),
                        draft.payment(),
                        draft.messageType(),
                        draft.currency(),
                        (int) draft.lasts().toSeconds(),
                        draft.reason(),
                        by);
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    id = row.getLong(1);
                }
            }
            act(connection, id, "PROPOSED", by, draft.reason());
            if (!draft.kind().fourEyes()) {
                decide(connection, id, true, by, "");
            }
            Measure measure = find(connection, id).orElseThrow();
            connection.commit();
            return new Outcome.Done(measure);
        }
    }

    /** Two of one kind and scope would only hide each other. */
    private static boolean isOrdered(Connection connection, Draft draft) throws SQLException {
        return !query(
                        connection,
                        """
                 where kind = ? and breaker is not distinct from ? and payment_id is not distinct from ?
                   and message_type is not distinct from ? and currency is not distinct from ?
                   and (approved is null or approved and ended_at is null and ends_at > now())
                """,
                        draft.kind().name(),
                        draft.breaker(),
                        draft.payment(),
                        draft.messageType(),
                        draft.currency())
                .isEmpty();
    }

    /** Decides what was proposed. */
    public Outcome decide(long id, boolean approve, String by, String reason) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection);
            Optional<Measure> found = find(connection, id);
            Outcome.NotDone not = problem(found, approve, by);
            if (not != null) {
                connection.rollback();
                return not;
            }
            decide(connection, id, approve, by, reason);
            Measure measure = find(connection, id).orElseThrow();
            connection.commit();
            return new Outcome.Done(measure);
        }
    }

    private static Outcome.@Nullable NotDone problem(Optional<Measure> found, boolean approve, String by) {
        if (found.isEmpty()) {
            return new Outcome.NotDone(Why.MEASURE_NOT_FOUND, "there is no such measure");
        }
        if (found.get().state() != Decision.State.PROPOSED) {
            return new Outcome.NotDone(Why.ALREADY_DECIDED, "it was decided before");
        }
        boolean own = found.get().proposedBy().strip().equalsIgnoreCase(by.strip());
        return approve && own
                ? new Outcome.NotDone(Why.APPROVER_IS_AUTHOR, "another person than its author has to approve it")
                : null;
    }

    private static void decide(Connection connection, long id, boolean approve, String by, String reason)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(DECIDE)) {
            set(update, approve, by, reason, approve, id);
            update.executeUpdate();
        }
        act(connection, id, approve ? "APPROVED" : "REJECTED", by, reason);
    }

    /** Ends what is in force. */
    public Outcome end(long id, String by, String reason) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            int ended;
            try (PreparedStatement update = connection.prepareStatement(END)) {
                set(update, by, id);
                ended = update.executeUpdate();
            }
            Optional<Measure> measure = find(connection, id);
            if (ended == 0) {
                connection.rollback();
                return measure.isEmpty()
                        ? new Outcome.NotDone(Why.MEASURE_NOT_FOUND, "there is no such measure")
                        : new Outcome.NotDone(Why.NOT_IN_FORCE, "it is not in force");
            }
            act(connection, id, "ENDED", by, reason);
            connection.commit();
            return new Outcome.Done(measure.orElseThrow());
        }
    }

    /**
     * Takes a part of what a measure lets pass, to be given out by this node.
     *
     * @param part so much, in minor units
     * @param cap of all parts together
     * @return how much was left of that, at most the part
     */
    public long lease(long measure, String currency, long part, long cap) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(LEASE)) {
            set(insert, measure, currency, part, cap, part, cap);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static void lock(Connection connection) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("select pg_advisory_xact_lock(hashtext('inward.measure'))")) {
            lock.execute();
        }
    }

    private static void act(Connection connection, long id, String what, String by, String note) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ACT)) {
            set(insert, id, what, by, note);
            insert.executeUpdate();
        }
    }

    private static Optional<Measure> find(Connection connection, long id) throws SQLException {
        return query(connection, " where id = ?", id).stream().findFirst();
    }

    private static void set(PreparedStatement statement, @Nullable Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null) {
                statement.setNull(i + 1, Types.NULL);
            } else {
                statement.setObject(i + 1, value);
            }
        }
    }

    private static List<Measure> query(Connection connection, String where, @Nullable Object... values)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(COLUMNS + where)) {
            set(select, values);
            try (ResultSet row = select.executeQuery()) {
                List<Measure> found = new ArrayList<>();
                while (row.next()) {
                    found.add(measure(row));
                }
                return found;
            }
        }
    }

    private static Measure measure(ResultSet row) throws SQLException {
        Boolean approved = row.getObject(13, Boolean.class);
        Instant decided = instant(row, 15);
        return new Measure(
                row.getLong(1),
                Measure.Kind.valueOf(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getObject(5, Integer.class),
                row.getObject(6, UUID.class),
                row.getString(7),
                row.getString(8),
                Duration.ofSeconds(row.getInt(9)),
                row.getString(10),
                row.getString(11),
                row.getTimestamp(12).toInstant(),
                approved == null
                        ? Decision.State.PROPOSED
                        : approved ? Decision.State.APPROVED : Decision.State.REJECTED,
                decided == null ? null : new Decision(row.getString(14), decided, row.getString(16)),
                instant(row, 17),
                row.getString(18),
                instant(row, 19));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        Timestamp at = row.getTimestamp(column);
        return at == null ? null : at.toInstant();
    }
}
