package org.exchequer.ledger.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.core.Availability;
import org.exchequer.ledger.core.Books;
import org.jspecify.annotations.Nullable;

/** Reads of accounts and of the projection. */
public final class LedgerQueries {
    /** An account's lines before a sequence and leg, newest first. */
    static final String STATEMENT = """
            SELECT l.sequence, l.leg, j.recorded_at, l.signed_amount, l.balance_after, j.reference,
                   CASE WHEN j.kind = 3 THEN j.refers_to END AS reversal_of,
                   coalesce(j.booking_date, (j.recorded_at AT TIME ZONE 'UTC')::date) AS booking_date,
                   j.value_date
              FROM (SELECT lines[i][1] AS sequence, lines[i][2] AS leg, lines[i][3] AS signed_amount,
                           lines[i][4] AS balance_after
                      FROM statement_page, generate_subscripts(lines, 1) AS i
                     WHERE account_id = ? AND (first_sequence, first_leg) < (?, ?)
                       AND (lines[i][1], lines[i][2]) < (?, ?)
                     -- Page by page, so that it ends with the page that fills the limit.
                     ORDER BY first_sequence DESC, first_leg DESC, i DESC LIMIT ?) l
              JOIN journal j ON j.sequence = l.sequence
             ORDER BY l.sequence DESC, l.leg DESC""";

    private static final Cursor ACCOUNTS = new Cursor("accounts");
    private static final Cursor LATEST = new Cursor("latest");
    private static final Cursor BY_REFERENCE = new Cursor("reference");
    private static final Pattern ANY = Pattern.compile(".+");
    private static final Pattern SEQUENCE_AND_LEG = Pattern.compile("[0-9]{1,18}\\.[0-9]{1,4}");

    private LedgerQueries() {}

