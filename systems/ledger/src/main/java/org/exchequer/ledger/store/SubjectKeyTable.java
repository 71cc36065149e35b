package org.exchequer.ledger.store;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.prooflog.MasterKey;
import org.exchequer.prooflog.MasterKeys;
import org.exchequer.prooflog.SubjectKeyStore;
import org.exchequer.prooflog.SubjectKeys;
import org.exchequer.prooflog.WrongMasterKeyException;
import org.jspecify.annotations.Nullable;

/** Wrapped keys of subjects, in two tables beside the journal, shared by all nodes. */
public final class SubjectKeyTable {
    /** What the secret that names keys is wrapped for. */
    public static final byte[] NAMING = "naming".getBytes(StandardCharsets.US_ASCII);

    private static final String FOREIGN_KEY_VIOLATION = "23503";
    private static final int REWRAP_AT_ONCE = 1_000;

    private final DataSource database;

    public SubjectKeyTable(DataSource database) {
        this.database = database;
    }

    /**
     * Under which master key the keys are.
     *
     * @param generation how often it was replaced
     * @param naming the secret that keys are named by, wrapped
     */
    public record Master(int generation, byte[] naming) {}

    /** Empty as long as nothing was sealed. */
    public Optional<Master> master() {
        return with(connection -> Optional.ofNullable(master(connection, "")));
    }

    /** Begins, unless another node just did. */
    public Master begin(byte[] naming) {
        return with(connection -> {
            try (PreparedStatement s = connection.prepareStatement(
                    "INSERT INTO subject_master (generation, naming) VALUES (1, ?) ON CONFLICT DO NOTHING")) {
                s.setBytes(1, naming);
                s.executeUpdate();
            }
            Master begun = master(connection, "");
            if (begun == null) {
                throw new SQLException("the row of the master key is missing");
            }
            return begun;
        });
    }

