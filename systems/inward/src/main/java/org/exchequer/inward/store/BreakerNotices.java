package org.exchequer.inward.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** What nodes tell each other of their breakers. Hints: a reader may miss one that was written at the same moment. */
public final class BreakerNotices {
    private static final int MOST = 1_000;

    private static final String INSERT = "insert into breaker_notice (node, breaker, opened) values (?, ?, ?)";

    private static final String SELECT = """
            select number, node, breaker, opened from breaker_notice
             where number > ? and at > now() - ? * interval '1 millisecond' order by number limit ?
            """;

    private final DataSource database;

    public BreakerNotices(DataSource database) {
        this.database = database;
    }

    /** One, with its number; 0 before it has one. */
    public record Row(long number, String node, String breaker, boolean opened) {}

    /** Stores them in one commit. */
    public void post(List<Row> rows) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(INSERT)) {
            connection.setAutoCommit(false);
            for (Row row : rows) {
                insert.setString(1, row.node());
                insert.setString(2, row.breaker());
                insert.setBoolean(3, row.opened());
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        }
    }

    /** Those after a number that are not older than that. */
    public List<Row> after(long number, Duration age) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(SELECT)) {
            select.setLong(1, number);
            select.setLong(2, age.toMillis());
            select.setInt(3, MOST);
            try (ResultSet row = select.executeQuery()) {
                List<Row> rows = new ArrayList<>();
                while (row.next()) {
                    rows.add(new Row(row.getLong(1), row.getString(2), row.getString(3), row.getBoolean(4)));
                }
                return rows;
            }
        }
    }

    /** Forgets those of more than an hour ago. */
    public void trim() throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement delete = connection.prepareStatement(
                        "delete from breaker_notice where at < now() - interval '1 hour'")) {
            delete.executeUpdate();
        }
    }
}
