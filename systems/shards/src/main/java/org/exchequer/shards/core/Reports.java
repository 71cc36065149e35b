package org.exchequer.shards.core;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.api.TrialBalance;
import org.jspecify.annotations.Nullable;

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

    /**
     * The days of an account on all shards that it has lived on.
     *
     * @param carried what moves have carried of it, which is no turnover
     * @param before its balance before the first day
     */
    public static List<DayBalance> history(
            List<List<DayBalance>> shards, List<Carry> carried, Balance before, LocalDate from, LocalDate to) {
        SortedMap<LocalDate, long[]> days = new TreeMap<>();
        for (List<DayBalance> shard : shards) {
            shard.forEach(day -> add(days, day.date(), day.debits(), day.credits()));
        }
        for (Carry carry : carried) {
            long debits = Math.max(0, carry.net());
            long credits = Math.max(0, -carry.net());
            add(days, carry.left().date(), -credits, -debits);
            add(days, carry.arrived().date(), -debits, -credits);
        }
        long net = Math.subtractExact(before.debits(), before.credits());
        List<DayBalance> history = new ArrayList<>();
        for (Map.Entry<LocalDate, long[]> day :
                days.subMap(from, to.plusDays(1)).entrySet()) {
            long debits = day.getValue()[0];
            long credits = day.getValue()[1];
            net = Math.addExact(net, Math.subtractExact(debits, credits));
            if ((debits | credits) != 0) {
                long balance = before.normalSide() == Side.DEBIT ? net : Math.negateExact(net);
                history.add(new DayBalance(day.getKey(), debits, credits, new Money(balance, before.currency())));
            }
        }
        return List.copyOf(history);
    }

    private static void add(SortedMap<LocalDate, long[]> days, LocalDate day, long debits, long credits) {
        long[] sums = days.computeIfAbsent(day, any -> new long[2]);
        sums[0] = Math.addExact(sums[0], debits);
        sums[1] = Math.addExact(sums[1], credits);
    }

    /**
     * As of one ledger: accounts in transit are one line per currency, and only of what is in transit then.
     *
     * @param carries what moves have carried, which is nobody's turnover
     * @param home the shard where an account lives
     */
    public static TrialBalance trialBalance(
            List<TrialBalance> shards, AsOf asOf, Carries carries, ToIntFunction<String> home) {
        SortedMap<String, Balance> rows = new TreeMap<>();
        long position = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            TrialBalance said = shards.get(shard);
            for (Balance row : carries.without(shard, said.rows(), said.asOfSequence(), asOf)) {
                Balance line = Names.isOwnAccount(row.account()) ? inTransit(row) : row;
                boolean livesHere = home.applyAsInt(line.account()) == shard;
                rows.merge(line.account(), line, (before, now) -> livesHere ? sum(now, before) : sum(before, now));
            }
            position += said.asOfSequence();
        }
        List<Balance> all = new ArrayList<>();
        for (Balance row : rows.values()) {
            Balance line = Names.isOwnAccount(row.account()) ? net(row) : row;
            if (line != null && !carries.isOnlyCarried(line)) {
                all.add(line);
            }
        }
        return new TrialBalance(
                List.copyOf(all), totals(all), asOf, position, positions(shards, TrialBalance::asOfSequence));
    }

    private static List<TrialBalance.Total> totals(List<Balance> rows) {
        Map<String, TrialBalance.Total> totals = new TreeMap<>();
        for (Balance row : rows) {
            totals.merge(
                    row.currency().code(),
                    new TrialBalance.Total(
                            row.currency(), BigInteger.valueOf(row.debits()), BigInteger.valueOf(row.credits())),
                    (a, b) -> new TrialBalance.Total(
                            a.currency(),
                            a.debits().add(b.debits()),
                            a.credits().add(b.credits())));
        }
        return List.copyOf(totals.values());
    }

    private static Balance inTransit(Balance row) {
        return new Balance(
                BetweenShards.inTransit(row.currency().code()),
                row.currency(),
                row.normalSide(),
                row.debits(),
                row.credits(),
                row.pendingDebits(),
                row.pendingCredits(),
                row.posted(),
                row.available(),
                row.asOfSequence());
    }

    /** What has arrived is in transit no more: null when all has. */
    private static @Nullable Balance net(Balance transit) {
        long both = Math.min(transit.debits(), transit.credits());
        return transit.debits() == transit.credits()
                ? null
                : Carries.of(transit, transit.debits() - both, transit.credits() - both);
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
        return new BalanceSheet(
                sheets.values().stream().map(Reports::folded).toList(),
                asOf,
                position,
                positions(shards, BalanceSheet::asOfSequence));
    }

    /** With one line for all accounts in transit, or none when nothing is. */
    private static BalanceSheet.Sheet folded(BalanceSheet.Sheet sheet) {
        List<BalanceSheet.Line> assets = new ArrayList<>();
        BigInteger transit = BigInteger.ZERO;
        for (BalanceSheet.Line line : sheet.assets()) {
            if (Names.isOwnAccount(line.account())) {
                transit = transit.add(line.amount());
            } else {
                assets.add(line);
            }
        }
        if (transit.signum() != 0) {
            assets.add(new BalanceSheet.Line(
                    BetweenShards.inTransit(sheet.currency().code()), "In transit between shards", transit));
        }
        return new BalanceSheet.Sheet(
                sheet.currency(),
                List.copyOf(assets),
                sheet.liabilities(),
                sheet.equity(),
                sheet.totalAssets(),
                sheet.totalLiabilities(),
                sheet.totalEquity(),
                sheet.result());
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
        return new IncomeStatement(
                first.from(),
                first.to(),
                first.basis(),
                List.copyOf(statements.values()),
                position,
                positions(shards, IncomeStatement::asOfSequence));
    }

    private static <T> List<Long> positions(List<T> shards, ToLongFunction<T> position) {
        return shards.stream().mapToLong(position).boxed().toList();
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
