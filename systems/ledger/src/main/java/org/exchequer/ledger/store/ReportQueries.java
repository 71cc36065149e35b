package org.exchequer.ledger.store;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.core.Statements;
import org.jspecify.annotations.Nullable;

/** Reports, holds, adjustments and closings, from the projection. */
public final class ReportQueries {
    /** Turnover per account now, with what is on hold. */
    private static final String NOW = """
            SELECT account_id, debits, credits, pending_debits, pending_credits
              FROM balance WHERE debits <> 0 OR credits <> 0""";
    /** Turnover per account up to a booking date: the last snapshot before it and what has moved since. */
    private static final String BOOKED = """
            SELECT account_id, sum(debits)::bigint AS debits, sum(credits)::bigint AS credits,
                   0::bigint AS pending_debits, 0::bigint AS pending_credits
              FROM (SELECT account_id, debits, credits FROM day_balance
                     WHERE day = (SELECT max(day) FROM day_close WHERE day <= ?)
                    UNION ALL
                    SELECT account_id, debits, credits FROM movement
                     WHERE booking_date <= ?
                       AND booking_date > coalesce((SELECT max(day) FROM day_close WHERE day <= ?), '-infinity')) m
             GROUP BY account_id""";

    private static final String VALUED = """
            SELECT account_id, sum(debits)::bigint AS debits, sum(credits)::bigint AS credits,
                   0::bigint AS pending_debits, 0::bigint AS pending_credits
              FROM movement WHERE value_date <= ? GROUP BY account_id""";
    private static final String SEQUENCE = "(SELECT sequence FROM projection WHERE name = 'books') AS sequence";
    /** An account and all under it. */
    private static final String BELOW = """
            WITH RECURSIVE below AS (
                SELECT id, code, currency FROM account WHERE code = ?
                UNION ALL
                SELECT a.id, a.code, a.currency FROM account a JOIN below b ON a.parent = b.code)
            """;

    /** A hold's own names; what was posted of it stands under {@code transaction_reference}. */
    private static final String NAMED_HOLDS = """
             id IN (SELECT sequence FROM journal WHERE kind = 6 AND outcome = 0 AND reference = ?
                        UNION ALL
                        SELECT sequence FROM journal WHERE kind = 6 AND outcome = 0 AND correlation_id = ?)""";

    private static final Cursor DAYS = new Cursor("days");
    private static final Cursor HOLDS = new Cursor("holds");
    private static final Cursor ADJUSTMENTS = new Cursor("adjustments");

    private ReportQueries() {}

    private record Totals(String sql, List<LocalDate> parameters) {
        static Totals of(AsOf asOf) {
            LocalDate date = asOf.date();
            if (date == null) {
                return new Totals(NOW, List.of());
            }
            return asOf.basis() == AsOf.Basis.BOOKING
                    ? new Totals(BOOKED, List.of(date, date, date))
                    : new Totals(VALUED, List.of(date));
        }

        boolean dated() {
            return !parameters.isEmpty();
        }

        int bind(PreparedStatement s, int first) throws SQLException {
            int i = first;
            for (LocalDate date : parameters) {
                s.setObject(i++, date);
            }
            return i;
        }
    }

    /** Every posting account that has entries by then, and the totals, at one sequence. */
    public static TrialBalance trialBalance(Connection connection, AsOf asOf) throws SQLException {
        Balances balances = balances(connection, asOf);
        return new TrialBalance(balances.rows, Statements.totals(balances.rows), asOf, balances.sequence);
    }

    /** See {@link org.exchequer.ledger.api.Ledger#balanceSheet}. */
    public static BalanceSheet balanceSheet(Connection connection, AsOf asOf) throws SQLException {
        Balances balances = balances(connection, asOf);
        return new BalanceSheet(Statements.balanceSheet(balances.rows, balances.accounts), asOf, balances.sequence);
    }

    private record Balances(List<Balance> rows, Map<String, Account> accounts, long sequence) {}

    private static Balances balances(Connection connection, AsOf asOf) throws SQLException {
        Totals totals = Totals.of(asOf);
        // One statement is one snapshot, so rows and sequence belong together.
        return balances(
                connection,
                "SELECT a.*, t.debits, t.credits, t.pending_debits, t.pending_credits, p.sequence FROM projection p"
                        + " LEFT JOIN ((" + totals.sql()
                        + ") t JOIN account a ON t.account_id = a.id) ON true WHERE p.name = 'books' ORDER BY a.code",
                totals);
    }

