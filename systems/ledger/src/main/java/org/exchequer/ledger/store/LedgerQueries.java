package org.exchequer.ledger.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.TrialBalance;
import org.jspecify.annotations.Nullable;

/** Reads of accounts and of the projection. */
public final class LedgerQueries {
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
        List<Account> accounts = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT * FROM account
                 WHERE code >= ? AND starts_with(code, ?) AND code > ?
                   AND code < ? || chr(127)
                 ORDER BY code LIMIT ?""")) {
            s.setString(1, prefix);
            s.setString(2, prefix);
            s.setString(3, cursor == null ? "" : cursor);
            s.setString(4, prefix);
            s.setInt(5, limit + 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    accounts.add(Recovery.account(row));
                }
            }
        }
        boolean more = accounts.size() > limit;
        return new Page<>(
                more ? accounts.subList(0, limit) : accounts,
                more ? accounts.get(limit - 1).code() : null);
    }

    /** The balance of an account from its totals. */
    public static Balance balance(Account account, long debits, long credits, long sequence) {
        AccountSpec spec = account.spec();
        Currency currency = spec.currency();
        if (currency == null) {
            throw new IllegalArgumentException(spec.code() + " is a summary account");
        }
        long posted = spec.normalSide() == Side.DEBIT ? debits - credits : credits - debits;
        boolean guarded = spec.rule()
                == (spec.normalSide() == Side.DEBIT
                        ? BalanceRule.CREDITS_MAY_NOT_EXCEED_DEBITS
                        : BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS);
        long available = posted;
        if (guarded) {
            long sum = posted + spec.overdraftLimit();
            available = posted > 0 && sum < 0 ? Long.MAX_VALUE : sum;
        }
        return new Balance(
                spec.code(),
                currency,
                spec.normalSide(),
                debits,
                credits,
                new Money(posted, currency),
                new Money(available, currency),
                sequence);
    }

    /** The projected balance of a posting account; null when there is none such. */
    public static @Nullable Balance balance(Connection connection, String code) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.*, coalesce(b.debits, 0) AS debits, coalesce(b.credits, 0) AS credits,
                       (SELECT sequence FROM projection WHERE name = 'books') AS sequence
                  FROM account a LEFT JOIN balance b ON b.account_id = a.id
                 WHERE a.code = ? AND a.currency IS NOT NULL""")) {
            s.setString(1, code);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? balance(row) : null;
            }
        }
    }

    private static Balance balance(ResultSet row) throws SQLException {
        return balance(Recovery.account(row), row.getLong("debits"), row.getLong("credits"), row.getLong("sequence"));
    }

    /** See {@link org.exchequer.ledger.api.Ledger#statement}; the cursor is sequence and leg of the last line. */
    public static Page<StatementLine> statement(
            Connection connection, Account account, @Nullable String cursor, int limit) throws SQLException {
        long[] before = position(cursor);
        List<StatementLine> lines = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT l.sequence, l.leg, j.recorded_at, l.signed_amount, l.balance_after, j.reference, j.reversal_of
                  FROM statement_line l JOIN journal j ON j.sequence = l.sequence
                 WHERE l.account_id = ? AND (l.sequence, l.leg) < (?, ?)
                 ORDER BY l.sequence DESC, l.leg DESC LIMIT ?""")) {
            s.setLong(1, account.id());
            s.setLong(2, before[0]);
            s.setLong(3, before[1]);
            s.setInt(4, limit + 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    lines.add(line(row, account.spec()));
                }
            }
        }
        if (lines.size() <= limit) {
            return new Page<>(lines, null);
        }
        StatementLine last = lines.get(limit - 1);
        return new Page<>(lines.subList(0, limit), last.transactionId() + "." + last.leg());
    }

    private static StatementLine line(ResultSet row, AccountSpec spec) throws SQLException {
        Currency currency = spec.currency();
        if (currency == null) {
            throw new IllegalStateException(spec.code() + " is a summary account with entries");
        }
        long signed = row.getLong("signed_amount");
        long balance = row.getLong("balance_after");
        long reversalOf = row.getLong("reversal_of");
        boolean reverses = !row.wasNull();
        return new StatementLine(
                row.getLong("sequence"),
                row.getInt("leg"),
                JournalReader.instant(row, "recorded_at"),
                signed > 0 ? Side.DEBIT : Side.CREDIT,
                new Money(Math.abs(signed), currency),
                new Money(spec.normalSide() == Side.DEBIT ? balance : -balance, currency),
                row.getString("reference"),
                reverses ? reversalOf : null);
    }

    private static long[] position(@Nullable String cursor) {
        if (cursor == null) {
            return new long[] {Long.MAX_VALUE, 0};
        }
        if (!cursor.matches("[0-9]{1,18}\\.[0-9]{1,4}")) {
            throw new FieldError("cursor", "must be the value of 'next' from the page before");
        }
        int dot = cursor.indexOf('.');
        return new long[] {Long.parseLong(cursor.substring(0, dot)), Long.parseLong(cursor.substring(dot + 1))};
    }

    /** Ids of transactions with this reference or correlation id, oldest first. */
    public static List<Long> byReference(Connection connection, String reference, int limit) throws SQLException {
        List<Long> ids = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT sequence FROM transaction_reference WHERE reference = ? ORDER BY sequence LIMIT ?")) {
            s.setString(1, reference);
            s.setInt(2, limit);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    ids.add(row.getLong(1));
                }
            }
        }
        return ids;
    }

    /** All projected balances and their totals, at one sequence. */
    public static TrialBalance trialBalance(Connection connection) throws SQLException {
        List<Balance> rows = new ArrayList<>();
        Map<String, BigInteger[]> totals = new TreeMap<>();
        long sequence = 0;
        // One statement is one snapshot, so rows and sequence belong together.
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT a.*, b.debits, b.credits, p.sequence
                          FROM projection p
                          LEFT JOIN (balance b JOIN account a ON b.account_id = a.id) ON true
                         WHERE p.name = 'books' ORDER BY a.code""")) {
            while (row.next()) {
                sequence = row.getLong("sequence");
                if (row.getString("code") != null) {
                    Balance balance = balance(row);
                    rows.add(balance);
                    BigInteger[] total = totals.computeIfAbsent(
                            balance.currency().code(), c -> new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO});
                    total[0] = total[0].add(BigInteger.valueOf(balance.debits()));
                    total[1] = total[1].add(BigInteger.valueOf(balance.credits()));
                }
            }
        }
        List<TrialBalance.Total> ties = totals.entrySet().stream()
                .map(e -> new TrialBalance.Total(Currency.of(e.getKey()), e.getValue()[0], e.getValue()[1]))
                .toList();
        return new TrialBalance(rows, ties, sequence);
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