    /** The account with this code, as of the last commit. */
    public static @Nullable Account account(Connection connection, String code) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT * FROM account WHERE code = ?")) {
            s.setString(1, code);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? Recovery.account(row) : null;
            }
        }
    }

    /** See {@link org.exchequer.ledger.api.Ledger#accounts}; the cursor is the last code of the page before. */
    public static Page<Account> accounts(Connection connection, String prefix, @Nullable String cursor, int limit)
            throws SQLException {
        String after = ACCOUNTS.place(cursor, ANY);
        if (after != null) {
            AccountSpec.requireCode("cursor", after);
        }
        List<Account> accounts = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT * FROM account
                 WHERE code >= ? AND starts_with(code, ?) AND code > ?
                   AND code < ? || chr(127)
                 ORDER BY code LIMIT ?""")) {
            s.setString(1, prefix);
            s.setString(2, prefix);
            s.setString(3, after == null ? "" : after);
            s.setString(4, prefix);
            s.setInt(5, limit + 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    accounts.add(Recovery.account(row));
                }
            }
        }
        return ACCOUNTS.page(accounts, limit, Account::code);
    }

    /** The balance of an account from its totals. */
    public static Balance balance(Books.Totals totals) {
        return balance(
                totals.account(),
                totals.debits(),
                totals.credits(),
                totals.pendingDebits(),
                totals.pendingCredits(),
                totals.sequence());
    }

    static Balance balance(
            Account account, long debits, long credits, long pendingDebits, long pendingCredits, long sequence) {
        AccountSpec spec = account.spec();
        Currency currency = spec.currency();
        if (currency == null) {
            throw new IllegalArgumentException(spec.code() + " is a summary account");
        }
        boolean debitSide = spec.normalSide() == Side.DEBIT;
        return new Balance(
                spec.code(),
                currency,
                spec.normalSide(),
                debits,
                credits,
                pendingDebits,
                pendingCredits,
                new Money(debitSide ? debits - credits : credits - debits, currency),
                new Money(Availability.of(spec, debits, credits, pendingDebits, pendingCredits), currency),
                sequence);
    }

    /** The projected balance of a posting account; null when there is none such. */
    public static @Nullable Balance balance(Connection connection, String code) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.*, coalesce(b.debits, 0) AS debits, coalesce(b.credits, 0) AS credits,
                       coalesce(b.pending_debits, 0) AS pending_debits,
                       coalesce(b.pending_credits, 0) AS pending_credits,
                       (SELECT sequence FROM projection WHERE name = 'books') AS sequence
                  FROM account a LEFT JOIN balance b ON b.account_id = a.id
                 WHERE a.code = ? AND a.currency IS NOT NULL""")) {
            s.setString(1, code);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? balance(row) : null;
            }
        }
    }

    static Balance balance(ResultSet row) throws SQLException {
        return balance(
                Recovery.account(row),
                row.getLong("debits"),
                row.getLong("credits"),
                row.getLong("pending_debits"),
                row.getLong("pending_credits"),
                row.getLong("sequence"));
    }

    /** See {@link org.exchequer.ledger.api.Ledger#statement}; the cursor is sequence and leg of the last line. */
    public static Page<StatementLine> statement(
            Connection connection, Account account, Period period, @Nullable String cursor, int limit)
            throws SQLException {
        Cursor list = new Cursor("statement-" + account.id());
        String place = list.place(cursor, SEQUENCE_AND_LEG);
        int dot = place == null ? 0 : place.indexOf('.');
        long[] before = place == null
                ? new long[] {pagesAfter(connection, account, period.to()), 0}
                : new long[] {Long.parseLong(place.substring(0, dot)), Long.parseLong(place.substring(dot + 1))};
        List<StatementLine> lines = new ArrayList<>();
        List<StatementLine> read;
        boolean more;
        do {
            read = lines(connection, account, before, limit + 1);
            read.stream()
                    .filter(line -> !period.endsBefore(line.bookingDate()) && !period.beginsAfter(line.bookingDate()))
                    .forEach(lines::add);
            // No later line is booked earlier: behind one from before the period there are only such.
            more = read.size() > limit && !period.beginsAfter(read.getLast().bookingDate());
            if (more) {
                before = new long[] {
                    read.getLast().transactionId(), read.getLast().leg()
                };
            }
        } while (more && lines.size() <= limit);
        return list.page(
                lines.subList(0, Math.min(lines.size(), limit + 1)),
                limit,
                last -> last.transactionId() + "." + last.leg());
    }

    /**
     * The first line of the oldest page that begins with one booked after a date; past all when there is none, or no
     * date. Pages are found by bisection, since an index by date would cost every posting more than this one reader.
     */
    private static long pagesAfter(Connection connection, Account account, @Nullable LocalDate date)
            throws SQLException {
        if (date == null) {
            return Long.MAX_VALUE;
        }
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT p.first_sequence,
                       coalesce(j.booking_date, (j.recorded_at AT TIME ZONE 'UTC')::date) > ? AS after
                  FROM (SELECT first_sequence FROM statement_page WHERE account_id = ? AND first_sequence <= ?
                         ORDER BY first_sequence DESC LIMIT 1) p
                  JOIN journal j ON j.sequence = p.first_sequence""")) {
            s.setObject(1, date);
            s.setLong(2, account.id());
            long within = 0;
            long after = Long.MAX_VALUE;
            long probe = Long.MAX_VALUE;
            while (within + 1 < after) {
                s.setLong(3, probe);
                try (ResultSet row = s.executeQuery()) {
                    if (row.next() && row.getBoolean("after")) {
                        after = row.getLong("first_sequence");
                    } else if (probe == Long.MAX_VALUE) {
                        return Long.MAX_VALUE;
                    } else {
                        within = probe;
                    }
                }
                probe = within + (after - within) / 2;
            }
            return after;
        }
    }

    /** Lines before a sequence and leg, newest first. */
    private static List<StatementLine> lines(Connection connection, Account account, long[] before, int limit)
            throws SQLException {
        List<StatementLine> lines = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(STATEMENT)) {
            s.setLong(1, account.id());
            s.setLong(2, before[0]);
            s.setLong(3, before[1]);
            s.setLong(4, before[0]);
            s.setLong(5, before[1]);
            s.setInt(6, limit);
            try (ResultSet row = s.executeQuery()) {
                // Stored is the balance after the transaction; what its later legs moved is taken off again.
                long transaction = before[0];
                long later = before[0] == Long.MAX_VALUE ? 0 : moved(connection, account, before);
                while (row.next()) {
                    long sequence = row.getLong("sequence");
                    later = sequence == transaction ? later : 0;
                    transaction = sequence;
                    lines.add(line(row, account.spec(), later));
                    later += row.getLong("signed_amount");
                }
            }
        }
        return lines;
    }

    /** What a transaction moved on an account from a leg on, debits positive. */
    private static long moved(Connection connection, Account account, long[] from) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT coalesce(sum(signed_amount), 0)::bigint FROM entry
                 WHERE sequence = ? AND leg >= ? AND account_id = ?""")) {
            s.setLong(1, from[0]);
            s.setLong(2, from[1]);
            s.setLong(3, account.id());
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private static StatementLine line(ResultSet row, AccountSpec spec, long later) throws SQLException {
        Currency currency = spec.currency();
        if (currency == null) {
            throw new IllegalStateException(spec.code() + " is a summary account with entries");
        }
        long signed = row.getLong("signed_amount");
        long balance = row.getLong("balance_after") - later;
        long reversalOf = row.getLong("reversal_of");
        boolean reverses = !row.wasNull();
        LocalDate bookingDate = row.getObject("booking_date", LocalDate.class);
        LocalDate valueDate = row.getObject("value_date", LocalDate.class);
        return new StatementLine(
                row.getLong("sequence"),
                row.getInt("leg"),
                JournalReader.instant(row, "recorded_at"),
                bookingDate,
                valueDate == null ? bookingDate : valueDate,
                signed > 0 ? Side.DEBIT : Side.CREDIT,
                new Money(Math.abs(signed), currency),
                new Money(spec.normalSide() == Side.DEBIT ? balance : -balance, currency),
                row.getString("reference"),
                reverses ? reversalOf : null);
    }

    /** See {@link org.exchequer.ledger.api.Ledger#byReference}. */
    public static Page<Transaction> byReference(
            Connection connection, JournalReader reader, String reference, @Nullable String cursor, int limit)
            throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT sequence FROM transaction_reference
                 WHERE reference = ? AND sequence > ? ORDER BY sequence LIMIT ?""")) {
            s.setString(1, reference);
            s.setLong(2, BY_REFERENCE.after(cursor));
            s.setInt(3, limit + 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return BY_REFERENCE.page(reader.transactions(connection, ids), limit, Transaction::id);
    }

    /** See {@link org.exchequer.ledger.api.Ledger#latest}. */
    public static Page<Transaction> latest(
            Connection connection, JournalReader reader, @Nullable String cursor, int limit) throws SQLException {
        return LATEST.page(reader.latest(connection, LATEST.before(cursor), limit + 1), limit, Transaction::id);
    }

    /** Booking time of the journal entry at this sequence; {@link Instant#MIN} when there is none. */
    public static Instant recordedAt(Connection connection, long sequence) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("SELECT recorded_at FROM journal WHERE sequence = ?")) {
            s.setLong(1, sequence);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? JournalReader.instant(row, "recorded_at") : Instant.MIN;
            }
        }
    }

    /** Last sequence of the journal. */
    public static long lastSequence(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("SELECT last_sequence FROM writer WHERE shard = 1")) {
            if (!row.next()) {
                throw new SQLException("the writer's row is missing");
            }
            return row.getLong(1);
        }
    }
}
