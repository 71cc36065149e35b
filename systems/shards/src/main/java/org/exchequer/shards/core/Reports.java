package org.exchequer.shards.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.TrialBalance;

/**
 * Reports of several shards as one. Amounts add up, account by account where one has lived on several. The position
 * of the whole is the sum of the shards': it says how much was taken in, and grows with every one of them.
 */
public final class Reports {
    private Reports() {}

    /** What an account had on two shards together; limits and holds are those of the first, where it lives. */
    public static Balance sum(Balance one, Balance two) {
        return new Balance(
                one.account(),
                one.currency(),
                one.normalSide(),
                Math.addExact(one.debits(), two.debits()),
                Math.addExact(one.credits(), two.credits()),
                one.pendingDebits(),
                one.pendingCredits(),
                one.posted().plus(two.posted()),
                one.available(),
                one.asOfSequence());
    }

    /** Per currency. */
    public static List<Rollup> rollUp(List<List<Rollup>> shards) {
        Map<String, Rollup> sums = new TreeMap<>();
        for (List<Rollup> shard : shards) {
            for (Rollup rollup : shard) {
                sums.merge(
                        rollup.currency().code(),
                        rollup,
                        (a, b) -> new Rollup(
                                a.currency(),
                                a.accounts() + b.accounts(),
                                a.debits().add(b.debits()),
                                a.credits().add(b.credits()),
                                a.balance().add(b.balance())));
            }
        }
        return List.copyOf(sums.values());
    }

    /** The days of an account on the shard that it has left and on the one that it moved to. */
    public static List<DayBalance> history(List<DayBalance> older, List<DayBalance> newer) {
        Map<java.time.LocalDate, DayBalance> days = new TreeMap<>();
        older.forEach(day -> days.put(day.date(), day));
        for (DayBalance day : newer) {
            days.merge(
                    day.date(),
                    day,
                    (a, b) -> new DayBalance(
                            a.date(),
                            Math.addExact(a.debits(), b.debits()),
                            Math.addExact(a.credits(), b.credits()),
                            b.balance()));
        }
        return List.copyOf(days.values());
    }

    public static TrialBalance trialBalance(List<TrialBalance> shards, AsOf asOf) {
        Map<String, Balance> rows = new TreeMap<>();
        Map<String, TrialBalance.Total> totals = new TreeMap<>();
        long position = 0;
        for (TrialBalance shard : shards) {
            shard.rows().forEach(row -> rows.merge(row.account(), row, Reports::sum));
            for (TrialBalance.Total total : shard.totals()) {
                totals.merge(
                        total.currency().code(),
                        total,
                        (a, b) -> new TrialBalance.Total(
                                a.currency(),
                                a.debits().add(b.debits()),
                                a.credits().add(b.credits())));
            }
            position += shard.asOfSequence();
        }
        return new TrialBalance(List.copyOf(rows.values()), List.copyOf(totals.values()), asOf, position);
    }

    public static BalanceSheet balanceSheet(List<BalanceSheet> shards, AsOf asOf) {
        Map<String, BalanceSheet.Sheet> sheets = new TreeMap<>();
        long position = 0;
        for (BalanceSheet shard : shards) {
            for (BalanceSheet.Sheet sheet : shard.sheets()) {
                sheets.merge(
                        sheet.currency().code(),
                        sheet,
                        (a, b) -> new BalanceSheet.Sheet(
                                a.currency(),
                                lines(a.assets(), b.assets()),
                                lines(a.liabilities(), b.liabilities()),
                                lines(a.equity(), b.equity()),
                                a.totalAssets().add(b.totalAssets()),
                                a.totalLiabilities().add(b.totalLiabilities()),
                                a.totalEquity().add(b.totalEquity()),
                                a.result().add(b.result())));
            }
            position += shard.asOfSequence();
        }
        return new BalanceSheet(List.copyOf(sheets.values()), asOf, position);
    }

    /** @param shards at least one */
    public static IncomeStatement incomeStatement(List<IncomeStatement> shards) {
        Map<String, IncomeStatement.Statement> statements = new TreeMap<>();
        long position = 0;
        for (IncomeStatement shard : shards) {
            for (IncomeStatement.Statement statement : shard.statements()) {
                statements.merge(
                        statement.currency().code(),
                        statement,
                        (a, b) -> new IncomeStatement.Statement(
                                a.currency(),
                                lines(a.income(), b.income()),
                                lines(a.expenses(), b.expenses()),
                                a.totalIncome().add(b.totalIncome()),
                                a.totalExpenses().add(b.totalExpenses()),
                                a.result().add(b.result())));
            }
            position += shard.asOfSequence();
        }
        IncomeStatement first = shards.getFirst();
        return new IncomeStatement(first.from(), first.to(), first.basis(), List.copyOf(statements.values()), position);
    }

    private static List<BalanceSheet.Line> lines(List<BalanceSheet.Line> one, List<BalanceSheet.Line> two) {
        Map<String, BalanceSheet.Line> lines = new TreeMap<>();
        List<BalanceSheet.Line> all = new ArrayList<>(one);
        all.addAll(two);
        all.sort(Comparator.comparing(BalanceSheet.Line::account));
        for (BalanceSheet.Line line : all) {
            lines.merge(
                    line.account(),
                    line,
                    (a, b) -> new BalanceSheet.Line(
                            a.account(), a.name(), a.amount().add(b.amount())));
        }
        return List.copyOf(lines.values());
    }
}
