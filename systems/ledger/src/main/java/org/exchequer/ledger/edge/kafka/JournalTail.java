package org.exchequer.ledger.edge.kafka;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.store.JournalReader;
import org.exchequer.ledger.store.LedgerQueries;

/** The journal as the {@link LedgerRelay} reads it: in order of position, and only what is committed. */
public final class JournalTail {
    private static final String BACKLOG = """
            SELECT w.last_sequence - ?,
                   coalesce(extract(epoch FROM clock_timestamp() - j.recorded_at), 0)
              FROM writer w LEFT JOIN journal j ON j.sequence = ? WHERE w.shard = 1
            """;

    /** How far to read at once, so that transactions of a thousand legs do not fill the memory. */
    private static final String WITHIN_BYTES = """
            SELECT coalesce(max(sequence), ? + 1)
              FROM (SELECT sequence,
                           sum(coalesce(pg_column_size(legs), 0) + coalesce(pg_column_size(metadata), 0))
                             OVER (ORDER BY sequence) AS bytes
                      FROM journal WHERE sequence > ? AND sequence <= ?) AS parts
             WHERE bytes <= %d
            """.formatted(1024 * 1024);

    private final JournalReader journal;

    /**
     * A part of the journal.
     *
     * @param transactions what was posted in it
     * @param through the last position in it, also when nothing was posted there; where it began when there is none
     *     after that
     */
    record Slice(List<Transaction> transactions, long through) {}

    /**
     * What lies after a position.
     *
     * @param positions how many, those of rejections included
     * @param oldestAgeSeconds since the first of them was booked; 0 when there is none
     */
    record Backlog(long positions, double oldestAgeSeconds) {}

    public JournalTail(JournalReader journal) {
        this.journal = journal;
    }

    /** Transactions at the positions after {@code afterSequence}: at most {@code limit}, fewer when they are large. */
    Slice read(Connection connection, long afterSequence, int limit) throws SQLException {
        long through = Math.min(afterSequence + limit, LedgerQueries.lastSequence(connection));
        if (through <= afterSequence) {
            return new Slice(List.of(), afterSequence);
        }
        through = withinBytes(connection, afterSequence, through);
        return new Slice(journal.transactions(connection, afterSequence, through), through);
    }

    private static long withinBytes(Connection connection, long after, long upTo) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(WITHIN_BYTES)) {
            statement.setLong(1, after);
            statement.setLong(2, after);
            statement.setLong(3, upTo);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** How much of the journal lies after a position. */
    Backlog backlog(Connection connection, long afterSequence) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(BACKLOG)) {
            statement.setLong(1, afterSequence);
            statement.setLong(2, afterSequence + 1);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the writer's row is missing");
                }
                long positions = Math.max(0, row.getLong(1));
                return new Backlog(positions, positions == 0 ? 0 : Math.max(0, row.getDouble(2)));
            }
        }
    }
}