    private static Balances balances(Connection connection, String sql, Totals totals) throws SQLException {
        List<Balance> rows = new ArrayList<>();
        Map<String, Account> accounts = new TreeMap<>();
        long sequence = 0;
        try (PreparedStatement s = connection.prepareStatement(sql)) {
            totals.bind(s, 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    sequence = row.getLong("sequence");
                    if (row.getString("code") != null) {
                        Balance balance = LedgerQueries.balance(row);
                        rows.add(totals.dated() ? balance.dated() : balance);
                        accounts.put(row.getString("code"), Recovery.account(row));
                    }
                }
            }
        }
        return new Balances(rows, accounts, sequence);
    }

    /** See {@link org.exchequer.ledger.api.Ledger#incomeStatement}. */
    public static IncomeStatement incomeStatement(Connection connection, LocalDate from, LocalDate to, AsOf.Basis basis)
            throws SQLException {
        String column = basis == AsOf.Basis.BOOKING ? "booking_date" : "value_date";
        Balances balances = balances(connection, """
                SELECT a.*, t.debits, t.credits, t.pending_debits, t.pending_credits, p.sequence
                  FROM projection p
                  LEFT JOIN ((SELECT account_id, sum(debits)::bigint AS debits, sum(credits)::bigint AS credits,
                                     0::bigint AS pending_debits, 0::bigint AS pending_credits
                                FROM movement WHERE %s BETWEEN ? AND ? GROUP BY account_id) t
                       JOIN account a ON t.account_id = a.id AND a.type IN ('INCOME', 'EXPENSE')) ON true
                 WHERE p.name = 'books' ORDER BY a.code""".formatted(column), new Totals("", List.of(from, to)));
        return new IncomeStatement(
                from, to, basis, Statements.incomeStatements(balances.rows, balances.accounts), balances.sequence);
    }

    /** The balance of a posting account as of a date; null when there is none such. */
    public static @Nullable Balance balance(Connection connection, String code, AsOf asOf) throws SQLException {
        LocalDate date = asOf.date();
        if (date == null) {
            return LedgerQueries.balance(connection, code);
        }
        String column = asOf.basis() == AsOf.Basis.BOOKING ? "booking_date" : "value_date";
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.*, coalesce(m.debits, 0) AS debits, coalesce(m.credits, 0) AS credits,
                       0::bigint AS pending_debits, 0::bigint AS pending_credits, %s
                  FROM account a
                  LEFT JOIN LATERAL (SELECT sum(debits)::bigint AS debits, sum(credits)::bigint AS credits
                                       FROM movement WHERE account_id = a.id AND %s <= ?) m ON true
                 WHERE a.code = ? AND a.currency IS NOT NULL""".formatted(SEQUENCE, column))) {
            s.setObject(1, date);
            s.setString(2, code);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? LedgerQueries.balance(row).dated() : null;
            }
        }
    }

    /** What an account and all under it hold together, per currency. */
    public static List<Rollup> rollUp(Connection connection, Account top, AsOf asOf) throws SQLException {
        Totals totals = Totals.of(asOf);
        List<Rollup> rollups = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement(BELOW + """
                SELECT b.currency, count(*) AS accounts, sum(t.debits) AS debits, sum(t.credits) AS credits
                  FROM below b JOIN (%s) t ON t.account_id = b.id
                 GROUP BY b.currency ORDER BY b.currency""".formatted(totals.sql()))) {
            s.setString(1, top.code());
            totals.bind(s, 2);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    BigInteger debits = row.getBigDecimal("debits").toBigIntegerExact();
                    BigInteger credits = row.getBigDecimal("credits").toBigIntegerExact();
                    rollups.add(new Rollup(
                            Currency.of(row.getString("currency")),
                            row.getInt("accounts"),
                            debits,
                            credits,
                            top.spec().normalSide() == Side.DEBIT
                                    ? debits.subtract(credits)
                                    : credits.subtract(debits)));
                }
            }
        }
        return rollups;
    }

    /** See {@link org.exchequer.ledger.api.Ledger#history}. */
    public static List<DayBalance> history(Connection connection, Account account, LocalDate from, LocalDate to)
            throws SQLException {
        Currency currency = account.spec().currency();
        if (currency == null) {
            throw new IllegalArgumentException(account.code() + " is a summary account");
        }
        List<DayBalance> days = new ArrayList<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT booking_date, debits, credits, net
                  FROM (SELECT booking_date, sum(debits)::bigint AS debits, sum(credits)::bigint AS credits,
                               (sum(sum(debits) - sum(credits)) OVER (ORDER BY booking_date))::bigint AS net
                          FROM movement WHERE account_id = ? AND booking_date <= ? GROUP BY booking_date) days
                 WHERE booking_date >= ? ORDER BY booking_date""")) {
            s.setLong(1, account.id());
            s.setObject(2, to);
            s.setObject(3, from);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    long net = row.getLong("net");
                    days.add(new DayBalance(
                            row.getObject("booking_date", LocalDate.class),
                            row.getLong("debits"),
                            row.getLong("credits"),
                            new Money(account.spec().normalSide() == Side.DEBIT ? net : -net, currency)));
                }
            }
        }
        return days;
    }

    /** Closed days, newest first; the cursor is the last day of the page before. */
    public static Page<DayClose> closes(Connection connection, @Nullable String cursor, int limit) throws SQLException {
        List<DayClose> closes = new ArrayList<>();
        try (PreparedStatement s =
                connection.prepareStatement("SELECT * FROM day_close WHERE day < ? ORDER BY day DESC LIMIT ?")) {
            s.setObject(1, DAYS.dayBefore(cursor));
            s.setInt(2, limit + 1);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    closes.add(new DayClose(
                            row.getObject("day", LocalDate.class),
                            row.getLong("sequence"),
                            JournalReader.instant(row, "closed_at"),
                            row.getString("closed_by")));
                }
            }
        }
        return DAYS.page(closes, limit, DayClose::day);
    }

    /** Holds with these conditions, in order of id. */
    private static List<PendingTransaction> pending(
            Connection connection, JournalReader reader, String where, List<?> parameters) throws SQLException {
        record Standing(long remaining, long posted, int lastKind) {}
        Map<Long, Standing> standings = new TreeMap<>();
        try (PreparedStatement s = connection.prepareStatement(
                "SELECT id, remaining, posted, last_kind FROM pending_transaction " + where)) {
            for (int i = 0; i < parameters.size(); i++) {
                s.setObject(i + 1, parameters.get(i));
            }
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    standings.put(
                            row.getLong("id"),
                            new Standing(row.getLong("remaining"), row.getLong("posted"), row.getInt("last_kind")));
                }
            }
        }
        List<PendingTransaction> holds = new ArrayList<>();
        for (JournalReader.Row row : reader.rows(connection, standings.keySet())) {
            if (row.outcome() instanceof Outcome.Held held) {
                PendingTransaction at = held.pending();
                Standing now = standings.get(at.id());
                if (now != null) {
                    holds.add(standing(at, now.remaining(), now.posted(), now.lastKind()));
                }
            }
        }
        return holds;
    }

    private static PendingTransaction standing(PendingTransaction at, long remaining, long posted, int lastKind) {
        PendingTransaction.State state = remaining > 0
                ? PendingTransaction.State.PENDING
                : switch (lastKind) {
                    case Kind.VOID_PENDING -> PendingTransaction.State.VOIDED;
                    case Kind.EXPIRE_PENDING -> PendingTransaction.State.EXPIRED;
                    default -> PendingTransaction.State.POSTED;
                };
        Currency currency = at.amount().currency();
        return new PendingTransaction(
                at.id(),
                at.key(),
                at.createdAt(),
                at.debitAccount(),
                at.creditAccount(),
                at.amount(),
                new Money(remaining, currency),
                new Money(posted, currency),
                at.expiresAt(),
                state,
                at.details(),
                at.linkedTo());
    }

    /** The hold with this id, or null. */
    public static @Nullable PendingTransaction pending(Connection connection, JournalReader reader, long id)
            throws SQLException {
        return pending(connection, reader, "WHERE id = ?", List.of(id)).stream()
                .findFirst()
                .orElse(null);
    }

    /** Open holds on an account, oldest first; the cursor is the last id of the page before. */
    public static Page<PendingTransaction> pendingOf(
            Connection connection, JournalReader reader, Account account, @Nullable String cursor, int limit)
            throws SQLException {
        Cursor list = new Cursor("holds-" + account.id());
        long after = list.after(cursor);
        List<PendingTransaction> holds = pending(
                connection, reader, """
                WHERE id IN ((SELECT id FROM pending_transaction
                               WHERE remaining > 0 AND debit_account = ? AND id > ? ORDER BY id LIMIT ?)
                             UNION
                             (SELECT id FROM pending_transaction
                               WHERE remaining > 0 AND credit_account = ? AND id > ? ORDER BY id LIMIT ?))
                ORDER BY id""", List.of(account.id(), after, limit + 1L, account.id(), after, limit + 1L));
        return list.page(holds, limit, PendingTransaction::id);
    }

    /** See {@link org.exchequer.ledger.api.Ledger#pending(boolean, String, String, int)}. */
    public static Page<PendingTransaction> pending(
            Connection connection,
            JournalReader reader,
            boolean openOnly,
            @Nullable String reference,
            @Nullable String cursor,
            int limit)
            throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(HOLDS.before(cursor)));
        StringBuilder where = new StringBuilder("WHERE id < ?");
        if (openOnly) {
            where.append(" AND remaining > 0");
        }
        if (reference != null) {
            where.append(" AND ").append(NAMED_HOLDS);
            parameters.addAll(List.of(reference, reference));
        }
        parameters.add(limit + 1);
        List<PendingTransaction> oldestFirst = pending(
                connection, reader, where.append(" ORDER BY id DESC LIMIT ?").toString(), parameters);
        return HOLDS.page(oldestFirst.reversed(), limit, PendingTransaction::id);
    }

    /** The adjustment with this id, or null. */
    public static @Nullable Adjustment adjustment(Connection connection, JournalReader reader, long id)
            throws SQLException {
        List<Adjustment> found = adjustments(connection, reader, "WHERE a.id = ?", id, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    /** Adjustments, newest first; the cursor is the last id of the page before. */
    public static Page<Adjustment> adjustments(
            Connection connection, JournalReader reader, boolean openOnly, @Nullable String cursor, int limit)
            throws SQLException {
        String where = openOnly ? "WHERE a.id < ? AND a.decided IS NULL" : "WHERE a.id < ?";
        List<Adjustment> found = adjustments(connection, reader, where, ADJUSTMENTS.before(cursor), limit + 1);
        return ADJUSTMENTS.page(found, limit, Adjustment::id);
    }

    private static List<Adjustment> adjustments(
            Connection connection, JournalReader reader, String where, long parameter, int limit) throws SQLException {
        Map<Long, Optional<Decided>> decisions = new TreeMap<>();
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.id, a.decided, a.approved, a.decided_by, j.recorded_at,
                       coalesce(j.body ->> 'reason', '') AS decision_reason
                  FROM adjustment a LEFT JOIN journal j ON j.sequence = a.decided %s
                 ORDER BY a.id DESC LIMIT ?""".formatted(where))) {
            s.setLong(1, parameter);
            s.setInt(2, limit);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    decisions.put(row.getLong("id"), decided(row));
                }
            }
        }
        List<Adjustment> adjustments = new ArrayList<>();
        for (JournalReader.Row row : reader.rows(connection, decisions.keySet())) {
            if (row.outcome() instanceof Outcome.Proposed proposed) {
                Adjustment adjustment = proposed.adjustment();
                adjustments.add(decisions
                        .getOrDefault(adjustment.id(), Optional.empty())
                        .map(decided -> decided.on(adjustment))
                        .orElse(adjustment));
            }
        }
        return adjustments.reversed();
    }

    /** How an adjustment was decided. */
    private record Decided(boolean approved, Adjustment.Decision how) {
        Adjustment on(Adjustment proposal) {
            return approved ? proposal.approved(how) : proposal.rejected(how);
        }
    }

    private static Optional<Decided> decided(ResultSet row) throws SQLException {
        long sequence = row.getLong("decided");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new Decided(
                        row.getBoolean("approved"),
                        new Adjustment.Decision(
                                row.getString("decided_by"),
                                JournalReader.instant(row, "recorded_at"),
                                sequence,
                                row.getString("decision_reason"))));
    }
}
