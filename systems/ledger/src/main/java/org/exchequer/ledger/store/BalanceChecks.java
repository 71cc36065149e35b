package org.exchequer.ledger.store;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.exchequer.kernel.Currency;
import org.jspecify.annotations.Nullable;

/** What projected balances must agree with, account by account. Each answers with the first that does not, or "". */
public final class BalanceChecks {
    private BalanceChecks() {}

    /** Each balance must be where its account's last entry left it: sums alone would not show two offsetting edits. */
    public static String balanceWithoutEntries(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT coalesce(a.code, 'account number ' || b.account_id) AS code, a.currency,
                               b.debits::numeric - b.credits AS balance, coalesce(l.balance_after, 0) AS balance_after
                          FROM balance b LEFT JOIN account a ON a.id = b.account_id
                          LEFT JOIN LATERAL (SELECT lines[array_upper(lines, 1)][4] AS balance_after
                                               FROM statement_page p WHERE p.account_id = b.account_id
                                              ORDER BY first_sequence DESC, first_leg DESC LIMIT 1) l ON true
                         WHERE b.debits::numeric - b.credits <> coalesce(l.balance_after, 0) LIMIT 1""")) {
            return row.next()
                    ? row.getString("code") + ": the projected balance is "
                            + side(row.getBigDecimal("balance"), row.getString("currency"))
                            + ", its last entry left it at "
                            + side(row.getBigDecimal("balance_after"), row.getString("currency"))
                    : "";
        }
    }

    /** What is reserved on an account must be what its open holds add up to. */
    public static String reservedWithoutHolds(Connection connection) throws SQLException {
        try (Statement s = connection.createStatement();
                ResultSet row = s.executeQuery("""
                        SELECT coalesce(a.code, 'account number ' || account_id) AS code, a.currency,
                               b.pending_debits, b.pending_credits,
                               coalesce(h.debits, 0) AS debits, coalesce(h.credits, 0) AS credits
                          FROM balance b
                          FULL JOIN (SELECT account_id, sum(debits) AS debits, sum(credits) AS credits
                                       FROM pending_transaction,
                                            LATERAL (VALUES (debit_account, remaining, 0),
                                                            (credit_account, 0, remaining))
                                            AS side (account_id, debits, credits)
                                      WHERE remaining > 0 GROUP BY account_id) h USING (account_id)
                          LEFT JOIN account a ON a.id = account_id
                         WHERE b.pending_debits IS DISTINCT FROM coalesce(h.debits, 0)
                            OR b.pending_credits IS DISTINCT FROM coalesce(h.credits, 0) LIMIT 1""")) {
            return row.next()
                    ? row.getString("code") + ": reserved are "
                            + sides(row, "pending_debits", "pending_credits") + ", its open holds add up to "
                            + sides(row, "debits", "credits")
                    : "";
        }
    }

    private static String sides(ResultSet row, String debits, String credits) throws SQLException {
        String currency = row.getString("currency");
        return amount(row.getBigDecimal(debits), currency) + " debit and "
                + amount(row.getBigDecimal(credits), currency) + " credit";
    }

    /** E.g. {@code 12.50 EUR credit}, of a sum of debits less credits. */
    private static String side(BigDecimal net, @Nullable String currency) {
        return amount(net.abs(), currency) + (net.signum() < 0 ? " credit" : net.signum() > 0 ? " debit" : "");
    }

    private static String amount(@Nullable BigDecimal minorUnits, @Nullable String currency) {
        return amount(minorUnits == null ? BigInteger.ZERO : minorUnits.toBigIntegerExact(), currency);
    }

    /**
     * A sum for people, e.g. {@code 12.50 EUR}; it may be more than an account can hold.
     *
     * @param currency its code; without one that exists, the sum is given in minor units
     */
    public static String amount(BigInteger minorUnits, @Nullable String currency) {
        Optional<Currency> known = currency == null ? Optional.empty() : Currency.find(currency);
        return known.map(found -> new BigDecimal(minorUnits, found.scale()).toPlainString() + " " + found.code())
                .orElseGet(() -> minorUnits + " minor units");
    }
}
