package org.exchequer.shards.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.exchequer.kernel.Currency;
import org.exchequer.shards.core.Carry;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.SlotMap.Slot;
import org.exchequer.shards.core.SlotMap.State;
import org.jspecify.annotations.Nullable;

/**
 * Which shard has which slot, durably. Every change raises the version in its own transaction, and is conditional
 * on what it changes: of several that try, one succeeds.
 */
public final class Directory {
    /** {@code "shards"} in ASCII: the lock of whoever moves slots. */
    private static final long MOVER = 0x736861726473L;

    private final DataSource database;

    public Directory(DataSource database) {
        this.database = database;
    }

    /** A shard as registered. */
    public record Entry(int index, String name) {}

    /** The directory's own identity, by which shards know whose they are; null when there is none yet. */
    public @Nullable UUID id() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT id FROM directory")) {
            return row.next() ? row.getObject(1, UUID.class) : null;
        }
    }

    /** Makes the directory with these shards and slots, unless there is one. */
    public void create(List<String> names, SlotMap map) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            if (update(
                            connection,
                            "INSERT INTO directory (id, version) VALUES (?, 1) ON CONFLICT DO NOTHING",
                            UUID.randomUUID())
                    == 1) {
                for (int i = 0; i < names.size(); i++) {
                    update(connection, "INSERT INTO shard (index, name) VALUES (?, ?)", i, names.get(i));
                }
                try (PreparedStatement s = connection.prepareStatement(
                        "INSERT INTO slot (slot, shard, state, target) VALUES (?, ?, 'SETTLED', ?)")) {
                    for (int slot = 0; slot < Placement.SLOTS; slot++) {
                        s.setInt(1, slot);
                        s.setInt(2, map.slot(slot).shard());
                        s.setInt(3, map.slot(slot).shard());
                        s.addBatch();
                    }
                    s.executeBatch();
                }
            }
            connection.commit();
        }
    }

    /** Registers one more shard; it has no slots yet. */
    public void add(int index, String name) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            update(connection, "INSERT INTO shard (index, name) VALUES (?, ?)", index, name);
            raise(connection);
            connection.commit();
        }
    }

    public List<Entry> shards() throws SQLException {
        List<Entry> entries = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT index, name FROM shard ORDER BY index")) {
            while (row.next()) {
                entries.add(new Entry(row.getInt(1), row.getString(2)));
            }
        }
        return entries;
    }

    /** The version now; cheap, for looking whether a map is the latest. */
    public long version() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT version FROM directory")) {
            if (!row.next()) {
                throw new SQLException("the directory of shards is empty");
            }
            return row.getLong(1);
        }
    }

    /** The whole map at one version. */
    public SlotMap load() throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            long version;
            List<Slot> slots = new ArrayList<>();
            Map<Integer, List<SlotMap.Former>> former = new HashMap<>();
            try (Statement s = connection.createStatement()) {
                try (ResultSet row = s.executeQuery("SELECT version FROM directory")) {
                    if (!row.next()) {
                        throw new SQLException("the directory of shards is empty");
                    }
                    version = row.getLong(1);
                }
                try (ResultSet row = s.executeQuery("SELECT shard, state, target FROM slot ORDER BY slot")) {
                    while (row.next()) {
                        slots.add(new Slot(row.getInt(1), State.valueOf(row.getString(2)), row.getInt(3)));
                    }
                }
                try (ResultSet row =
                        s.executeQuery("SELECT slot, shard, position FROM former ORDER BY slot, moved DESC")) {
                    while (row.next()) {
                        former.computeIfAbsent(row.getInt(1), slot -> new ArrayList<>())
                                .add(new SlotMap.Former(row.getInt(2), row.getLong(3)));
                    }
                }
            }
            connection.commit();
            return new SlotMap(version, slots, former);
        }
    }

    /** How a slot stands at this moment. */
    public Slot slot(int slot) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement s =
                        connection.prepareStatement("SELECT shard, state, target FROM slot WHERE slot = ?")) {
            s.setInt(1, slot);
            try (ResultSet row = s.executeQuery()) {
                row.next();
                return new Slot(row.getInt(1), State.valueOf(row.getString(2)), row.getInt(3));
            }
        }
    }

    /** Says that a slot will move; false when it does not stand as expected. */
    public boolean announce(int slot, int from, int target) throws SQLException {
        return change(
                "UPDATE slot SET state = 'ANNOUNCED', target = ?, announced = (SELECT version + 1 FROM directory)"
                        + " WHERE slot = ? AND shard = ? AND state = 'SETTLED'",
                target,
                slot,
                from);
    }

    /**
     * Takes an announced slot out of service.
     *
     * @param position where the journal of the shard that has it ends
     */
    public boolean begin(int slot, int from, int target, long position) throws SQLException {
        return change(
                "UPDATE slot SET state = 'MOVING', position = ?"
                        + " WHERE slot = ? AND shard = ? AND target = ? AND state = 'ANNOUNCED'",
                position,
                slot,
                from,
                target);
    }

    /**
     * What identifies a move.
     *
     * @param announced version of the directory at which it was announced
     * @param position where the journal of the shard that had the slot ended when it went out of service
     */
    public record MoveId(long announced, long position) {}

    /** The move that a slot is in. */
    public MoveId move(int slot) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement s =
                        connection.prepareStatement("SELECT announced, position FROM slot WHERE slot = ?")) {
            s.setInt(1, slot);
            try (ResultSet row = s.executeQuery()) {
                row.next();
                return new MoveId(row.getLong(1), row.getLong(2));
            }
        }
    }

    /**
     * Does the work as the only mover there is; nothing when there is another. Who dies or loses its connection is the
     * mover no more.
     *
     * @return whether it was done
     */
    public boolean alone(Runnable work) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement s = connection.createStatement()) {
            try (ResultSet row = s.executeQuery("SELECT pg_try_advisory_lock(" + MOVER + ")")) {
                if (!row.next() || !row.getBoolean(1)) {
                    return false;
                }
            }
            try {
                work.run();
            } finally {
                s.execute("SELECT pg_advisory_unlock(" + MOVER + ")");
            }
            return true;
        }
    }

    /** Gives up a move that has moved nothing: the slot stays where it is. */
    public boolean revert(int slot, int from, int target) throws SQLException {
        return change(
                "UPDATE slot SET state = 'SETTLED', target = shard"
                        + " WHERE slot = ? AND shard = ? AND target = ? AND state <> 'SETTLED'",
                slot,
                from,
                target);
    }

    /**
     * Hands a slot over: its target serves it from now on.
     *
     * @param carried what that has carried of its accounts
     */
    public boolean finish(int slot, int from, int target, List<Carry> carried) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            boolean changed = update(
                            connection,
                            "UPDATE slot SET state = 'SETTLED', shard = target"
                                    + " WHERE slot = ? AND shard = ? AND target = ? AND state = 'MOVING'",
                            slot,
                            from,
                            target)
                    == 1;
            if (changed) {
                raise(connection);
                update(
                        connection,
                        "INSERT INTO former (slot, moved, shard, position)"
                                + " SELECT slot, (SELECT version FROM directory), ?, position FROM slot"
                                + " WHERE slot = ?",
                        from,
                        slot);
                insert(connection, carried);
            }
            connection.commit();
            return changed;
        }
    }

    private static void insert(Connection connection, List<Carry> carried) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO carried (moved, account, currency, net, from_shard, left_at, left_on,
                                     to_shard, arrived_at, arrived_on)
                SELECT version, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM directory""")) {
            for (Carry carry : carried) {
                s.setString(1, carry.account());
                s.setString(2, carry.currency().code());
                s.setLong(3, carry.net());
                s.setInt(4, carry.left().shard());
                s.setLong(5, carry.left().id());
                s.setObject(6, carry.left().date());
                s.setInt(7, carry.arrived().shard());
                s.setLong(8, carry.arrived().id());
                s.setObject(9, carry.arrived().date());
                s.addBatch();
            }
            s.executeBatch();
        }
    }

    /** What was carried in moves that ended after one version of the directory and at another, at the latest. */
    public List<Carry> carried(long after, long upTo) throws SQLException {
        List<Carry> carried = new ArrayList<>();
        try (Connection connection = database.getConnection();
                PreparedStatement s = connection.prepareStatement("""
                        SELECT account, currency, net, from_shard, left_at, left_on, to_shard, arrived_at, arrived_on
                          FROM carried WHERE moved > ? AND moved <= ? ORDER BY moved""")) {
            s.setLong(1, after);
            s.setLong(2, upTo);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    carried.add(new Carry(
                            row.getString(1),
                            Currency.of(row.getString(2)),
                            row.getLong(3),
                            new Carry.Entry(row.getInt(4), row.getLong(5), row.getObject(6, LocalDate.class)),
                            new Carry.Entry(row.getInt(7), row.getLong(8), row.getObject(9, LocalDate.class))));
                }
            }
        }
        return carried;
    }

    private boolean change(String sql, Object... parameters) throws SQLException {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            boolean changed = update(connection, sql, parameters) == 1;
            if (changed) {
                raise(connection);
            }
            connection.commit();
            return changed;
        }
    }

    private static void raise(Connection connection) throws SQLException {
        update(connection, "UPDATE directory SET version = version + 1");
    }

    private static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setObject(i + 1, parameters[i]);
            }
            return s.executeUpdate();
        }
    }
}
