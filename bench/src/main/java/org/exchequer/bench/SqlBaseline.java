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
 * running balance for each. It keeps no request digest, no hash chain and no remembered rejections, but for
 * {@link Style#CHAINED}, which keeps the first two.
 */
final class SqlBaseline implements AutoCloseable {
    /** How the transaction reaches the server. */
    enum Style {
        /** As fast as we could make it: one round trip. */
        FUNCTION("SQL, one call of a function"),
        /** As pgbench's script does, and most programs: prepared statements one after the other, then COMMIT. */
        STATEMENTS("SQL, pgbench style"),
        /**
         * One round trip, and what the ledger promises besides: a digest of the request, a value date, and a hash over
         * each transfer and the hash before. The chain has one end: who has it keeps others from it until commit.
         */
        CHAINED("SQL, one call, with hash chain");

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
                        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
                        digest bytea, value_date date);
                    CREATE TABLE IF NOT EXISTS baseline.statement_line (
                        account int NOT NULL, transfer bigint NOT NULL, amount bigint NOT NULL,
                        balance_after bigint NOT NULL, PRIMARY KEY (account, transfer));
                    CREATE TABLE IF NOT EXISTS baseline.chain (
                        sequence bigint PRIMARY KEY, transfer bigint NOT NULL, hash bytea NOT NULL);
                    CREATE TABLE IF NOT EXISTS baseline.head (
                        one int PRIMARY KEY, sequence bigint NOT NULL, hash bytea NOT NULL) WITH (fillfactor = 10);
                    INSERT INTO baseline.head VALUES (1, 0, sha256('')) ON CONFLICT DO NOTHING""");
            s.execute(function("transfer", "", "", "", ""));
            s.execute(function(
                    "chained",
                    ", digest, value_date",
                    ", sha256(int4send(d) || int4send(c) || int8send(a)), current_date",
                    " AND digest = sha256(int4send(d) || int4send(c) || int8send(a))",
                    """
                    UPDATE baseline.head SET sequence = sequence + 1,
                            hash = sha256(hash || uuid_send(k) || int4send(d) || int4send(c) || int8send(a))
                        RETURNING sequence, hash INTO place, link;
                    INSERT INTO baseline.chain VALUES (place, new_id, link);"""));
            s.execute("INSERT INTO baseline.account SELECT i, true, 1000000000000, 0 FROM generate_series(0, "
                    + (accounts - 1) + ") i ON CONFLICT DO NOTHING");
        }
    }

    /**
     * The whole transfer on the server.
     *
     * @param columns further columns of the transfer, and their values
     * @param same how else a transfer of the same key is known as the same
     * @param last what is done in the end
     */
    private static String function(String name, String columns, String values, String same, String last) {
        return """
                CREATE OR REPLACE FUNCTION baseline.%s(k uuid, d int, c int, a bigint) RETURNS bigint
                LANGUAGE plpgsql AS $$
                DECLARE new_id bigint; debited bigint; credited bigint; place bigint; link bytea;
                BEGIN
                    INSERT INTO baseline.transfer (key, debit, credit, amount%s) VALUES (k, d, c, a%s)
                        ON CONFLICT (key) DO NOTHING RETURNING id INTO new_id;
                    IF new_id IS NULL THEN
                        RETURN (SELECT id FROM baseline.transfer WHERE key = k%s);
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
                    %s
                    RETURN new_id;
                END $$""".formatted(name, columns, values, same, last);
    }

    void transfer(Style style, UUID key, int debit, int credit) throws SQLException {
        switch (style) {
            case FUNCTION -> call("SELECT baseline.transfer(?, ?, ?, ?)", key, debit, credit);
            case CHAINED -> call("SELECT baseline.chained(?, ?, ?, ?)", key, debit, credit);
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

    private void call(String sql, UUID key, int debit, int credit) throws SQLException {
        try (Connection c = pool.getConnection();
                PreparedStatement s = c.prepareStatement(sql)) {
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
