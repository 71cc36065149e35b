package org.exchequer.app;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.platform.db.DatabaseAddress;

/** The databases of a ledger's shards on one server: the first is the ledger's own, the others are named after it. */
public final class ShardDatabases {
    private ShardDatabases() {}

    /**
     * As many as the ledger has shards already, or as are wanted if those are more; makes what is missing.
     *
     * @param first the ledger's database, as an administrator
     */
    public static List<DatabaseAddress> on(DatabaseAddress first, int wanted) throws SQLException {
        int shards = Math.max(wanted, registered(first));
        List<DatabaseAddress> databases = new ArrayList<>(List.of(first));
        try (Connection connection = connect(first)) {
            String name = name(connection);
            for (int i = 1; i < shards; i++) {
                String shard = name + "_s" + i;
                create(connection, shard);
                databases.add(first.withDatabase(shard));
            }
        }
        return databases;
    }

    /** How many shards the ledger on this database has; 1 when it is a whole one. */
    static int registered(DatabaseAddress first) throws SQLException {
        try (Connection connection = connect(first);
                Statement statement = connection.createStatement()) {
            try (ResultSet found = statement.executeQuery("SELECT to_regclass('shards.shard') IS NOT NULL")) {
                if (!found.next() || !found.getBoolean(1)) {
                    return 1;
                }
            }
            try (ResultSet count = statement.executeQuery("SELECT greatest(1, count(*)) FROM shards.shard")) {
                count.next();
                return count.getInt(1);
            }
        }
    }

    private static Connection connect(DatabaseAddress address) throws SQLException {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private static String name(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("SELECT current_database()")) {
            name.next();
            return name.getString(1);
        }
    }

    private static void create(Connection connection, String database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet found =
                    statement.executeQuery("SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
                if (found.next()) {
                    return;
                }
            }
            statement.execute("CREATE DATABASE \"" + database + "\"");
        }
    }
}
