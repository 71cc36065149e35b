package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.core.Decision;
import org.exchequer.ledger.core.Decision.Booked;
import org.exchequer.ledger.core.Hold;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;

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
            if (fromProjection) {
                holds(connection, books);
                closing(connection, books);
            }
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
        try (CopyRows row = new CopyRows(connection, """
                SELECT a.id, a.code, a.name, a.type, a.normal_side, a.currency, a.parent, a.rule, a.overdraft_limit,
                       a.minimum_balance, a.maximum_balance, a.metadata, a.state, a.opened_at,
                       coalesce(b.debits, 0), coalesce(b.credits, 0),
                       coalesce(b.pending_debits, 0), coalesce(b.pending_credits, 0)
                  FROM account a LEFT JOIN balance b ON b.account_id = a.id AND %b
                 ORDER BY a.id""".formatted(withBalances))) {
            while (row.next()) {
                books.load(account(row), row.int8(), row.int8(), row.int8(), row.int8());
            }
        }
    }

    private static Account account(CopyRows row) throws SQLException {
        long id = row.int8();
        AccountSpec spec = new AccountSpec(
                row.text(),
                row.text(),
                AccountType.valueOf(row.text()),
                Side.valueOf(row.text()),
                currency(row.textOrNull()),
                row.textOrNull(),
                BalanceRule.valueOf(row.text()),
                row.int8(),
                new Bounds(row.int8OrNull(), row.int8OrNull()),
                JournalJson.metadata(row.text()));
        return new Account(id, spec, AccountState.valueOf(row.text()), row.instant());
    }

    private static @Nullable Currency currency(@Nullable String code) {
        return code == null ? null : Currency.of(code);
    }

    private static void holds(Connection connection, Books books) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT id, debit_account, credit_account, remaining, expires_at
                  FROM pending_transaction WHERE remaining > 0""")) {
            s.setFetchSize(FETCH);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    books.load(hold(row, books, row.getLong("id"), row.getLong("remaining")));
                }
            }
        }
    }

    private static Hold hold(ResultSet row, Books books, long id, long remaining) throws SQLException {
        return new Hold(
                id,
                books.slot(row.getLong("debit_account")),
                books.slot(row.getLong("credit_account")),
                remaining,
                row.getObject("expires_at") == null ? null : JournalReader.instant(row, "expires_at"));
    }

    private static void closing(Connection connection, Books books) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT max(day) FROM day_close");
                ResultSet row = s.executeQuery()) {
            LocalDate last = row.next() ? row.getObject(1, LocalDate.class) : null;
            if (last != null) {
                books.load(last);
            }
        }
    }

    private static void tail(Connection connection, Books books, long from, long to) throws SQLException {
        long expected = from;
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT sequence, kind, outcome, debit_account, credit_account, amount, debit_balance, credit_balance,
                       legs, pending, refers_to, expires_at, CASE WHEN kind = 12 THEN body END AS body
                  FROM journal WHERE sequence > ? AND sequence <= ? ORDER BY sequence""")) {
            s.setLong(1, from);
            s.setLong(2, to);
            s.setFetchSize(FETCH);
            // Binary from the first execution on.
            s.unwrap(PGStatement.class).setPrepareThreshold(-1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    expected++;
                    if (row.getLong("sequence") != expected) {
                        throw new CorruptBooksException("journal entry " + expected + " is missing");
                    }
                    if (row.getInt("outcome") == 0) {
                        Decision decision = decision(row, books, expected);
                        if (decision != null) {
                            books.apply(decision);
                            check(books, decision, expected);
                        }
                    }
                }
            }
        }
        if (expected != to) {
            throw new CorruptBooksException("the journal ends at " + expected + ", its head says " + to);
        }
    }

    /**
     * The decision that a row records; null where it changes nothing in memory: accounts are loaded as they are now,
     * and adjustments are read when they are decided.
     */
    private static @Nullable Decision decision(ResultSet row, Books books, long sequence) throws SQLException {
        Booked booked = JournalReader.booked(row, books);
        return switch (row.getInt("kind")) {
            case Kind.HOLD -> new Decision.Held(hold(row, books, sequence, row.getLong("pending")));
            case Kind.POST_PENDING -> {
                Hold hold = open(row, books, sequence);
                long released = -row.getLong("pending");
                if (!(booked instanceof Decision.BookedPair pair)
                        || pair.amount() > released
                        || released > hold.remaining()) {
                    yield missing(sequence, "what it posts of its hold");
                }
                yield new Decision.PendingPosted(hold, pair, released);
            }
            case Kind.VOID_PENDING, Kind.EXPIRE_PENDING -> {
                Hold hold = open(row, books, sequence);
                if (-row.getLong("pending") != hold.remaining()) {
                    yield missing(sequence, "what it releases of its hold");
                }
                yield new Decision.PendingReleased(hold, row.getInt("kind") == Kind.EXPIRE_PENDING);
            }
            case Kind.PROPOSE_ADJUSTMENT, Kind.OPEN_ACCOUNT, Kind.CHANGE_ACCOUNT -> null;
            case Kind.DECIDE_ADJUSTMENT -> booked;
            case Kind.CLOSE_DAY ->
                new Decision.DayClosed(
                        LocalDate.parse(JournalJson.text(row.getString("body"), "day")),
                        books.closedThrough(),
                        JournalJson.text(row.getString("body"), "closedBy"));
            default -> booked != null ? booked : missing(sequence, "its amount");
        };
    }

    private static Hold open(ResultSet row, Books books, long sequence) throws SQLException {
        Hold hold = books.hold(row.getLong("refers_to"));
        return hold != null ? hold : missing(sequence, "its hold");
    }

    private static <T> T missing(long sequence, String what) {
        throw new CorruptBooksException("journal entry " + sequence + " acts, but " + what + " is missing");
    }

    private static void check(Books books, Decision decision, long sequence) {
        boolean agrees = switch (decision.booked()) {
            case null -> true;
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
        AccountSpec spec = new AccountSpec(
                row.getString("code"),
                row.getString("name"),
                AccountType.valueOf(row.getString("type")),
                Side.valueOf(row.getString("normal_side")),
                currency(row.getString("currency")),
                row.getString("parent"),
                BalanceRule.valueOf(row.getString("rule")),
                row.getLong("overdraft_limit"),
                new Bounds(row.getObject("minimum_balance", Long.class), row.getObject("maximum_balance", Long.class)),
                JournalJson.metadata(row.getString("metadata")));
        return new Account(
                row.getLong("id"),
                spec,
                AccountState.valueOf(row.getString("state")),
                JournalReader.instant(row, "opened_at"));
    }
}
