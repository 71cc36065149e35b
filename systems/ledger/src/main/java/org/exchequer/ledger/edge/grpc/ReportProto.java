package org.exchequer.ledger.edge.grpc;

import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;

/**
 * Reports as messages and back. They go out in parts of at most {@value #LINES_PER_PART} lines, of which the last holds
 * the totals; merged, the parts are the whole.
 */
final class ReportProto {
    static final int LINES_PER_PART = 1_000;

    private ReportProto() {}

    static LedgerProto.AsOf write(AsOf asOf) {
        LedgerProto.AsOf.Builder message =
                LedgerProto.AsOf.newBuilder().setBasis(Enums.write(LedgerProto.AsOf.Basis.class, asOf.basis()));
        LocalDate date = asOf.date();
        if (date != null) {
            message.setDate(date.toString());
        }
        return message.build();
    }

    static AsOf read(LedgerProto.AsOf message) {
        if (!message.hasDate()) {
            return AsOf.NOW;
        }
        return new AsOf(read(message.getBasis()), CommandProto.date(message.getDate(), "asOf.date"));
    }

    static AsOf.Basis read(LedgerProto.AsOf.Basis basis) {
        return basis == LedgerProto.AsOf.Basis.BASIS_UNSPECIFIED
                ? AsOf.Basis.BOOKING
                : Enums.read(AsOf.Basis.class, basis, "basis");
    }

    static LedgerProto.RollUp write(Rollup rollup) {
        return LedgerProto.RollUp.newBuilder()
                .setCurrency(rollup.currency().code())
                .setAccounts(rollup.accounts())
                .setDebits(rollup.debits().toString())
                .setCredits(rollup.credits().toString())
                .setBalance(rollup.balance().toString())
                .build();
    }

    static Rollup read(LedgerProto.RollUp message) {
        return new Rollup(
                Currency.of(message.getCurrency()),
                message.getAccounts(),
                new BigInteger(message.getDebits()),
                new BigInteger(message.getCredits()),
                new BigInteger(message.getBalance()));
    }

    /** The lines in parts, and behind them the part with the totals. */
    private static <L, M> List<M> parts(List<L> lines, Function<List<L>, M> part, M last) {
        List<M> parts = new ArrayList<>();
        for (int from = 0; from < lines.size(); from += LINES_PER_PART) {
            parts.add(part.apply(lines.subList(from, Math.min(lines.size(), from + LINES_PER_PART))));
        }
        parts.add(last);
        return parts;
    }

    static List<LedgerProto.TrialBalance> write(TrialBalance report) {
        LedgerProto.TrialBalance.Builder last = LedgerProto.TrialBalance.newBuilder()
                .setAsOf(write(report.asOf()))
                .setAsOfSequence(report.asOfSequence());
        for (TrialBalance.Total total : report.totals()) {
            last.addTotals(LedgerProto.TrialBalance.Total.newBuilder()
                    .setCurrency(total.currency().code())
                    .setDebits(total.debits().toString())
                    .setCredits(total.credits().toString()));
        }
        return parts(
                report.rows(),
                rows -> LedgerProto.TrialBalance.newBuilder()
                        .addAllRows(rows.stream().map(ViewProto::write).toList())
                        .build(),
                last.build());
    }

    static TrialBalance read(LedgerProto.TrialBalance message) {
        List<Balance> rows = message.getRowsList().stream().map(ViewProto::read).toList();
        List<TrialBalance.Total> totals = message.getTotalsList().stream()
                .map(total -> new TrialBalance.Total(
                        Currency.of(total.getCurrency()),
                        new BigInteger(total.getDebits()),
                        new BigInteger(total.getCredits())))
                .toList();
        return new TrialBalance(rows, totals, read(message.getAsOf()), message.getAsOfSequence());
    }

    private static void write(
            List<LedgerProto.ReportLine> to, Currency currency, AccountType section, List<BalanceSheet.Line> lines) {
        for (BalanceSheet.Line line : lines) {
            to.add(LedgerProto.ReportLine.newBuilder()
                    .setCurrency(currency.code())
                    .setSection(Enums.write(LedgerProto.AccountType.class, section))
                    .setAccount(line.account())
                    .setName(line.name())
                    .setAmount(line.amount().toString())
                    .build());
        }
    }

