package org.exchequer.ledger.jobs;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.exchequer.ledger.store.JournalTuples;
import org.exchequer.prooflog.LogComparison;
import org.exchequer.prooflog.LogComparison.Difference;

/**
 * Compares the whole journal with what its proof log has signed. Finds what the hash chain cannot: a journal rewritten
 * together with its chain, by somebody who is master of the database and not of the log.
 */
public final class ProofAudit {
    private static final int ROWS = 100_000;

    private ProofAudit() {}

    /**
     * Reads the journal from its beginning to where the log's checkpoint ends.
     *
     * @param connection to the ledger's schema
     * @param progress is told how many entries were compared, now and then
     * @return the first difference, its position counted from 0 as in the log; empty when there is none
     */
    public static Optional<Difference> compare(Connection connection, LogComparison log, LongConsumer progress)
            throws SQLException, IOException {
        while (log.compared() < log.size()) {
            long after = log.compared();
            long upTo = Math.min(log.size(), after + ROWS);
            try (JournalTuples rows = new JournalTuples(connection, after, upTo)) {
                while (log.compared() < upTo) {
                    byte[] tuple = rows.next();
                    Optional<Difference> difference = tuple == null
                            ? Optional.of(
                                    new Difference(log.compared(), "the journal ends before this entry, or lacks one"))
                            : log.next(ProofFeed.entry(tuple));
                    if (difference.isPresent()) {
                        return difference;
                    }
                }
            }
            progress.accept(log.compared());
        }
        return Optional.empty();
    }
}
