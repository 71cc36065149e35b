package org.exchequer.ledger.jobs;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.store.AccountFold;
import org.exchequer.ledger.store.BalanceChecks;
import org.exchequer.ledger.store.HashChain;
import org.exchequer.ledger.store.Projection;
import org.exchequer.ledger.store.Recovery.CorruptBooksException;
import org.exchequer.platform.module.InvariantResult;
import org.jspecify.annotations.Nullable;

/**
 * Checks what must always hold. Each call adds what is new, no more than {@value #AT_MOST} journal entries. Since a
 * superuser can edit what was checked before, each call also reads {@value #AGAIN} of those again, in rotation: an edit
 * is found within two rounds. Where something does not hold, a check stays until it does.
 */
public final class Auditor {
    private static final long AT_MOST = 2_000_000;
    private static final long AGAIN = 100_000;

    /** Balances at the projection's sequence, less what was posted after another: one statement, one view. */
    private static final String BALANCES_AT = """
            SELECT a.id AS account_id, a.code, a.currency,
                   coalesce(b.debits, 0) - coalesce(e.debits, 0) AS debits,
                   coalesce(b.credits, 0) - coalesce(e.credits, 0) AS credits,
                   coalesce(b.pending_debits, 0) - coalesce(h.debits, 0) AS pending_debits,
                   coalesce(b.pending_credits, 0) - coalesce(h.credits, 0) AS pending_credits
              FROM account a
              LEFT JOIN balance b ON b.account_id = a.id
              LEFT JOIN (SELECT account_id, sum(greatest(signed_amount, 0)) AS debits,
                                sum(greatest(-signed_amount, 0)) AS credits
                           FROM entry
                          WHERE sequence > ?
                            AND sequence <= (SELECT sequence FROM projection WHERE name = 'books')
                          GROUP BY account_id) e ON e.account_id = a.id
              LEFT JOIN (SELECT account_id, sum(debits) AS debits, sum(credits) AS credits
                           FROM journal, LATERAL (VALUES (debit_account, pending, 0),
                                                         (credit_account, 0, pending))
                                AS side (account_id, debits, credits)
                          WHERE sequence > ? AND pending IS NOT NULL
                            AND sequence <= (SELECT sequence FROM projection WHERE name = 'books')
                          GROUP BY account_id) h ON h.account_id = a.id
             WHERE a.currency IS NOT NULL""";

    private final Committer.Connector connector;
    private final Clock clock;
    private final Map<String, BigInteger[]> sums = new TreeMap<>();
    private long summedUpTo;
    private long summedAgain;
    private long entries;
    private HashChain.Verified chain = HashChain.beginning();
    /** Where this round of reading again stands, and what the chain was where it will end. */
    private HashChain.Verified round = HashChain.beginning();

    private HashChain.Verified roundEnd = HashChain.beginning();
    private final AccountFold accounts = new AccountFold();
    private long chained;
    private @Nullable LocalDate snapshotsChecked;
    private @Nullable LocalDate snapshotCheckedAgain;

    public Auditor(Committer.Connector connector, Clock clock) {
        this.connector = connector;
        this.clock = clock;
    }

    /**
     * Debits equal credits; the projected balances are what the entries add up to; accounts are what the journal made
     * them; the hash chain is unbroken.
     */
    public synchronized List<InvariantResult> check() throws SQLException {
        List<InvariantResult> results = new ArrayList<>();
        try (Connection connection = connector.connect()) {
            connection.setAutoCommit(false);
            try (Statement s = connection.createStatement()) {
                s.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            }
            Instant now = clock.instant();
            long projected = Projection.position(connection);
            results.add(debitsEqualCredits(connection, projected, now));
            results.add(projectionAgrees(connection, projected, now));
            results.add(accountsAgree(connection, now));
            results.add(chainHolds(connection, now));
            connection.rollback();
        }
        return results;
    }

