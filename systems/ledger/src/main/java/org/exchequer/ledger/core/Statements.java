package org.exchequer.ledger.core;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet.Line;
import org.exchequer.ledger.api.BalanceSheet.Sheet;
import org.exchequer.ledger.api.IncomeStatement.Statement;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.TrialBalance.Total;

/** Draws up financial statements from balances. */
public final class Statements {
    private Statements() {}

    /** Debits and credits of all balances, per currency in order of code. */
    public static List<Total> totals(List<Balance> balances) {
        Map<String, Total> totals = new TreeMap<>();
        for (Balance balance : balances) {
            totals.merge(
                    balance.currency().code(),
                    new Total(
                            balance.currency(),
                            BigInteger.valueOf(balance.debits()),
                            BigInteger.valueOf(balance.credits())),
                    (a, b) -> new Total(
                            a.currency(),
                            a.debits().add(b.debits()),
                            a.credits().add(b.credits())));
        }
        return List.copyOf(totals.values());
    }

    /** A balance sheet per currency; what income and expense accounts hold is its result. */
    public static List<Sheet> balanceSheet(List<Balance> balances, Map<String, Account> accounts) {
        return byCurrency(balances, accounts).entrySet().stream()
                .map(entry -> sheet(Currency.of(entry.getKey()), entry.getValue()))
                .toList();
    }

    private static Sheet sheet(Currency currency, Map<AccountType, List<Line>> lines) {
        List<Line> assets = lines.getOrDefault(AccountType.ASSET, List.of());
        List<Line> liabilities = lines.getOrDefault(AccountType.LIABILITY, List.of());
        List<Line> equity = lines.getOrDefault(AccountType.EQUITY, List.of());
        BigInteger income = sum(lines.getOrDefault(AccountType.INCOME, List.of()));
        BigInteger expenses = sum(lines.getOrDefault(AccountType.EXPENSE, List.of()));
        return new Sheet(
                currency,
                assets,
                liabilities,
                equity,
                sum(assets),
                sum(liabilities),
                sum(equity),
                income.subtract(expenses));
    }

    /** Income and expenses per currency, from the turnover of a period. */
    public static List<Statement> incomeStatements(List<Balance> turnover, Map<String, Account> accounts) {
        return byCurrency(turnover, accounts).entrySet().stream()
                .map(entry -> {
                    List<Line> income = entry.getValue().getOrDefault(AccountType.INCOME, List.of());
                    List<Line> expenses = entry.getValue().getOrDefault(AccountType.EXPENSE, List.of());
                    return new Statement(
                            Currency.of(entry.getKey()),
                            income,
                            expenses,
                            sum(income),
                            sum(expenses),
                            sum(income).subtract(sum(expenses)));
                })
                .toList();
    }

    private static Map<String, Map<AccountType, List<Line>>> byCurrency(
            List<Balance> balances, Map<String, Account> accounts) {
        Map<String, Map<AccountType, List<Line>>> lines = new TreeMap<>();
        for (Balance balance : balances) {
            Account account = accounts.get(balance.account());
            if (account == null) {
                throw new IllegalArgumentException("no account " + balance.account());
            }
            AccountType type = account.spec().type();
            BigInteger net = BigInteger.valueOf(balance.debits()).subtract(BigInteger.valueOf(balance.credits()));
            lines.computeIfAbsent(balance.currency().code(), code -> new TreeMap<>())
                    .computeIfAbsent(type, t -> new ArrayList<>())
                    .add(new Line(
                            account.code(),
                            account.spec().name(),
                            // By the type's side, not the account's own: a contra account takes away from its type.
                            type.normalSide() == Side.DEBIT ? net : net.negate()));
        }
        return lines;
    }

    private static BigInteger sum(List<Line> lines) {
        return lines.stream().map(Line::amount).reduce(BigInteger.ZERO, BigInteger::add);
    }
}
