package org.exchequer.ledger.edge.http;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.TrialBalance;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Balances and reports, as JSON. Amounts are decimal strings with all digits of their currency. */
final class ReportJson {
    private ReportJson() {}

    /** A balance; as of a date without what is on hold and available, which concerns the present. */
    static ObjectNode balance(Balance balance) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("account", balance.account())
                .put("currency", balance.currency().code())
                .put("normalSide", balance.normalSide().name())
                .put("debits", new Money(balance.debits(), balance.currency()).toDecimal())
                .put("credits", new Money(balance.credits(), balance.currency()).toDecimal());
        Money available = balance.available();
        if (available == null) {
            return json.put("posted", balance.posted().toDecimal()).put("asOfSequence", balance.asOfSequence());
        }
        return json.put("pendingDebits", new Money(balance.pendingDebits(), balance.currency()).toDecimal())
                .put("pendingCredits", new Money(balance.pendingCredits(), balance.currency()).toDecimal())
                .put("posted", balance.posted().toDecimal())
                .put("available", available.toDecimal())
                .put("asOfSequence", balance.asOfSequence());
    }

    /** Says which entries it takes in, unless it is all of them. */
    static ObjectNode asOf(ObjectNode json, AsOf asOf) {
        if (asOf.date() != null) {
            json.put(
                    asOf.basis() == AsOf.Basis.BOOKING ? "bookingDate" : "valueDate",
                    asOf.date().toString());
        }
        return json;
    }

    /** How far it reads: in one journal, or in each shard's. */
    private static ObjectNode position(ObjectNode json, long sequence, List<Long> shards) {
        json.put("asOfSequence", sequence);
        if (!shards.isEmpty()) {
            ArrayNode each = json.putArray("asOfSequences");
            shards.forEach(each::add);
        }
        return json;
    }

    static ObjectNode rollUp(Account account, List<Rollup> totals) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("account", account.code())
                .put("normalSide", account.spec().normalSide().name());
        ArrayNode items = json.putArray("totals");
        for (Rollup total : totals) {
            items.addObject()
                    .put("currency", total.currency().code())
                    .put("accounts", total.accounts())
                    .put("debits", decimal(total.debits(), total.currency()))
                    .put("credits", decimal(total.credits(), total.currency()))
                    .put("balance", decimal(total.balance(), total.currency()));
        }
        return json;
    }

    static ObjectNode day(DayBalance day) {
        Currency currency = day.balance().currency();
        return JsonNodeFactory.instance
                .objectNode()
                .put("date", day.date().toString())
                .put("debits", new Money(day.debits(), currency).toDecimal())
                .put("credits", new Money(day.credits(), currency).toDecimal())
                .put("balance", day.balance().toDecimal())
                .put("currency", currency.code());
    }

    static ObjectNode trialBalance(TrialBalance trial) {
        ObjectNode json = position(
                        asOf(JsonNodeFactory.instance.objectNode(), trial.asOf()),
                        trial.asOfSequence(),
                        trial.asOfSequences())
                .put("ties", trial.ties());
        ArrayNode totals = json.putArray("totals");
        for (TrialBalance.Total total : trial.totals()) {
            totals.addObject()
                    .put("currency", total.currency().code())
                    .put("debits", decimal(total.debits(), total.currency()))
                    .put("credits", decimal(total.credits(), total.currency()))
                    .put("ties", total.ties());
        }
        ArrayNode rows = json.putArray("rows");
        trial.rows().forEach(row -> rows.add(balance(row)));
        return json;
    }

    static ObjectNode balanceSheet(BalanceSheet report) {
        ObjectNode json = position(
                        asOf(JsonNodeFactory.instance.objectNode(), report.asOf()),
                        report.asOfSequence(),
                        report.asOfSequences())
                .put(
                        "ties",
                        report.sheets().stream()
                                .allMatch(sheet -> sheet.difference().signum() == 0));
        ArrayNode sheets = json.putArray("sheets");
        for (BalanceSheet.Sheet sheet : report.sheets()) {
            Currency currency = sheet.currency();
            ObjectNode item = sheets.addObject().put("currency", currency.code());
            lines(item.putArray("assets"), sheet.assets(), currency);
            lines(item.putArray("liabilities"), sheet.liabilities(), currency);
            lines(item.putArray("equity"), sheet.equity(), currency);
            item.put("totalAssets", decimal(sheet.totalAssets(), currency))
                    .put("totalLiabilities", decimal(sheet.totalLiabilities(), currency))
                    .put("totalEquity", decimal(sheet.totalEquity(), currency))
                    .put("result", decimal(sheet.result(), currency))
                    .put("difference", decimal(sheet.difference(), currency));
        }
        return json;
    }

    static ObjectNode incomeStatement(IncomeStatement report) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("from", report.from().toString())
                .put("to", report.to().toString())
                .put("basis", report.basis().name());
        position(json, report.asOfSequence(), report.asOfSequences());
        ArrayNode statements = json.putArray("statements");
        for (IncomeStatement.Statement statement : report.statements()) {
            Currency currency = statement.currency();
            ObjectNode item = statements.addObject().put("currency", currency.code());
            lines(item.putArray("income"), statement.income(), currency);
            lines(item.putArray("expenses"), statement.expenses(), currency);
            item.put("totalIncome", decimal(statement.totalIncome(), currency))
                    .put("totalExpenses", decimal(statement.totalExpenses(), currency))
                    .put("result", decimal(statement.result(), currency));
        }
        return json;
    }

    private static void lines(ArrayNode json, List<BalanceSheet.Line> lines, Currency currency) {
        for (BalanceSheet.Line line : lines) {
            json.addObject()
                    .put("account", line.account())
                    .put("name", line.name())
                    .put("amount", decimal(line.amount(), currency));
        }
    }

    /** Totals may exceed what one {@link Money} holds. */
    private static String decimal(BigInteger minorUnits, Currency currency) {
        return new BigDecimal(minorUnits, currency.scale()).toPlainString();
    }
}
