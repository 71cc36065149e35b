package org.exchequer.ledger.edge.kafka;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.exchequer.ledger.store.LedgerQueries;

/** The journal's table as the relay reads it. */
public final class JournalTail implements JournalReader {
    private final org.exchequer.ledger.store.JournalReader journal;

    public JournalTail(org.exchequer.ledger.store.JournalReader journal) {
        this.journal = journal;
    }

    @Override
    public Slice read(Connection connection, long afterSequence, int limit) throws SQLException {
        long through = Math.min(afterSequence + limit, LedgerQueries.lastSequence(connection));
        return through <= afterSequence
                ? new Slice(java.util.List.of(), afterSequence)
                : new Slice(journal.transactions(connection, afterSequence, through), through);
    }

    @Override
    public Backlog backlog(Connection connection, long afterSequence) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT w.last_sequence - ?,
                       coalesce(extract(epoch FROM clock_timestamp() - j.recorded_at), 0)
                  FROM writer w LEFT JOIN journal j ON j.sequence = ? WHERE w.shard = 1""")) {
            s.setLong(1, afterSequence);
            s.setLong(2, afterSequence + 1);
            try (ResultSet row = s.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("the writer's row is missing");
                }
                long positions = Math.max(0, row.getLong(1));
                return new Backlog(positions, positions == 0 ? 0 : Math.max(0, row.getDouble(2)));
            }
        }
    }
}
