package org.exchequer.console.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.IncomeStatement;

/** The financial statements made ready for reading and printing. */
public final class ReportView {
    /** Longer sections end with a line for the rest: nobody reads ten thousand accounts on a page. */
    public static final int MOST_LINES = 500;

    private ReportView() {}

    /** How far a report reads: {@code 42}, or of a ledger over several shards {@code s0 42, s1 17}. */
    public static String position(long sequence, List<Long> shards) {
        List<String> each = new ArrayList<>();
        for (int i = 0; i < shards.size(); i++) {
            each.add("s" + i + " " + shards.get(i));
        }
        return each.isEmpty() ? Long.toString(sequence) : String.join(", ", each);
    }

    /**
     * An account's line, or the rest of a section.
     *
     * @param account code, or empty for the rest
     * @param name for people
     * @param amount grouped, negative for what takes away
     */
    public record Line(String account, String name, String amount) {
        /** Whether an account has a page to look at: not the rest, nor all that is in transit. */
        public boolean linked() {
            return !account.isEmpty() && !BetweenShards.isAccount(account);
        }
    }

    /** The accounts of one type with their total. */
    public record Section(String title, List<Line> lines, String total) {
        static Section of(String title, List<BalanceSheet.Line> lines, BigInteger total, Currency currency) {
            List<Line> shown = new ArrayList<>();
            lines.stream()
                    .limit(MOST_LINES)
                    .map(line -> new Line(line.account(), line.name(), Amounts.text(line.amount(), currency)))
                    .forEach(shown::add);
            if (lines.size() > MOST_LINES) {
                BigInteger rest = lines.stream()
                        .skip(MOST_LINES)
                        .map(BalanceSheet.Line::amount)
                        .reduce(BigInteger.ZERO, BigInteger::add);
                String more = Amounts.count(lines.size() - MOST_LINES) + " more accounts together";
                shown.add(new Line("", more, Amounts.text(rest, currency)));
            }
            return new Section(title, List.copyOf(shown), Amounts.text(total, currency));
        }
    }

    /**
     * One currency of a balance sheet.
     *
     * @param result income less expenses so far
     * @param sources total of liabilities, equity and result
     * @param ties whether that equals the assets
     * @param difference by how much it does not
     */
    public record Sheet(
            String currency,
            Section assets,
            Section liabilities,
            Section equity,
            String result,
            String sources,
            boolean ties,
            String difference) {
        public static Sheet of(BalanceSheet.Sheet sheet) {
            Currency currency = sheet.currency();
            BigInteger sources =
                    sheet.totalLiabilities().add(sheet.totalEquity()).add(sheet.result());
            return new Sheet(
                    currency.code(),
                    Section.of("Assets", sheet.assets(), sheet.totalAssets(), currency),
                    Section.of("Liabilities", sheet.liabilities(), sheet.totalLiabilities(), currency),
                    Section.of("Equity", sheet.equity(), sheet.totalEquity(), currency),
                    Amounts.text(sheet.result(), currency),
                    Amounts.text(sources, currency),
                    sheet.difference().signum() == 0,
                    Amounts.text(sheet.difference(), currency));
        }
    }

    /**
     * One currency of an income statement.
     *
     * @param loss whether the expenses exceed the income
     */
    public record Income(String currency, Section income, Section expenses, String result, boolean loss) {
        public static Income of(IncomeStatement.Statement statement) {
            Currency currency = statement.currency();
            return new Income(
                    currency.code(),
                    Section.of("Income", statement.income(), statement.totalIncome(), currency),
                    Section.of("Expenses", statement.expenses(), statement.totalExpenses(), currency),
                    Amounts.text(statement.result(), currency),
                    statement.result().signum() < 0);
        }
    }
}
