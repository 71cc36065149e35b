package org.exchequer.ledger.jobs;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.ledger.core.Books;
import org.exchequer.ledger.store.HashChain;
import org.exchequer.ledger.store.Projection;
import org.exchequer.platform.module.InvariantResult;

/**
 * Checks what must always hold. Entries once checked cannot change, so each call adds only what is new; a call looks at
 * no more than {@value #AT_MOST} journal entries, and says how far it has come.
 */
public final class Auditor {
    private static final long AT_MOST = 2_000_000;

    private final Committer.Connector connector;
    private final Clock clock;
    private final Map<String, BigInteger[]> sums = new TreeMap<>();
    private long summedUpTo;
    private long entries;
    private HashChain.Verified chain = HashChain.beginning();
    private long chained;

    public Auditor(Committer.Connector connector, Clock clock) {
        this.connector = connector;
        this.clock = clock;
    }

    /** Debits equal credits; the projected balances are what the entries add up to; the hash chain is unbroken. */
    public synchronized List<InvariantResult> check() throws SQLException {
        List<InvariantResult> results = new ArrayList<>();
        try (Connection connection = connector.connect()) {
            connection.setAutoCommit(false);
            try (Statement s = connection.createStatement()) {
                s.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            }
            Instant now = clock.instant();
            long projected = Projection.position(connection);
            sum(connection, Math.min(projected, summedUpTo + AT_MOST));
            results.add(debitsEqualCredits(now));
            results.add(projectionAgrees(connection, projected, now));
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
            return new InvariantResult(
                    "balances in memory = balances in the journal",
                    true,
                    0,
                    "accounts",
                    clock.instant(),
                    "not checked: the projection is more than 10 s behind");
        }
        long different = 0;
        String firstDifference = "";
        try (Connection connection = connector.connect()) {
            // Balances at the projection's sequence, less what was posted after the snapshot: one statement, one view.
            try (PreparedStatement s = connection.prepareStatement("""
                    SELECT b.account_id,
                           b.debits - coalesce(e.debits, 0) AS debits, b.credits - coalesce(e.credits, 0) AS credits
                      FROM balance b
                      LEFT JOIN (SELECT account_id, sum(greatest(signed_amount, 0)) AS debits,
                                        sum(greatest(-signed_amount, 0)) AS credits
                                   FROM entry
                                  WHERE sequence > ?
                                    AND sequence <= (SELECT sequence FROM projection WHERE name = 'books')
                                  GROUP BY account_id) e USING (account_id)""")) {
                s.setLong(1, memory.sequence());
                try (ResultSet row = s.executeQuery()) {
                    while (row.next()) {
                        int index = (int) row.getLong("account_id") - 1;
                        boolean known = index < memory.debits().length;
                        long debits = known ? memory.debits()[index] : 0;
                        long credits = known ? memory.credits()[index] : 0;
                        if (debits != row.getLong("debits") || credits != row.getLong("credits")) {
                            different++;
                            if (different == 1) {
                                firstDifference = "account number " + row.getLong("account_id") + ": memory " + debits
                                        + "/" + credits + ", journal " + row.getLong("debits") + "/"
                                        + row.getLong("credits");
                            }
                        }
                    }
                }
            }
        }
        return new InvariantResult(
                "balances in memory = balances in the journal",
                different == 0,
                memory.debits().length,
                "accounts",
                clock.instant(),
                different == 0 ? "at sequence " + memory.sequence() : different + " differ, first " + firstDifference);
    }

    private void sum(Connection connection, long upTo) throws SQLException {
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.currency, sum(greatest(e.signed_amount, 0)) AS debits,
                       sum(greatest(-e.signed_amount, 0)) AS credits, count(*) AS entries
                  FROM entry e JOIN account a ON a.id = e.account_id
                 WHERE e.sequence > ? AND e.sequence <= ? GROUP BY a.currency""")) {
            s.setLong(1, summedUpTo);
            s.setLong(2, upTo);
            try (ResultSet row = s.executeQuery()) {
                while (row.next()) {
                    BigInteger[] sum = sums.computeIfAbsent(
                            row.getString("currency"), c -> new BigInteger[] {BigInteger.ZERO, BigInteger.ZERO});
                    sum[0] = sum[0].add(row.getBigDecimal("debits").toBigIntegerExact());
                    sum[1] = sum[1].add(row.getBigDecimal("credits").toBigIntegerExact());
                    entries += row.getLong("entries");
                }
            }
        }
        summedUpTo = Math.max(summedUpTo, upTo);
    }

    private InvariantResult debitsEqualCredits(Instant now) {
        String violation = "";
        for (Map.Entry<String, BigInteger[]> sum : sums.entrySet()) {
            if (!sum.getValue()[0].equals(sum.getValue()[1])) {
                violation = sum.getKey() + ": debits " + sum.getValue()[0] + ", credits " + sum.getValue()[1]
                        + " minor units";
            }
        }
        return new InvariantResult(
                "debits = credits in every currency",
                violation.isEmpty(),
                entries,
                "entries",
                now,
                violation.isEmpty() ? "up to sequence " + summedUpTo : violation);
    }

    private InvariantResult projectionAgrees(Connection connection, long projected, Instant now) throws SQLException {
        long accounts = 0;
        String violation = "";
        try (PreparedStatement s = connection.prepareStatement("""
                SELECT a.currency, sum(b.debits) AS debits, sum(b.credits) AS credits, count(*) AS accounts
                  FROM balance b JOIN account a ON a.id = b.account_id GROUP BY a.currency""");
                ResultSet row = s.executeQuery()) {
            while (row.next()) {
                accounts += row.getLong("accounts");
                BigInteger[] sum = sums.get(row.getString("currency"));
                if (summedUpTo == projected
                        && (sum == null
                                || !sum[0].equals(row.getBigDecimal("debits").toBigIntegerExact())
                                || !sum[1].equals(row.getBigDecimal("credits").toBigIntegerExact()))) {
                    violation = row.getString("currency") + " balances add up to something else than the entries";
                }
            }
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

    private InvariantResult chainHolds(Connection connection, Instant now) throws SQLException {
        HashChain.Verified verified = HashChain.verify(connection, chain, AT_MOST);
        chained += verified.entries();
        chain = verified;
        return new InvariantResult(
                "hash chain unbroken",
                verified.violation() == null,
                chained,
                "journal entries",
                now,
                verified.violation() == null ? "up to sequence " + verified.lastSequence() : verified.violation());
    }
}
