package org.exchequer.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.exchequer.platform.db.DatabaseAddress;

/**
 * The usual ways to keep a ledger in SQL: one transaction per transfer, as the statements of a client or as one call of
 * a server-side function. Either inserts the transfer under its unique key, checks and updates both accounts in order
 * of number (so that it cannot deadlock), refuses closed accounts and overdrafts, and writes a statement line with the
 * running balance for each. It keeps no request digest, no hash chain and no remembered rejections.
 */
final class SqlBaseline implements AutoCloseable {
    /** How the transaction reaches the server. */
    enum Style {
        /** As fast as we could make it: one round trip. */
        FUNCTION("SQL, one call of a function"),
        /** As pgbench's script does, and most programs: prepared statements one after the other, then COMMIT. */
        STATEMENTS("SQL, pgbench style");

        final String text;

        Style(String text) {
            this.text = text;
        }
    }

    private static final String INSERT =
            "INSERT INTO baseline.transfer (key, debit, credit, amount) VALUES (?, ?, ?, ?) RETURNING id";
    private static final String UPDATE = """
            UPDATE baseline.account SET balance = balance + ?
             WHERE id = ? AND open AND balance + ? >= -overdraft_limit RETURNING balance""";
    private static final String LINES = "INSERT INTO baseline.statement_line VALUES (?, ?, ?, ?), (?, ?, ?, ?)";

    private final HikariDataSource pool;

    SqlBaseline(DatabaseAddress address, int connections, int accounts) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.setConnectionTimeout(60_000);
        pool = new HikariDataSource(config);
        try (Connection c = pool.getConnection();
                Statement s = c.createStatement()) {
            s.execute("""
                    CREATE SCHEMA IF NOT EXISTS baseline;
                    CREATE TABLE IF NOT EXISTS baseline.account (
                        id int PRIMARY KEY, open boolean NOT NULL, overdraft_limit bigint NOT NULL,
                        balance bigint NOT NULL) WITH (fillfactor = 50);
                    CREATE TABLE IF NOT EXISTS baseline.transfer (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL UNIQUE,
                        debit int NOT NULL, credit int NOT NULL, amount bigint NOT NULL,
                        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp());
                    CREATE TABLE IF NOT EXISTS baseline.statement_line (
                        account int NOT NULL, transfer bigint NOT NULL, amount bigint NOT NULL,
                        balance_after bigint NOT NULL, PRIMARY KEY (account, transfer));
                    CREATE OR REPLACE FUNCTION baseline.transfer(k uuid, d int, c int, a bigint) RETURNS bigint
                    LANGUAGE plpgsql AS $$
                    DECLARE new_id bigint; debited bigint; credited bigint;
                    BEGIN
                        INSERT INTO baseline.transfer (key, debit, credit, amount) VALUES (k, d, c, a)
                            ON CONFLICT (key) DO NOTHING RETURNING id INTO new_id;
                        IF new_id IS NULL THEN
                            RETURN (SELECT id FROM baseline.transfer WHERE key = k);
                        END IF;
                        IF d > c THEN
                            UPDATE baseline.account SET balance = balance + a WHERE id = c AND open
                                RETURNING balance INTO credited;
                        END IF;
                        UPDATE baseline.account SET balance = balance - a
                            WHERE id = d AND open AND balance - a >= -overdraft_limit RETURNING balance INTO debited;
                        IF d < c THEN
                            UPDATE baseline.account SET balance = balance + a WHERE id = c AND open
                                RETURNING balance INTO credited;
                        END IF;
                        IF debited IS NULL OR credited IS NULL THEN
                            RAISE EXCEPTION 'refused';
                        END IF;
                        INSERT INTO baseline.statement_line
                            VALUES (d, new_id, -a, debited), (c, new_id, a, credited);
                        RETURN new_id;
                    END $$""");
            s.execute("INSERT INTO baseline.account SELECT i, true, 1000000000000, 0 FROM generate_series(0, "
                    + (accounts - 1) + ") i ON CONFLICT DO NOTHING");
        }
    }

    void transfer(Style style, UUID key, int debit, int credit) throws SQLException {
        switch (style) {
            case FUNCTION -> call(key, debit, credit);
            case STATEMENTS -> statements(key, debit, credit);
        }
    }

    private void statements(UUID key, int debit, int credit) throws SQLException {
        try (Connection c = pool.getConnection()) {
            c.setAutoCommit(false);
            long id = number(c, INSERT, key, debit, credit, 1L);
            boolean debitFirst = debit < credit;
            int lower = debitFirst ? debit : credit;
            long toLower = debitFirst ? -1 : 1;
            long first = number(c, UPDATE, toLower, lower, toLower);
            long second = number(c, UPDATE, -toLower, debit + credit - lower, -toLower);
            try (PreparedStatement s = c.prepareStatement(LINES)) {
                set(s, debit, id, -1L, debitFirst ? first : second, credit, id, 1L, debitFirst ? second : first);
                s.executeUpdate();
            }
            c.commit();
        }
    }

    /** The one value that a statement answers with; when there is none, the transaction is given up. */
    private static long number(Connection c, String sql, Object... values) throws SQLException {
        try (PreparedStatement s = c.prepareStatement(sql)) {
            set(s, values);
            try (ResultSet row = s.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("refused: " + sql);
                }
                return row.getLong(1);
            }
        }
    }

    private static void set(PreparedStatement s, Object... values) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            s.setObject(i + 1, values[i]);
        }
    }

    private void call(UUID key, int debit, int credit) throws SQLException {
        try (Connection c = pool.getConnection();
                PreparedStatement s = c.prepareStatement("SELECT baseline.transfer(?, ?, ?, ?)")) {
            s.setObject(1, key);
            s.setInt(2, debit);
            s.setInt(3, credit);
            s.setLong(4, 1);
            try (ResultSet row = s.executeQuery()) {
                row.next();
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