    private static @Nullable Master master(Connection connection, String locking) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT generation, naming FROM subject_master" + locking)) {
            return row.next() ? new Master(row.getInt("generation"), row.getBytes("naming")) : null;
        }
    }

    /** The keys, as wrapped by the master key of this generation. */
    public SubjectKeyStore keys(int generation) {
        return new SubjectKeyStore() {
            @Override
            public Map<String, byte[]> find(Set<String> names) {
                return names.isEmpty() ? Map.of() : with(connection -> SubjectKeyTable.find(connection, names));
            }

            @Override
            public byte[] putIfAbsent(String name, byte[] wrapped) {
                return with(connection -> put(connection, generation, name, wrapped));
            }

            @Override
            public boolean erase(String name) {
                throw new UnsupportedOperationException("a key is destroyed by a decision of two people");
            }

            @Override
            public SortedMap<String, Boolean> names() {
                return with(SubjectKeyTable::names);
            }
        };
    }

    private static Map<String, byte[]> find(Connection connection, Set<String> names) throws SQLException {
        Map<String, byte[]> found = new HashMap<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT name, wrapped FROM subject_key WHERE name = ANY (?)")) {
            s.setArray(1, connection.createArrayOf("text", names.toArray()));
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    byte[] wrapped = row.getBytes("wrapped");
                    found.put(row.getString("name"), wrapped == null ? new byte[0] : wrapped);
                }
            }
        }
        return found;
    }

    private static SortedMap<String, Boolean> names(Connection connection) throws SQLException {
        SortedMap<String, Boolean> names = new TreeMap<>();
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT name, wrapped IS NOT NULL FROM subject_key")) {
            while (row.next()) {
                names.put(row.getString(1), row.getBoolean(2));
            }
        }
        return names;
    }

    private static byte[] put(Connection connection, int generation, String name, byte[] wrapped) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                INSERT INTO subject_key (name, wrapped, generation) VALUES (?, ?, ?)
                    ON CONFLICT (name) DO NOTHING""")) {
            s.setString(1, name);
            s.setBytes(2, wrapped);
            s.setInt(3, generation);
            s.executeUpdate();
        } catch (SQLException e) {
            if (FOREIGN_KEY_VIOLATION.equals(e.getSQLState())) {
                throw new WrongMasterKeyException(
                        "the ledger's master key was replaced: start this node again with the new one");
            }
            throw e;
        }
        byte[] kept = find(connection, Set.of(name)).get(name);
        if (kept == null) {
            throw new SQLException("the key vanished: " + name);
        }
        return kept;
    }

    /**
     * Wraps all keys by another master key, in one transaction: whenever the process dies, all of them are under the
     * one or all under the other. Nodes that go on with the former can neither open nor make keys any more.
     *
     * @param connection as the owner of the tables, the ledger's schema first in its search path; the caller's alone
     * @param from where the present one is
     * @param next makes the other one, once the present one is known
     * @return how many keys
     * @throws WrongMasterKeyException when the present one is not there, or nothing has been sealed yet
     */
    public static long rewrap(Connection connection, MasterKeys from, Supplier<MasterKey> next) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try {
            // Locked: who makes a key at this moment waits, and then finds that its generation is gone.
            Master master = master(connection, " FOR UPDATE");
            if (master == null) {
                throw new WrongMasterKeyException("nothing has been sealed yet: there is no key to wrap again");
            }
            MasterKey present = from.opening(NAMING, master.naming())
                    .orElseThrow(() -> new WrongMasterKeyException("there is no master key here"));
            MasterKey to = next.get();
            byte[] naming = present.unwrap(NAMING, master.naming());
            long count = 0;
            String last = "";
            for (Map<String, byte[]> some = after(connection, last); !some.isEmpty(); some = after(connection, last)) {
                last = rewrap(connection, some, present, to);
                count += some.size();
            }
            try (PreparedStatement s =
                    connection.prepareStatement("UPDATE subject_master SET generation = generation + 1, naming = ?")) {
                s.setBytes(1, to.wrap(NAMING, naming));
                s.executeUpdate();
            }
            connection.commit();
            return count;
        } finally {
            if (!connection.isClosed()) {
                // Without effect after the commit.
                connection.rollback();
                connection.setAutoCommit(autoCommit);
            }
        }
    }

    private static Map<String, byte[]> after(Connection connection, String name) throws SQLException {
        Map<String, byte[]> some = new LinkedHashMap<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT name, wrapped FROM subject_key WHERE name > ? AND wrapped IS NOT NULL
                 ORDER BY name LIMIT ? FOR UPDATE""")) {
            s.setString(1, name);
            s.setInt(2, REWRAP_AT_ONCE);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    some.put(row.getString("name"), row.getBytes("wrapped"));
                }
            }
        }
        return some;
    }

    private static String rewrap(Connection connection, Map<String, byte[]> some, MasterKey from, MasterKey to)
            throws SQLException {
        List<String> names = List.copyOf(some.keySet());
        byte[][] wrapped = names.stream()
                .map(name -> SubjectKeys.rewrap(name, Objects.requireNonNull(some.get(name)), from, to))
                .toArray(byte[][]::new);
        try (PreparedStatement s = connection.prepareStatement("""
                UPDATE subject_key AS k SET wrapped = fresh.wrapped
                  FROM unnest(?, ?) AS fresh (name, wrapped)
                 WHERE k.name = fresh.name""")) {
            s.setArray(1, connection.createArrayOf("text", names.toArray()));
            s.setArray(2, connection.createArrayOf("bytea", wrapped));
            s.executeUpdate();
        }
        return names.getLast();
    }

    @FunctionalInterface
    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    private <T> T with(Work<T> work) {
        return with(database, work);
    }

    static <T> T with(DataSource database, Work<T> work) {
        try (Connection connection = database.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw new LedgerUnavailableException("the keys of sealed data cannot be reached", e);
        }
    }
}
