package org.exchequer.ledger.edge.kafka;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.exchequer.ledger.api.Transaction;

/** Reads the journal in order of position, for the {@link LedgerRelay}. */
public interface JournalReader {
    /**
     * The transactions after a position, in order. Sees only what is committed.
     *
     * @param connection in the ledger's schema, not in auto-commit mode; the caller ends the transaction
     * @param afterSequence 0 for the beginning
     * @param limit at most so many positions are looked at, 1 or more; may stop earlier, so that transactions of a
     *     thousand legs do not fill the memory
     */
    Slice read(Connection connection, long afterSequence, int limit) throws SQLException;

    /**
     * How much of the journal lies after a position.
     *
     * @return positions, those of rejections included; 0 when the position is the last
     */
    Backlog backlog(Connection connection, long afterSequence) throws SQLException;

    /**
     * A part of the journal.
     *
     * @param transactions what was posted in it
     * @param through the last position in it, also when nothing was posted there; {@code afterSequence} when there is
     *     none after that
     */
    record Slice(List<Transaction> transactions, long through) {}

    /**
     * What lies after a position.
     *
     * @param positions how many
     * @param oldestAgeSeconds since the first of them was booked; 0 when there is none
     */
    record Backlog(long positions, double oldestAgeSeconds) {}
}