    private static List<BalanceSheet.Line> lines(
            List<LedgerProto.ReportLine> lines, String currency, LedgerProto.AccountType section) {
        return lines.stream()
                .filter(line ->
                        line.getSection() == section && line.getCurrency().equals(currency))
                .map(line -> new BalanceSheet.Line(line.getAccount(), line.getName(), new BigInteger(line.getAmount())))
                .toList();
    }

    static List<LedgerProto.BalanceSheet> write(BalanceSheet report) {
        List<LedgerProto.ReportLine> lines = new ArrayList<>();
        LedgerProto.BalanceSheet.Builder last = LedgerProto.BalanceSheet.newBuilder()
                .setAsOf(write(report.asOf()))
                .setAsOfSequence(report.asOfSequence());
        for (BalanceSheet.Sheet sheet : report.sheets()) {
            write(lines, sheet.currency(), AccountType.ASSET, sheet.assets());
            write(lines, sheet.currency(), AccountType.LIABILITY, sheet.liabilities());
            write(lines, sheet.currency(), AccountType.EQUITY, sheet.equity());
            last.addTotals(LedgerProto.BalanceSheet.Total.newBuilder()
                    .setCurrency(sheet.currency().code())
                    .setAssets(sheet.totalAssets().toString())
                    .setLiabilities(sheet.totalLiabilities().toString())
                    .setEquity(sheet.totalEquity().toString())
                    .setResult(sheet.result().toString()));
        }
        return parts(
                lines,
                some -> LedgerProto.BalanceSheet.newBuilder().addAllLines(some).build(),
                last.build());
    }

    static BalanceSheet read(LedgerProto.BalanceSheet message) {
        List<BalanceSheet.Sheet> sheets = message.getTotalsList().stream()
                .map(total -> new BalanceSheet.Sheet(
                        Currency.of(total.getCurrency()),
                        lines(message.getLinesList(), total.getCurrency(), LedgerProto.AccountType.ACCOUNT_TYPE_ASSET),
                        lines(
                                message.getLinesList(),
                                total.getCurrency(),
                                LedgerProto.AccountType.ACCOUNT_TYPE_LIABILITY),
                        lines(message.getLinesList(), total.getCurrency(), LedgerProto.AccountType.ACCOUNT_TYPE_EQUITY),
                        new BigInteger(total.getAssets()),
                        new BigInteger(total.getLiabilities()),
                        new BigInteger(total.getEquity()),
                        new BigInteger(total.getResult())))
                .toList();
        return new BalanceSheet(sheets, read(message.getAsOf()), message.getAsOfSequence());
    }

    static List<LedgerProto.IncomeStatement> write(IncomeStatement report) {
        List<LedgerProto.ReportLine> lines = new ArrayList<>();
        LedgerProto.IncomeStatement.Builder last = LedgerProto.IncomeStatement.newBuilder()
                .setFrom(report.from().toString())
                .setTo(report.to().toString())
                .setBasis(Enums.write(LedgerProto.AsOf.Basis.class, report.basis()))
                .setAsOfSequence(report.asOfSequence());
        for (IncomeStatement.Statement statement : report.statements()) {
            write(lines, statement.currency(), AccountType.INCOME, statement.income());
            write(lines, statement.currency(), AccountType.EXPENSE, statement.expenses());
            last.addTotals(LedgerProto.IncomeStatement.Total.newBuilder()
                    .setCurrency(statement.currency().code())
                    .setIncome(statement.totalIncome().toString())
                    .setExpenses(statement.totalExpenses().toString())
                    .setResult(statement.result().toString()));
        }
        return parts(
                lines,
                some -> LedgerProto.IncomeStatement.newBuilder()
                        .addAllLines(some)
                        .build(),
                last.build());
    }

    static IncomeStatement read(LedgerProto.IncomeStatement message) {
        List<IncomeStatement.Statement> statements = message.getTotalsList().stream()
                .map(total -> new IncomeStatement.Statement(
                        Currency.of(total.getCurrency()),
                        lines(message.getLinesList(), total.getCurrency(), LedgerProto.AccountType.ACCOUNT_TYPE_INCOME),
                        lines(
                                message.getLinesList(),
                                total.getCurrency(),
                                LedgerProto.AccountType.ACCOUNT_TYPE_EXPENSE),
                        new BigInteger(total.getIncome()),
                        new BigInteger(total.getExpenses()),
                        new BigInteger(total.getResult())))
                .toList();
        return new IncomeStatement(
                CommandProto.date(message.getFrom(), "from"),
                CommandProto.date(message.getTo(), "to"),
                read(message.getBasis()),
                statements,
                message.getAsOfSequence());
    }
}
