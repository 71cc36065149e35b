package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decision;

/**
 * Brings the books back into memory: accounts, their projected balances, and the journal's tail behind the projection.
 * Every replayed entry must lead to the very balance that it recorded.
 */
public final class Recovery {
    private static final int FETCH = 10_000;

    private Recovery() {}

    /** The books do not agree with the journal; somebody changed the database behind the ledger's back. */
    public static final class CorruptBooksException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        CorruptBooksException(String message) {
            super(message);
        }
    }

    /**
     * Loads the books as of {@code lastSequence}.
     *
     * @throws CorruptBooksException when the journal has a gap, or a balance does not follow from its entries
     */
    public static Books load(Connection connection, long lastSequence) throws SQLException {
        return load(connection, lastSequence, true);
    }

    /** The same from the first entry on, without any projection: what {@link #load} must be equal to. */
    public static Books replayAll(Connection connection, long lastSequence) throws SQLException {
        return load(connection, lastSequence, false);
    }

    private static Books load(Connection connection, long lastSequence, boolean fromProjection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        try (Statement begin = connection.createStatement()) {
            begin.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            Books books = new Books();
            long from = fromProjection ? position(connection) : 0;
            accounts(connection, books, fromProjection);
            tail(connection, books, from, lastSequence);
            books.publish(lastSequence);
            return books;
        } finally {
            connection.rollback();
            connection.setAutoCommit(autoCommit);
        }
    }

    private static long position(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT sequence FROM projection WHERE name = 'books'")) {
            if (!row.next()) {
                throw new CorruptBooksException("the projection's position is missing");
            }
            return row.getLong(1);
        }
    }

    private static void accounts(Connection connection, Books books, boolean withBalances) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.*, coalesce(b.debits, 0) AS debits, coalesce(b.credits, 0) AS credits
                  FROM account a LEFT JOIN balance b ON b.account_id = a.id AND ?
                 ORDER BY a.id""")) {
            s.setBoolean(1, withBalances);
            s.setFetchSize(FETCH);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    books.load(account(row), row.getLong("debits"), row.getLong("credits"));
                }
            }
        }
    }

    private static void tail(Connection connection, Books books, long from, long to) throws SQLException {
        long expected = from;
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT sequence, kind, outcome, debit_account, credit_account, amount, debit_balance, credit_balance,
                       legs, reversal_of
                  FROM journal WHERE sequence > ? AND sequence <= ? ORDER BY sequence""")) {
            s.setLong(1, from);
            s.setLong(2, to);
            s.setFetchSize(FETCH);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    expected++;
                    if (row.getLong("sequence") != expected) {
                        throw new CorruptBooksException("journal entry " + expected + " is missing");
                    }
                    if (row.getInt("outcome") == 0 && row.getInt("kind") <= JournalEntry.REVERSAL) {
                        Decision.Booked booked = JournalReader.booked(row, books);
                        books.apply(booked);
                        check(books, booked, expected);
                    }
                }
            }
        }
        if (expected != to) {
            throw new CorruptBooksException("the journal ends at " + expected + ", its head says " + to);
        }
    }

    private static void check(Books books, Decision.Booked booked, long sequence) {
        boolean agrees = switch (booked) {
            case Decision.BookedPair pair ->
                books.net(pair.debit()) == pair.debitBalance() && books.net(pair.credit()) == pair.creditBalance();
            case Decision.BookedLegs legs ->
                legs.legs().stream().allMatch(leg -> books.net(leg.slot()) == leg.balanceAfter());
        };
        if (!agrees) {
            throw new CorruptBooksException(
                    "journal entry " + sequence + " does not lead to the balance that it recorded");
        }
    }

    static Account account(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        AccountSpec spec = new AccountSpec(
                row.getString("code"),
                row.getString("name"),
                AccountType.valueOf(row.getString("type")),
                Side.valueOf(row.getString("normal_side")),
                currency == null ? null : Currency.of(currency),
                row.getString("parent"),
                BalanceRule.valueOf(row.getString("rule")),
                row.getLong("overdraft_limit"),
                JournalJson.metadata(row.getString("metadata")));
        return new Account(
                row.getLong("id"),
                spec,
                AccountState.valueOf(row.getString("state")),
                JournalReader.instant(row, "opened_at"));
    }
}
