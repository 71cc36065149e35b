package org.exchequer.app.cli.ledger;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.app.cli.ExitCodes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/**
 * {@code exchequer ledger trial-balance}, {@code balance-sheet}, {@code income-statement}, {@code rollup} and {@code
 * history}.
 */
final class ReportCommands {
    private ReportCommands() {}

    @Command(
            name = "trial-balance",
            description = "Shows all accounts with entries; exits with 1 when debits and credits differ.")
    static final class TrialBalance extends LedgerAction {
        @Mixin
        private AsOfOptions asOf = new AsOfOptions();

        TrialBalance(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode trial =
                    require(client.get("/trial-balance" + asOf.query())).body();
            print(trial, () -> {
                ReadingCommands.balances(trial.get("rows")).print(out());
                out().println();
                Table totals = new Table()
                        .text("TOTAL")
                        .number("DEBITS")
                        .number("CREDITS")
                        .text("TIES");
                for (JsonNode total : trial.get("totals").values()) {
                    totals.row(
                            Reply.text(total, "currency"),
                            Reply.text(total, "debits"),
                            Reply.text(total, "credits"),
                            total.path("ties").asBoolean() ? "yes" : "NO");
                }
                totals.print(out());
                out().println(asOf.words() + ", as of sequence " + sequence(trial));
            });
            return trial.path("ties").asBoolean() ? 0 : ExitCodes.FAILED;
        }
    }

    @Command(
            name = "balance-sheet",
            description = "Shows assets against liabilities, equity and result; exits with 1 when they differ.")
    static final class BalanceSheet extends LedgerAction {
        @Mixin
        private AsOfOptions asOf = new AsOfOptions();

        BalanceSheet(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode report =
                    require(client.get("/balance-sheet" + asOf.query())).body();
            print(report, () -> {
                for (JsonNode sheet : report.path("sheets").values()) {
                    Table table = new Table()
                            .text(Reply.text(sheet, "currency"))
                            .text("NAME")
                            .number("AMOUNT");
                    lines(table, sheet, "assets", "ASSETS", "totalAssets");
                    lines(table, sheet, "liabilities", "LIABILITIES", "totalLiabilities");
                    lines(table, sheet, "equity", "EQUITY", "totalEquity");
                    table.row("RESULT", "", Reply.text(sheet, "result"));
                    table.row("DIFFERENCE", "", Reply.text(sheet, "difference"));
                    table.print(out());
                    out().println();
                }
                out().println(asOf.words() + ", as of sequence " + sequence(report));
            });
            return report.path("ties").asBoolean() ? 0 : ExitCodes.FAILED;
        }
    }

    @Command(name = "income-statement", description = "Shows income and expenses of a period.")
    static final class IncomeStatement extends LedgerAction {
        private enum Basis {
            booking,
            value
        }

        @Option(names = "--from", required = true, paramLabel = "DATE", description = "first day, e.g. 2026-01-01")
        private String from = "";

        @Option(names = "--to", required = true, paramLabel = "DATE", description = "last day")
        private String to = "";

        @Option(
                names = "--basis",
                description = "which date of an entry counts: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
        private Basis basis = Basis.booking;

        IncomeStatement(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode report = require(client.get("/income-statement" + period(from, to) + "&basis="
                            + (basis == Basis.value ? "VALUE" : "BOOKING")))
                    .body();
            print(report, () -> {
                for (JsonNode statement : report.path("statements").values()) {
                    Table table = new Table()
                            .text(Reply.text(statement, "currency"))
                            .text("NAME")
                            .number("AMOUNT");
                    lines(table, statement, "income", "INCOME", "totalIncome");
                    lines(table, statement, "expenses", "EXPENSES", "totalExpenses");
                    table.row("RESULT", "", Reply.text(statement, "result"));
                    table.print(out());
                    out().println();
                }
                out().println(from + " to " + to + ", as of sequence " + sequence(report));
            });
            return 0;
        }
    }

    @Command(name = "rollup", description = "Shows what an account and all under it hold together, per currency.")
    static final class RollUp extends LedgerAction {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        @Mixin
        private AsOfOptions asOf = new AsOfOptions();

        RollUp(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode report = require(client.get("/accounts/" + LedgerClient.encode(code) + "/rollup" + asOf.query()))
                    .body();
            print(report, () -> {
                Table table = new Table()
                        .text("CURRENCY")
                        .number("ACCOUNTS")
                        .number("DEBITS")
                        .number("CREDITS")
                        .number("BALANCE")
                        .text("");
                for (JsonNode total : report.path("totals").values()) {
                    table.row(
                            Reply.text(total, "currency"),
                            Reply.text(total, "accounts"),
                            Reply.text(total, "debits"),
                            Reply.text(total, "credits"),
                            Reply.text(total, "balance"),
                            Reply.text(report, "normalSide").equals("DEBIT") ? "Dr" : "Cr");
                }
                table.print(out());
            });
            return 0;
        }
    }

    @Command(name = "history", description = "Shows an account's turnover and balance for each day with entries.")
    static final class History extends LedgerAction {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        @Option(names = "--from", required = true, paramLabel = "DATE", description = "first day, e.g. 2026-01-01")
        private String from = "";

        @Option(names = "--to", required = true, paramLabel = "DATE", description = "last day")
        private String to = "";

        History(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode report = require(
                            client.get("/accounts/" + LedgerClient.encode(code) + "/history" + period(from, to)))
                    .body();
            print(report, () -> {
                Table table = new Table()
                        .text("DATE")
                        .number("DEBITS")
                        .number("CREDITS")
                        .number("BALANCE")
                        .text("");
                for (JsonNode day : report.path("items").values()) {
                    table.row(
                            Reply.text(day, "date"),
                            Reply.text(day, "debits"),
                            Reply.text(day, "credits"),
                            Reply.text(day, "balance"),
                            Reply.text(day, "currency"));
                }
                table.print(out());
            });
            return 0;
        }
    }

    private static String period(String from, String to) {
        return "?from=" + LedgerClient.encode(from) + "&to=" + LedgerClient.encode(to);
    }

    private static void lines(Table table, JsonNode report, String lines, String head, String total) {
        for (JsonNode line : report.path(lines).values()) {
            table.row("  " + Reply.text(line, "account"), Reply.text(line, "name"), Reply.text(line, "amount"));
        }
        table.row(head, "", Reply.text(report, total));
    }

    /** {@code 42}, or of a ledger over several shards {@code s0 42, s1 17}. */
    private static String sequence(JsonNode report) {
        List<String> each = new ArrayList<>();
        report.path("asOfSequences").values().forEach(shard -> each.add("s" + each.size() + " " + shard.asString()));
        return each.isEmpty() ? Reply.text(report, "asOfSequence") : String.join(", ", each);
    }
}
