package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Balances, statement lines and references, derived from the journal by SQL alone: an account of the books that owes
 * nothing to the writer's memory. One step is one transaction, so all of it always stands at one sequence.
 */
public final class Projection {
    private static final String LOCK = "SELECT sequence FROM projection WHERE name = 'books' FOR UPDATE";
    private static final String UP_TO = "SELECT least(last_sequence, ? + ?) FROM writer WHERE shard = 1";

    private static final List<String> STEPS = List.of(
            // In order of account, so that one account's lines share index pages.
            """
            INSERT INTO statement_line (account_id, sequence, leg, signed_amount, balance_after)
            SELECT account_id, sequence, leg, signed_amount, balance_after
              FROM entry WHERE sequence > ? AND sequence <= ?
             ORDER BY account_id, sequence, leg""", """
            INSERT INTO balance AS b (account_id, debits, credits)
            SELECT account_id,
                   sum(greatest(signed_amount, 0))::bigint,
                   sum(greatest(-signed_amount, 0))::bigint
              FROM entry WHERE sequence > ? AND sequence <= ?
             GROUP BY account_id ORDER BY account_id
            ON CONFLICT (account_id) DO UPDATE
               SET debits = b.debits + excluded.debits, credits = b.credits + excluded.credits""", """
            INSERT INTO transaction_reference (reference, sequence)
            SELECT r.reference, j.sequence
              FROM journal j, LATERAL (SELECT j.reference UNION SELECT j.correlation_id) AS r (reference)
             WHERE j.sequence > ? AND j.sequence <= ? AND j.outcome = 0 AND j.kind <= 3 AND r.reference IS NOT NULL
               AND (j.reference IS NOT NULL OR j.correlation_id IS NOT NULL)""");

    private Projection() {}

    /** How far the projection reaches. */
    public static long position(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT sequence FROM projection WHERE name = 'books'")) {
            if (!row.next()) {
                throw new SQLException("the projection's position is missing");
            }
            return row.getLong(1);
        }
    }

    /**
     * Takes in up to {@code atMost} further journal entries and returns the new position. Safe to run in several
     * processes: they take turns.
     */
    public static long advance(Connection connection, int atMost) throws SQLException {
        connection.setAutoCommit(false);
        try {
            long from = number(connection, LOCK);
            long to = number(connection, UP_TO, from, atMost);
            if (to > from) {
                for (String step : STEPS) {
                    try (PreparedStatement s = connection.prepareStatement(step)) {
                        s.setLong(1, from);
                        s.setLong(2, to);
                        s.executeUpdate();
                    }
                }
                try (PreparedStatement s =
                        connection.prepareStatement("UPDATE projection SET sequence = ? WHERE name = 'books'")) {
                    s.setLong(1, to);
                    s.executeUpdate();
                }
            }
            connection.commit();
            return Math.max(from, to);
        } catch (SQLException e) {
            rollback(connection, e);
            throw e;
        }
    }

    private static void rollback(Connection connection, SQLException cause) {
        try {
            connection.rollback();
        } catch (SQLException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
    }

    private static long number(Connection connection, String sql, long... parameters) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                s.setLong(i + 1, parameters[i]);
            }
            try (ResultSet row = s.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("no row for: " + sql);
                }
                return row.getLong(1);
            }
        }
    }
}
