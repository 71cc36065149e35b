package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
import org.exchequer.ledger.core.Hold;
import org.exchequer.ledger.store.CopyRows.Repeated;
import org.jspecify.annotations.Nullable;

/**
 * Brings the books back into memory: accounts, their projected balances, and the journal's tail behind the projection.
 * Every replayed entry must lead to the very balance that it recorded.
 */
public final class Recovery {
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
            int size = accounts(connection);
            Books books = new Books(size);
            long from = fromProjection ? position(connection) : 0;
            accounts(connection, books, size, fromProjection);
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

    private static int accounts(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT coalesce(max(id), 0) FROM account")) {
            row.next();
            return row.getInt(1);
        }
    }

    /**
     * Whole tables as they lie, put in order here: joined and sorted by the database they would go to its disk and
     * back.
     */
    private static void accounts(Connection connection, Books books, int size, boolean withBalances)
            throws SQLException {
        Totals totals = new Totals(size);
        if (withBalances) {
            totals.read(connection);
        }
        Columns columns = new Columns();
        List<@Nullable Account> accounts = new ArrayList<>(size);
        try (CopyRows row = CopyRows.ofTable(connection, """
                account (id, code, name, type, normal_side, currency, parent, rule, overdraft_limit, minimum_balance,
                         maximum_balance, metadata, state, opened_at)""")) {
            while (row.next()) {
                Account account = columns.account(row);
                while (accounts.size() < account.id()) {
                    accounts.add(null);
                }
                accounts.set((int) account.id() - 1, account);
                totals.load(books, accounts);
            }
        }
        if (books.size() < accounts.size()) {
            throw new CorruptBooksException("account " + (books.size() + 1) + " is missing");
        }
    }

    /** Projected totals by account: debits, credits, what is pending on both sides. */
    private static final class Totals {
        private static final int EACH = 4;

        private long[] numbers;

        Totals(int accounts) {
            numbers = new long[EACH * accounts];
        }

        void read(Connection connection) throws SQLException {
            try (CopyRows row = CopyRows.ofTable(
                    connection, "balance (account_id, debits, credits, pending_debits, pending_credits)")) {
                while (row.next()) {
                    int at = (int) (row.int8() - 1) * EACH;
                    if (at >= numbers.length) {
                        numbers = Arrays.copyOf(numbers, Math.max(2 * numbers.length, at + EACH));
                    }
                    for (int i = 0; i < EACH; i++) {
                        numbers[at + i] = row.int8();
                    }
                }
            }
        }

        /** Gives the books those of these accounts that follow the ones they have. */
        void load(Books books, List<@Nullable Account> accounts) {
            for (int i = books.size(); i < accounts.size(); i++) {
                Account next = accounts.get(i);
                if (next == null) {
                    return;
                }
                int at = i * EACH;
                if (at < numbers.length) {
                    books.load(next, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
                } else {
                    books.load(next, 0, 0, 0, 0);
                }
            }
        }
    }

    /** Reads accounts. Thousands have the same parent, and no more than a few types, rules and states. */
    private static final class Columns {
        private final Repeated<AccountType> type = new Repeated<>(AccountType::valueOf);
        private final Repeated<Side> normalSide = new Repeated<>(Side::valueOf);
        private final Repeated<Currency> currency = new Repeated<>(Currency::of);
        private final Repeated<String> parent = new Repeated<>(text -> text);
        private final Repeated<BalanceRule> rule = new Repeated<>(BalanceRule::valueOf);
        private final Repeated<Map<String, String>> metadata = new Repeated<>(JournalJson::metadata);
        private final Repeated<AccountState> state = new Repeated<>(AccountState::valueOf);

        Account account(CopyRows row) throws SQLException {
            long id = row.int8();
            AccountSpec spec = new AccountSpec(
                    row.text(),
                    row.text(),
                    row.repeated(type),
                    row.repeated(normalSide),
                    row.repeatedOrNull(currency),
                    row.repeatedOrNull(parent),
                    row.repeated(rule),
                    row.int8(),
                    bounds(row.int8OrNull(), row.int8OrNull()),
                    row.repeated(metadata));
            return new Account(id, spec, row.repeated(state), row.instant());
        }

        private static Bounds bounds(@Nullable Long minimum, @Nullable Long maximum) {
            return minimum == null && maximum == null ? Bounds.NONE : new Bounds(minimum, maximum);
        }
    }

    private static @Nullable Currency currency(@Nullable String code) {
        return code == null ? null : Currency.of(code);
    }

    private static void holds(Connection connection, Books books) throws SQLException {
        try (CopyRows row = new CopyRows(connection, """
                SELECT id, debit_account, credit_account, remaining, expires_at
                  FROM pending_transaction WHERE remaining > 0""")) {
            while (row.next()) {
                books.load(new Hold(
                        row.int8(),
                        books.slot(row.int8()),
                        books.slot(row.int8()),
                        row.int8(),
                        row.isNull() ? null : row.instant()));
            }
        }
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
        RecordedEntry entry = new RecordedEntry();
        try (CopyRows row = RecordedEntry.rows(connection, from, to)) {
            while (row.next()) {
                expected++;
                entry.read(row);
                if (entry.sequence() != expected) {
                    throw new CorruptBooksException("journal entry " + expected + " is missing");
                }
                Decision decision = entry.accepted() ? entry.decision(books) : null;
                if (decision != null) {
                    books.apply(decision);
                    check(books, decision, expected);
                }
            }
        }
        if (expected != to) {
            throw new CorruptBooksException("the journal ends at " + expected + ", its head says " + to);
        }
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
