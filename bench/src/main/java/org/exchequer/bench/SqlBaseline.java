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
 * The usual way to keep a ledger in SQL, as fast as we could make it: one transaction per transfer, done by one call of
 * a server-side function (one round trip, no client-side transaction), which inserts the transfer under its unique key
 * and updates both balances in order of account, so that it cannot deadlock.
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
                        id int PRIMARY KEY, balance bigint NOT NULL) WITH (fillfactor = 50);
                    CREATE TABLE IF NOT EXISTS baseline.transfer (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL UNIQUE,
                        debit int NOT NULL, credit int NOT NULL, amount bigint NOT NULL,
                        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp());
                    CREATE OR REPLACE FUNCTION baseline.transfer(k uuid, d int, c int, a bigint) RETURNS bigint
                    LANGUAGE plpgsql AS $$
                    DECLARE new_id bigint;
                    BEGIN
                        INSERT INTO baseline.transfer (key, debit, credit, amount)
                        VALUES (k, d, c, a) RETURNING id INTO new_id;
                        IF d < c THEN
                            UPDATE baseline.account SET balance = balance - a WHERE id = d;
                            UPDATE baseline.account SET balance = balance + a WHERE id = c;
                        ELSE
                            UPDATE baseline.account SET balance = balance + a WHERE id = c;
                            UPDATE baseline.account SET balance = balance - a WHERE id = d;
                        END IF;
                        RETURN new_id;
                    END $$""");
            s.execute("INSERT INTO baseline.account SELECT i, 0 FROM generate_series(0, " + (accounts - 1)
                    + ") i ON CONFLICT DO NOTHING");
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
