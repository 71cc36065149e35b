package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.inward.api.Bulks;
import org.jspecify.annotations.Nullable;

/** Bulks, their items and assignments; each call its own transaction. */
public final class BulkTable {
    private static final String BULKS = """
            select b.id, b.kind, b.note, b.assignee, b.by, b.at, b.started_at, b.done_at, count(*),
                   count(*) filter (where i.state in ('WAITING', 'RUNNING')),
                   count(*) filter (where i.state = 'FAILED')
              from bulk b join bulk_item i on i.bulk_id = b.id
            """;

    private static final String ONE = BULKS + " where b.id = ? group by b.id";

    private static final String LATEST = BULKS + """
             where b.id in (select id from bulk order by at desc, id limit ?)
             group by b.id order by b.at desc, b.id
            """;

    private static final String INSERT = """
            insert into bulk (id, kind, note, assignee, by, at) values (?, ?, ?, ?, ?, ?)
            """;

    private static final String INSERT_ITEM = """
            insert into bulk_item (bulk_id, position, target, state, outcome) values (?, ?, ?, ?, ?)
            """;

    private static final String START = """
            update bulk set started_at = ? where id = ? and by = ? and started_at is null
            """;

    private static final String ITEMS = """
            select position, target, state, outcome, payment, at from bulk_item where bulk_id = ? order by position
            """;

    /** The next one that waits, or that whoever took it has not ended: passed over while another node takes it. */
    private static final String TAKE = """
            update bulk_item t set state = 'RUNNING', at = ?, attempts = t.attempts + 1
              from (select i.bulk_id, i.position, b.kind, b.note, b.assignee, b.by
                      from bulk b join bulk_item i on i.bulk_id = b.id
                     where b.started_at is not null and b.done_at is null
                       and (i.state = 'WAITING' or (i.state = 'RUNNING' and i.at < ?))
                     order by b.started_at, b.id, i.position
                     limit 1 for update of i skip locked) next
             where t.bulk_id = next.bulk_id and t.position = next.position
            returning t.bulk_id, t.position, t.target, t.attempts, next.kind, next.note, next.assignee, next.by
            """;

    private static final String END = """
            update bulk_item set state = ?, outcome = ?, payment = ?, at = ? where bulk_id = ? and position = ?
            """;

    private static final String DONE = """
            update bulk b set done_at = ?
             where b.started_at is not null and b.done_at is null
               and not exists (select 1 from bulk_item i where i.bulk_id = b.id and i.state in ('WAITING', 'RUNNING'))
            """;

    private static final String ASSIGN = """
            insert into review (payment_id, assignee, note, by, at) values (?, ?, ?, ?, ?)
            on conflict (payment_id) do update
                set assignee = excluded.assignee, note = excluded.note, by = excluded.by, at = excluded.at
            """;

    private final DataSource database;

    /** An item to be worked on; {@code attempt} counts from 1. */
    public record Work(
            UUID bulk,
            int position,
            UUID target,
            int attempt,
            Bulks.Kind kind,
            String note,
            @Nullable String assignee,
            String by) {}

    /** A target as previewed. */
    public record Draft(UUID target, Bulks.State state, String outcome) {}

    public BulkTable(DataSource database) {
        this.database = database;
    }

    /** Stores a preview with its items, in one transaction. */
    public void insert(UUID id, Bulks.Draft draft, String by, Instant at, List<Draft> items) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT);
                    PreparedStatement item = connection.prepareStatement(INSERT_ITEM)) {
                insert.setObject(1, id);
                insert.setString(2, draft.kind().name());
                insert.setString(3, draft.note());
                insert.setString(4, draft.assignee());
                insert.setString(5, by);
                insert.setObject(6, at.atOffset(ZoneOffset.UTC));
                insert.executeUpdate();
                for (int i = 0; i < items.size(); i++) {
                    item.setObject(1, id);
                    item.setInt(2, i + 1);
                    item.setObject(3, items.get(i).target());
                    item.setString(4, items.get(i).state().name());
                    item.setString(5, items.get(i).outcome());
                    item.addBatch();
                }
                item.executeBatch();
                connection.commit();
            } finally {
                connection.setAutoCommit(true);
            }
        }
    }

    public Optional<Bulks.Bulk> bulk(UUID id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ONE)) {
            select.setObject(1, id);
            return bulks(select).stream().findFirst();
        }
    }

    public List<Bulks.Bulk> latest(int limit) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(LATEST)) {
            select.setInt(1, limit);
            return bulks(select);
        }
    }

    private static List<Bulks.Bulk> bulks(PreparedStatement select) throws SQLException {
        List<Bulks.Bulk> found = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
            while (row.next()) {
                found.add(new Bulks.Bulk(
                        row.getObject(1, UUID.class),
                        Bulks.Kind.valueOf(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getTimestamp(6).toInstant(),
                        instant(row.getTimestamp(7)),
                        instant(row.getTimestamp(8)),
                        row.getInt(9),
                        row.getInt(10),
                        row.getInt(11)));
            }
        }
        return found;
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }

    public List<Bulks.Item> items(UUID id) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(ITEMS)) {
            select.setObject(1, id);
            List<Bulks.Item> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Bulks.Item(
                            row.getInt(1),
                            row.getObject(2, UUID.class),
                            Bulks.State.valueOf(row.getString(3)),
                            row.getString(4),
                            row.getObject(5, UUID.class),
                            instant(row.getTimestamp(6))));
                }
            }
            return found;
        }
    }

    /** Starts one that its author has not started yet. */
    public void start(UUID id, String by, Instant at) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(START)) {
            update.setObject(1, at.atOffset(ZoneOffset.UTC));
            update.setObject(2, id);
            update.setString(3, by);
            update.executeUpdate();
        }
    }

    /**
     * The next item to be worked on, which is this node's now.
     *
     * @param abandoned how long ago whoever took one must have taken it, without an end, for it to be taken again
     */
    public Optional<Work> take(Instant now, Duration abandoned) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement take = connection.prepareStatement(TAKE)) {
            take.setObject(1, now.atOffset(ZoneOffset.UTC));
            take.setObject(2, now.minus(abandoned).atOffset(ZoneOffset.UTC));
            try (ResultSet row = take.executeQuery()) {
                return row.next()
                        ? Optional.of(new Work(
                                row.getObject(1, UUID.class),
                                row.getInt(2),
                                row.getObject(3, UUID.class),
                                row.getInt(4),
                                Bulks.Kind.valueOf(row.getString(5)),
                                row.getString(6),
                                row.getString(7),
                                row.getString(8)))
                        : Optional.empty();
            }
        }
    }

    /** What became of an item. */
    public void end(Work work, Bulks.State state, String outcome, @Nullable UUID payment, Instant at)
            throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(END)) {
            update.setString(1, state.name());
            update.setString(2, outcome);
            update.setObject(3, payment, java.sql.Types.OTHER);
            update.setObject(4, at.atOffset(ZoneOffset.UTC));
            update.setObject(5, work.bulk());
            update.setInt(6, work.position());
            update.executeUpdate();
        }
    }

    /** Ends those that have no item left. */
    public void close(Instant at) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(DONE)) {
            update.setObject(1, at.atOffset(ZoneOffset.UTC));
            update.executeUpdate();
        }
    }

    /** From now on somebody is to look at a payment. */
    public void assign(UUID payment, String assignee, String note, String by, Instant at) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(ASSIGN)) {
            insert.setObject(1, payment);
            insert.setString(2, assignee);
            insert.setString(3, note);
            insert.setString(4, by);
            insert.setObject(5, at.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }
}
