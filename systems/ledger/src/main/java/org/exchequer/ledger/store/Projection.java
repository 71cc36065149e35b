package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;

/**
 * Balances, statement lines and references, derived from the journal as it stands in the database: an account of the
 * books that owes nothing to the writer's memory. One step is one transaction, so all of it always stands at one
 * sequence.
 */
public final class Projection {
    private static final String LOCK = "SELECT sequence FROM projection WHERE name = 'books' FOR UPDATE";
    /** A step ends with the closing of a day, so that one transaction makes at most one snapshot. */
    private static final String UP_TO = """
            SELECT coalesce((SELECT min(sequence) FROM journal
                              WHERE kind = 12 AND outcome = 0 AND sequence > ?
                                AND sequence <= least(last_sequence, ? + ?)),
                            least(last_sequence, ? + ?))
              FROM writer WHERE shard = 1""";

    private static final List<String> REFERENCES = List.of("""
            INSERT INTO transaction_reference (reference, sequence)
            SELECT r.reference, j.sequence
              FROM journal j, LATERAL (SELECT j.reference UNION SELECT j.correlation_id) AS r (reference)
             WHERE j.sequence > ? AND j.sequence <= ? AND j.outcome = 0 AND r.reference IS NOT NULL
               AND (j.amount IS NOT NULL OR j.legs IS NOT NULL)
               AND (j.reference IS NOT NULL OR j.correlation_id IS NOT NULL)""");

    private static final List<String> HOLDS = List.of("""
            INSERT INTO balance AS b (account_id, debits, credits, pending_debits, pending_credits)
            SELECT account_id, 0, 0, sum(debits), sum(credits)
              FROM journal j, LATERAL (VALUES (debit_account, pending, 0), (credit_account, 0, pending))
                   AS side (account_id, debits, credits)
             WHERE sequence > ? AND sequence <= ? AND pending IS NOT NULL
             GROUP BY account_id ORDER BY account_id
            ON CONFLICT (account_id) DO UPDATE
               SET pending_debits = b.pending_debits + excluded.pending_debits,
                   pending_credits = b.pending_credits + excluded.pending_credits""", """
            INSERT INTO pending_transaction
                   (id, debit_account, credit_account, amount, remaining, last_kind, expires_at)
            SELECT sequence, debit_account, credit_account, pending, pending, kind, expires_at
              FROM journal WHERE sequence > ? AND sequence <= ? AND kind = 6 AND outcome = 0""", """
            UPDATE pending_transaction p
               SET remaining = p.remaining + acted.pending, posted = p.posted + acted.posted, last_kind = acted.kind
              FROM (SELECT refers_to, sum(pending) AS pending, sum(coalesce(amount, 0)) AS posted,
                           (array_agg(kind ORDER BY sequence DESC))[1] AS kind
                      FROM journal WHERE sequence > ? AND sequence <= ? AND kind IN (7, 8, 9) AND outcome = 0
                     GROUP BY refers_to) acted
             WHERE p.id = acted.refers_to""", """
            -- Who looks for a hold's reference finds what was posted of it.
            INSERT INTO transaction_reference (reference, sequence)
            SELECT r.reference, j.sequence
              FROM journal j
              JOIN journal h ON h.sequence = j.refers_to,
                   LATERAL (SELECT h.reference UNION SELECT h.correlation_id) AS r (reference)
             WHERE j.sequence > ? AND j.sequence <= ? AND j.kind = 7 AND j.outcome = 0 AND r.reference IS NOT NULL
            ON CONFLICT DO NOTHING""");

    private static final List<String> ADJUSTMENTS = List.of("""
            INSERT INTO adjustment (id)
            SELECT sequence FROM journal WHERE sequence > ? AND sequence <= ? AND kind = 10 AND outcome = 0""", """
            UPDATE adjustment a
               SET decided = j.sequence,
                   approved = j.amount IS NOT NULL OR j.legs IS NOT NULL OR j.body -> 'account' IS NOT NULL,
                   decided_by = j.body ->> 'decidedBy'
              FROM journal j
             WHERE j.sequence > ? AND j.sequence <= ? AND j.kind = 11 AND j.outcome = 0 AND a.id = j.refers_to""");

    private static final String CLOSINGS = """
            SELECT sequence, recorded_at, body ->> 'day' AS day, body ->> 'closedBy' AS closed_by
              FROM journal WHERE sequence > ? AND sequence <= ? AND kind = 12 AND outcome = 0 ORDER BY sequence""";
    /** From the snapshot before, so that it costs what has moved since and not the whole history. */
    private static final String SNAPSHOT = """
            WITH closed AS (SELECT max(day) AS before FROM day_close)
            INSERT INTO day_balance (day, account_id, debits, credits)
            SELECT ?, account_id, sum(debits), sum(credits)
              FROM (SELECT account_id, debits, credits FROM day_balance, closed WHERE day = before
                    UNION ALL
                    SELECT account_id, debits, credits FROM movement, closed
                     WHERE booking_date > coalesce(before, '-infinity') AND booking_date <= ?) moved
             GROUP BY account_id ORDER BY account_id""";

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
            long to = number(connection, UP_TO, from, from, atMost, from, atMost);
            if (to > from) {
                ProjectedLegs legs = ProjectedLegs.read(connection, from, to);
                to = legs.to();
                legs.write(connection);
                rarities(connection, legs, from, to);
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

    private static void run(Connection connection, List<String> steps, long from, long to) throws SQLException {
        for (String step : steps) {
            try (PreparedStatement s = connection.prepareStatement(step)) {
                s.setLong(1, from);
                s.setLong(2, to);
                s.executeUpdate();
            }
        }
    }

    /** What is not in every stretch of the journal, and looked for only where there is some of it. */
    private static void rarities(Connection connection, ProjectedLegs legs, long from, long to) throws SQLException {
        if (legs.hasReferences()) {
            run(connection, REFERENCES, from, to);
        }
        if (legs.hasHolds()) {
            run(connection, HOLDS, from, to);
        }
        if (legs.hasAdjustments()) {
            run(connection, ADJUSTMENTS, from, to);
        }
        if (legs.hasClosings()) {
            closings(connection, from, to);
        }
    }

    /**
     * Snapshots each day that was closed. All its entries stand before the closing and everything after belongs to a
     * later day, so the movements up to the day are final whatever else this step takes in.
     */
    private static void closings(Connection connection, long from, long to) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement(CLOSINGS)) {
            s.setLong(1, from);
            s.setLong(2, to);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    LocalDate day = LocalDate.parse(row.getString("day"));
                    try (PreparedStatement snapshot = connection.prepareStatement(SNAPSHOT)) {
                        snapshot.setObject(1, day);
                        snapshot.setObject(2, day);
                        snapshot.executeUpdate();
                    }
                    try (PreparedStatement close = connection.prepareStatement(
                            "INSERT INTO day_close (day, sequence, closed_at, closed_by) VALUES (?, ?, ?, ?)")) {
                        close.setObject(1, day);
                        close.setLong(2, row.getLong("sequence"));
                        close.setObject(3, row.getObject("recorded_at"));
                        close.setString(4, row.getString("closed_by"));
                        close.executeUpdate();
                    }
                }
            }
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
