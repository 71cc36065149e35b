package org.exchequer.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.platform.db.DatabaseAddress;

/**
 * The usual way to post over two PostgreSQL clusters: a transaction on each, in one call of a server-side function,
 * made durable by {@code PREPARE TRANSACTION} and then committed on both. The first commit is the decision. Each
 * side inserts its half under the transfer's unique key, checks and updates its account, and writes a statement
 * line. The clusters are always taken in the same order, so that transfers cannot deadlock. No recovery of what a
 * crash leaves prepared, no accounts in transit, no hash chain, no remembered rejections.
 */
final class TwoPhaseSql implements AutoCloseable {
    private final HikariDataSource one;
    private final HikariDataSource two;
    private final AtomicLong names = new AtomicLong();

    TwoPhaseSql(DatabaseAddress one, DatabaseAddress two, int connections, int accounts) throws SQLException {
        this.one = pool(one, connections);
        this.two = pool(two, connections);
        prepare(this.one, accounts);
        prepare(this.two, accounts);
    }

    private static HikariDataSource pool(DatabaseAddress address, int connections) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.jdbcUrl());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(connections);
        config.setConnectionTimeout(60_000);
        return new HikariDataSource(config);
    }

    private static void prepare(HikariDataSource pool, int accounts) throws SQLException {
        try (Connection c = pool.getConnection();
                Statement s = c.createStatement()) {
            s.execute("""
                    CREATE SCHEMA two_phase;
                    CREATE TABLE two_phase.account (
                        id int PRIMARY KEY, open boolean NOT NULL, overdraft_limit bigint NOT NULL,
                        balance bigint NOT NULL) WITH (fillfactor = 50);
                    CREATE TABLE two_phase.half (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, key uuid NOT NULL UNIQUE,
                        account int NOT NULL, amount bigint NOT NULL,
                        recorded_at timestamptz NOT NULL DEFAULT clock_timestamp());
                    CREATE TABLE two_phase.statement_line (
                        account int NOT NULL, half bigint NOT NULL, amount bigint NOT NULL,
                        balance_after bigint NOT NULL, PRIMARY KEY (account, half));
                    CREATE FUNCTION two_phase.half(k uuid, who int, a bigint) RETURNS bigint
                    LANGUAGE plpgsql AS $$
                    DECLARE new_id bigint; after bigint;
                    BEGIN
                        INSERT INTO two_phase.half (key, account, amount) VALUES (k, who, a) RETURNING id INTO new_id;
                        UPDATE two_phase.account SET balance = balance + a
                            WHERE id = who AND open AND balance + a >= -overdraft_limit RETURNING balance INTO after;
                        IF after IS NULL THEN
                            RAISE EXCEPTION 'refused';
                        END IF;
                        INSERT INTO two_phase.statement_line VALUES (who, new_id, a, after);
                        RETURN new_id;
                    END $$""");
            s.execute("INSERT INTO two_phase.account SELECT i, true, 1000000000000, 0 FROM generate_series(0, "
                    + (accounts - 1) + ") i");
            s.execute("VACUUM ANALYZE two_phase.account");
        }
    }

    /** One transfer between the clusters, in either direction. */
    Load.Caller caller() {
        return pairs -> {
            pairs.next();
            UUID key = Keys.TIME_ORDERED.next();
            String name = "x" + names.incrementAndGet();
            long amount = (pairs.debit() & 1) == 0 ? 1 : -1;
            try (Connection left = one.getConnection();
                    Connection right = two.getConnection()) {
                half(left, name, key, pairs.debit(), -amount);
                half(right, name, key, pairs.credit(), amount);
                execute(left, "COMMIT PREPARED '" + name + "'");
                execute(right, "COMMIT PREPARED '" + name + "'");
            }
            return 1;
        };
    }

    private static void half(Connection connection, String name, UUID key, int account, long amount)
            throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement s = connection.prepareStatement("SELECT two_phase.half(?, ?, ?)")) {
            s.setObject(1, key);
            s.setInt(2, account);
            s.setLong(3, amount);
            s.executeQuery().close();
        }
        execute(connection, "PREPARE TRANSACTION '" + name + "'");
        connection.setAutoCommit(true);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(sql);
        }
    }

    @Override
    public void close() {
        one.close();
        two.close();
    }
}