    /**
     * Compares every balance in memory with what the journal says it was at the same sequence.
     *
     * @param books published books of the writer
     */
    public InvariantResult memoryAgrees(Books books, Projector projector) throws SQLException, InterruptedException {
        Books.Snapshot memory = books.snapshot();
        if (!projector.await(memory.sequence(), 10_000)) {
            return memoryResult(true, 0, "not checked: the projection is more than 10 s behind");
        }
        long different = 0;
        String firstDifference = "";
        try (Connection connection = connector.connect();
                PreparedStatement s = connection.prepareStatement(BALANCES_AT)) {
            s.setLong(1, memory.sequence());
            s.setLong(2, memory.sequence());
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    String difference = difference(row, memory);
                    different += difference.isEmpty() ? 0 : 1;
                    firstDifference = firstDifference.isEmpty() ? difference : firstDifference;
                }
            }
        }
        return memoryResult(
                different == 0,
                memory.debits().length,
                different == 0 ? "at sequence " + memory.sequence() : different + " differ, first " + firstDifference);
    }

    private InvariantResult memoryResult(boolean holds, long checked, String detail) {
        return new InvariantResult(
                "balances in memory = balances in the journal", holds, checked, "accounts", clock.instant(), detail);
    }

    private static String difference(ResultSet row, Books.Snapshot memory) throws SQLException {
        int index = (int) row.getLong("account_id") - 1;
        if (index >= memory.debits().length) {
            return ""; // opened after the snapshot
        }
        List<Long> here = List.of(
                memory.debits()[index],
                memory.credits()[index],
                memory.pendingDebits()[index],
                memory.pendingCredits()[index]);
        List<Long> there = List.of(
                row.getLong("debits"),
                row.getLong("credits"),
                row.getLong("pending_debits"),
                row.getLong("pending_credits"));
        return here.equals(there)
                ? ""
                : row.getString("code") + ": in memory " + totals(here, row.getString("currency")) + ", by the journal "
                        + totals(there, row.getString("currency"));
    }

    private static String totals(List<Long> totals, String currency) {
        List<String> amounts = totals.stream()
                .map(total -> BalanceChecks.amount(BigInteger.valueOf(total), currency))
                .toList();
        return amounts.get(0) + " debit and " + amounts.get(1) + " credit, reserved " + amounts.get(2) + " and "
                + amounts.get(3);
    }

    /** Adds the legs behind {@code after} to the sums by currency, and returns how many they were. */
    private static long sum(Connection connection, long after, long upTo, Map<String, BigInteger[]> sums)
            throws SQLException {
        long summed = 0;
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.currency, sum(greatest(e.signed_amount, 0)) AS debits,
                       sum(greatest(-e.signed_amount, 0)) AS credits, count(*) AS entries
                  FROM entry e JOIN account a ON a.id = e.account_id
                 WHERE e.sequence > ? AND e.sequence <= ? GROUP BY a.currency""")) {
            s.setLong(1, after);
            s.setLong(2, upTo);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    BigInteger[] sum = sums.computeIfAbsent(
                            row.getString("currency"), c -> new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO});
                    sum[0] = sum[0].add(row.getBigDecimal("debits").toBigIntegerExact());
                    sum[1] = sum[1].add(row.getBigDecimal("credits").toBigIntegerExact());
                    summed += row.getLong("entries");
                }
            }
        }
        return summed;
    }

    private InvariantResult accountsAgree(Connection connection, Instant now) throws SQLException {
        AccountFold.Compared compared;
        try {
            compared = accounts.compare(connection);
        } catch (CorruptBooksException noAccount) {
            compared = new AccountFold.Compared(0, String.valueOf(noAccount.getMessage()));
        }
        return new InvariantResult(
                "accounts = what the journal's entries made them",
                compared.violation().isEmpty(),
                compared.accounts(),
                "accounts",
                now,
                compared.violation().isEmpty() ? "limits, bounds, names and labels too" : compared.violation());
    }

    private InvariantResult debitsEqualCredits(Connection connection, long projected, Instant now) throws SQLException {
        long before = summedUpTo;
        long upTo = Math.max(summedUpTo, Math.min(projected, summedUpTo + AT_MOST));
        long added = sum(connection, summedUpTo, upTo, sums);
        entries += added;
        summedUpTo = upTo;
        // Each entry balances in itself, so those of any stretch do.
        Map<String, BigInteger[]> stretch = new TreeMap<>();
        long start = summedAgain >= before ? 0 : summedAgain;
        long end = Math.min(before, start + AGAIN);
        long again = sum(connection, start, end, stretch);
        String violation = unequal(sums);
        if (violation.isEmpty()) {
            violation = unequal(stretch);
            summedAgain = violation.isEmpty() ? end : start;
        }
        return new InvariantResult(
                "debits = credits in every currency",
                violation.isEmpty(),
                entries,
                "entries",
                now,
                violation.isEmpty() ? counts(added, again, entries) + ", up to sequence " + summedUpTo : violation);
    }

    private static String unequal(Map<String, BigInteger[]> sums) {
        String violation = "";
        for (Map.Entry<String, BigInteger[]> sum : sums.entrySet()) {
            if (!sum.getValue()[0].equals(sum.getValue()[1])) {
                violation = "debits " + BalanceChecks.amount(sum.getValue()[0], sum.getKey()) + ", credits "
                        + BalanceChecks.amount(sum.getValue()[1], sum.getKey());
            }
        }
        return violation;
    }

    private static String counts(long added, long again, long all) {
        return "%,d newly checked, %,d once more, %,d in all".formatted(added, again, all);
    }

    private InvariantResult projectionAgrees(Connection connection, long projected, Instant now) throws SQLException {
        long accounts = 0;
        String sumsDiffer = "";
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.currency, sum(b.debits) AS debits, sum(b.credits) AS credits, count(*) AS accounts
                  FROM balance b JOIN account a ON a.id = b.account_id GROUP BY a.currency""");
                ResultSet row = s.executeQuery()) {
            while (row.next()) {
                accounts += row.getLong("accounts");
                BigInteger[] sum = sums.getOrDefault(
                        row.getString("currency"), new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO});
                if (summedUpTo == projected
                        && (!sum[0].equals(row.getBigDecimal("debits").toBigIntegerExact())
                                || !sum[1].equals(row.getBigDecimal("credits").toBigIntegerExact()))) {
                    sumsDiffer = row.getString("currency") + " balances add up to something else than the entries";
                }
            }
        }
        // The account before the sums, since that says where to look.
        String violation = BalanceChecks.balanceWithoutEntries(connection);
        if (violation.isEmpty()) {
            violation = BalanceChecks.reservedWithoutHolds(connection);
        }
        if (violation.isEmpty()) {
            violation = sumsDiffer.isEmpty() ? datesWithoutBalance(connection) : sumsDiffer;
        }
        boolean compared = summedUpTo == projected;
        return new InvariantResult(
                "projected balances = sum of entries",
                violation.isEmpty(),
                compared ? accounts : 0,
                "accounts",
                now,
                !violation.isEmpty()
                        ? violation
                        : compared ? "at sequence " + projected : "compared once all entries have been summed");
    }

    /**
     * The last snapshot and the movements since must add up to the balances; and for each new snapshot, and one of the
     * older ones in rotation, the one before it and the movements between to the snapshot.
     */
    private String datesWithoutBalance(Connection connection) throws SQLException {
        String violation = first(connection, """
                WITH last AS (SELECT max(day) AS day FROM day_close),
                dated AS (
                    SELECT account_id, sum(debits) AS debits, sum(credits) AS credits
                      FROM (SELECT account_id, debits, credits FROM day_balance, last WHERE day_balance.day = last.day
                            UNION ALL
                            SELECT account_id, debits, credits FROM movement, last
                             WHERE booking_date > coalesce(last.day, '-infinity')) m
                     GROUP BY account_id)
                SELECT concat('account ', coalesce(a.code, account_id::text), ' turned over ', b.debits, '/', b.credits,
                              ', its dates ', d.debits, '/', d.credits)
                  FROM balance b FULL JOIN dated d USING (account_id) LEFT JOIN account a ON a.id = account_id
                 WHERE coalesce(b.debits, 0) <> coalesce(d.debits, 0)
                    OR coalesce(b.credits, 0) <> coalesce(d.credits, 0) LIMIT 1""");
        LocalDate checkedBefore = snapshotsChecked;
        LocalDate next = violation.isEmpty() ? nextSnapshot(connection, snapshotsChecked) : null;
        while (next != null && violation.isEmpty()) {
            violation = snapshotWithoutMovements(connection, snapshotsChecked, next);
            if (violation.isEmpty()) {
                snapshotsChecked = next;
                next = nextSnapshot(connection, next);
            }
        }
        return violation.isEmpty() && checkedBefore != null ? olderSnapshot(connection, checkedBefore) : violation;
    }

    private String olderSnapshot(Connection connection, LocalDate newest) throws SQLException {
        LocalDate before = newest.equals(snapshotCheckedAgain) ? null : snapshotCheckedAgain;
        LocalDate next = nextSnapshot(connection, before);
        String violation = next == null ? "" : snapshotWithoutMovements(connection, before, next);
        if (violation.isEmpty()) {
            snapshotCheckedAgain = next;
        }
        return violation;
    }

    private static @Nullable LocalDate nextSnapshot(Connection connection, @Nullable LocalDate after)
            throws SQLException {
        try (PreparedStatement s =
                connection.prepareStatement("SELECT min(day) FROM day_close WHERE ?::date IS NULL OR day > ?")) {
            s.setObject(1, after);
            s.setObject(2, after);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? row.getObject(1, LocalDate.class) : null;
            }
        }
    }

    private static String snapshotWithoutMovements(Connection connection, @Nullable LocalDate before, LocalDate day)
            throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT concat('the snapshot of ', ?::date, ' has another balance of account number ', account_id,
                              ' than its entries')
                  FROM (SELECT account_id, debits, credits FROM day_balance WHERE day = ?) s
                  FULL JOIN (SELECT account_id, sum(debits) AS debits, sum(credits) AS credits
                               FROM (SELECT account_id, debits, credits FROM day_balance WHERE day = ?
                                     UNION ALL
                                     SELECT account_id, debits, credits FROM movement
                                      WHERE booking_date > coalesce(?::date, '-infinity') AND booking_date <= ?) m
                              GROUP BY account_id) m USING (account_id)
                 WHERE s.debits IS DISTINCT FROM m.debits OR s.credits IS DISTINCT FROM m.credits LIMIT 1""")) {
            s.setObject(1, day);
            s.setObject(2, day);
            s.setObject(3, before);
            s.setObject(4, before);
            s.setObject(5, day);
            try (ResultSet row = s.executeQuery()) {
                return row.next() ? row.getString(1) : "";
            }
        }
    }

    /** The first column of the first row; empty when there is none. */
    private static String first(Connection connection, String sql) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private InvariantResult chainHolds(Connection connection, Instant now) throws SQLException {
        HashChain.Verified before = chain;
        chain = HashChain.verify(connection, before, AT_MOST);
        chained += chain.entries();
        HashChain.Verified again = chainAgain(connection, before);
        String violation = chain.violation() != null ? chain.violation() : again.violation();
        if (violation == null) {
            violation = endMissing(connection);
        }
        return new InvariantResult(
                "hash chain unbroken",
                violation == null,
                chained,
                "journal entries",
                now,
                violation == null
                        ? counts(chain.entries(), again.entries(), chained) + ", up to sequence " + chain.lastSequence()
                        : violation);
    }

    /** The next stretch of what was checked before; at the end of a round the hash must be what it was then. */
    private HashChain.Verified chainAgain(Connection connection, HashChain.Verified before) throws SQLException {
        if (round.lastSequence() >= roundEnd.lastSequence()) {
            round = HashChain.beginning();
            roundEnd = before;
        }
        long from = round.lastSequence();
        long stretch = Math.min(AGAIN, roundEnd.lastSequence() - from);
        HashChain.Verified read = HashChain.verify(connection, round, stretch);
        if (read.violation() != null) {
            round = read;
            return read;
        }
        String violation = null;
        if (stretch > 0 && read.entries() == 0) {
            violation = "no batch follows entry " + from;
        } else if (read.lastSequence() == roundEnd.lastSequence() && !Arrays.equals(read.hash(), roundEnd.hash())) {
            violation = "the batch that ends at " + read.lastSequence() + " had another hash when it was checked first";
        } else {
            round = read;
        }
        return new HashChain.Verified(read.lastSequence(), read.hash(), read.entries(), violation);
    }

    /** The last batch must be the one that the writer's row names; a tail that is gone breaks no link of the chain. */
    private static @Nullable String endMissing(Connection connection) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                        SELECT w.last_sequence AS named, coalesce(b.last_sequence, 0) AS there
                          FROM writer w
                          LEFT JOIN LATERAL (SELECT last_sequence, hash FROM batch
                                              ORDER BY first_sequence DESC LIMIT 1) b ON true
                         WHERE w.shard = 1
                           AND (w.last_sequence <> coalesce(b.last_sequence, 0) OR w.last_hash <> b.hash)""");
                ResultSet row = s.executeQuery()) {
            return row.next()
                    ? "the last batch ends at " + row.getLong("there") + ", the writer's row names "
                            + row.getLong("named") + " or another hash"
                    : null;
        }
    }
}
