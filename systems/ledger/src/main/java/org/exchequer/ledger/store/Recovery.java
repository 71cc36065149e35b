package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import org.jspecify.annotations.Nullable;

/**
 * Brings the books back into memory: accounts, their projected balances, and the journal's tail behind the projection.
 * Every replayed entry must lead to the very balance that it recorded. What is taken from tables that can be edited is
 * compared with the journal before anything is decided by it.
 */
public final class Recovery {
    /** Up to so many accounts, and entries about them, the two are compared before anything is decided. */
    private static final int QUICK_ACCOUNTS = 200_000;

    private static final int QUICK_ENTRIES = 2 * QUICK_ACCOUNTS;

    /** Up to so many accounts each balance is compared with its last entry, too. */
    private static final int QUICK_BALANCES = 50_000;

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
     * @throws CorruptBooksException when the journal has a gap, a balance does not follow from its entries, or an
     *     account is another than the journal says; in a very large ledger the last is left to the first check
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
            Totals totals = new Totals(accounts(connection));
            Books books = new Books(totals.accounts());
            long from = fromProjection ? position(connection) : 0;
            if (fromProjection) {
                totals.read(connection);
            }
            accounts(connection, books, totals);
            if (fromProjection) {
                holds(connection, books, totals);
                totals.require(connection);
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
    private static void accounts(Connection connection, Books books, Totals totals) throws SQLException {
        List<@Nullable Account> accounts = new ArrayList<>(totals.accounts());
        try (AccountRows rows = new AccountRows(connection)) {
            for (Account account = rows.next(); account != null; account = rows.next()) {
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
        if (accounts.size() <= QUICK_ACCOUNTS && AccountFold.isQuick(connection, QUICK_ENTRIES)) {
            // None is null: the books have all of them.
            require(new AccountFold()
                    .compare(
                            connection,
                            accounts.stream().filter(Objects::nonNull).toList())
                    .violation());
        }
    }

    private static void require(String violation) {
        if (!violation.isEmpty()) {
            throw new CorruptBooksException(violation);
        }
    }

    /** Projected totals by account: debits, credits, what is pending on both sides. */
    private static final class Totals {
        private static final int EACH = 4;

        private final int accounts;
        /** Debits less credits by currency; what is beyond 64 bits comes back to zero all the same. */
        private final Map<String, long[]> nets = new HashMap<>();

        private long[] numbers;

        Totals(int accounts) {
            this.accounts = accounts;
            this.numbers = new long[EACH * accounts];
        }

        int accounts() {
            return accounts;
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
                books.load(next, numbers[at], numbers[at + 1], numbers[at + 2], numbers[at + 3]);
                Currency currency = next.spec().currency();
                nets.computeIfAbsent(currency == null ? "" : currency.code(), code -> new long[1])[0] +=
                        numbers[at] - numbers[at + 1];
            }
        }

        /** An open hold: so much less is left that must be reserved for others. */
        void load(Hold hold) {
            numbers[(int) (hold.debit().id() - 1) * EACH + 2] -= hold.remaining();
            numbers[(int) (hold.credit().id() - 1) * EACH + 3] -= hold.remaining();
        }

        /**
         * Once all is loaded: debits must be credits, and nothing reserved without a hold. What does not show there,
         * two edits that offset each other, is looked for where that is quick; else the first check of the invariants
         * finds it.
         */
        void require(Connection connection) throws SQLException {
            boolean sound = nets.values().stream().allMatch(net -> net[0] == 0);
            for (int at = 0; at < numbers.length; at += EACH) {
                boolean nobodys = at >= EACH * accounts && (numbers[at] != 0 || numbers[at + 1] != 0);
                sound &= numbers[at + 2] == 0 && numbers[at + 3] == 0 && !nobodys;
            }
            if (sound && accounts > QUICK_BALANCES) {
                return;
            }
            Recovery.require(BalanceChecks.balanceWithoutEntries(connection));
            Recovery.require(BalanceChecks.reservedWithoutHolds(connection));
            Recovery.require(sound ? "" : "the projected balances do not add up: debits are not credits");
        }
    }

    private static @Nullable Currency currency(@Nullable String code) {
        return code == null ? null : Currency.of(code);
    }

    private static void holds(Connection connection, Books books, Totals totals) throws SQLException {
        try (CopyRows row = new CopyRows(connection, """
                SELECT id, debit_account, credit_account, remaining, expires_at
                  FROM pending_transaction WHERE remaining > 0""")) {
            while (row.next()) {
                Hold hold = new Hold(
                        row.int8(),
                        books.slot(row.int8()),
                        books.slot(row.int8()),
                        row.int8(),
                        row.isNull() ? null : row.instant());
                books.load(hold);
                totals.load(hold);
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
