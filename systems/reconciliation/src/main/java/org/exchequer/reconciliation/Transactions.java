package org.exchequer.reconciliation;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work in a transaction: whole, or not at all. */
final class Transactions {
    private static final Logger LOG = LoggerFactory.getLogger(Transactions.class);

    private Transactions() {}

    @FunctionalInterface
    interface Work<T> {
        T apply(Connection connection) throws SQLException;
    }

    /** @throws LedgerUnavailableException when the database cannot be asked; whether a write was made then is open */
    static <T> T run(DataSource database, Work<T> work) {
        // Closing without a commit undoes everything, also when the work throws.
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            T result = work.apply(connection);
            connection.commit();
            return result;
        } catch (SQLException e) {
            LOG.warn("the database did not do it", e);
            throw new LedgerUnavailableException("runs and breaks cannot be read or written now", e);
        }
    }
}
