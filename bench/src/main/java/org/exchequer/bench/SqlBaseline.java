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
 * The usual way to keep a ledger in SQL, doing the same job as fast as we could make it: one transaction per transfer,
 * in one call of a server-side function (one round trip). It inserts the transfer under its unique key, checks and
 * updates both accounts in order of number (so that it cannot deadlock), refuses closed accounts and overdrafts, and
 * writes a statement line with the running balance for each. It keeps no request digest, no hash chain and no
 * remembered rejections.
 */
final class SqlBaseline implements AutoCloseable {
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

    void transfer(UUID key, int debit, int credit) throws SQLException {
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
