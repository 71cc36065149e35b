package org.exchequer.app.cli.ledger;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger transaction}, {@code balance} and {@code statement}. */
final class ReadingCommands {
    private ReadingCommands() {}

    @Command(name = "transaction", description = "Shows a transaction by id, by key or by reference; else the newest.")
    static final class ShowTransaction extends LedgerAction {
        @Parameters(paramLabel = "ID", arity = "0..1", description = "transaction")
        private @Nullable Long id;

        @Option(names = "--key", description = "idempotency key it was posted under")
        private @Nullable String key;

        @Option(names = "--reference", description = "reference or correlation id")
        private @Nullable String reference;

        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 10;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        ShowTransaction(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            if (id != null) {
                Reply reply = require(client.get("/transactions/" + id));
                print(reply.body(), () -> PostingCommands.printTransaction(this, reply.body(), false));
                return 0;
            }
            List<String> query = new ArrayList<>();
            if (key != null) {
                query.add("key=" + LedgerClient.encode(key));
            }
            if (reference != null) {
                query.add("reference=" + LedgerClient.encode(reference));
            }
            String path = "/transactions" + (query.isEmpty() ? "" : "?" + String.join("&", query));
            ObjectNode found = Pages.read(client, path, limit, cursor);
            print(found, () -> {
                found.path("items").values().forEach(item -> PostingCommands.printTransaction(this, item, false));
                Pages.printMore(out(), found);
            });
            if (!query.isEmpty() && found.path("items").isEmpty()) {
                throw new CommandFailure(
                        ExitCodes.FAILED, "no transaction has this " + (key != null ? "key" : "reference"));
            }
            return 0;
        }
    }

    @Command(name = "balance", description = "Shows the balance of one or more accounts.")
    static final class ShowBalance extends LedgerAction {
        @Parameters(paramLabel = "CODE", arity = "1..*", description = "account")
        private List<String> codes = List.of();

        @Mixin
        private AsOfOptions asOf = new AsOfOptions();

        ShowBalance(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ArrayNode balances = JsonNodeFactory.instance.arrayNode();
            List<Reply> without = new ArrayList<>();
            for (String code : codes) {
                Reply reply = client.get("/accounts/" + LedgerClient.encode(code) + "/balance" + asOf.query());
                if (reply.status() == 404) {
                    without.add(reply);
                } else {
                    balances.add(require(reply).body());
                }
            }
            if (!balances.isEmpty()) {
                print(
                        codes.size() == 1 ? balances.get(0) : balances,
                        () -> balances(balances).print(out()));
            }
            // The others first: one account without a balance of its own hides none that has one.
            without.forEach(LedgerAction::require);
            return 0;
        }
    }

    @Command(name = "statement", description = "Shows the lines of an account, newest first.")
    static final class ShowStatement extends LedgerAction {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        @Option(names = "--from", paramLabel = "DATE", description = "only lines booked from that day on")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "DATE", description = "only lines booked until the end of that day")
        private @Nullable String to;

        @Option(names = "--limit", description = "at most so many lines (default: ${DEFAULT-VALUE})")
        private int limit = 50;

        @Option(names = "--cursor", description = "where an earlier statement stopped")
        private @Nullable String cursor;

        ShowStatement(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            List<String> query = new ArrayList<>();
            if (from != null) {
                query.add("from=" + LedgerClient.encode(from));
            }
            if (to != null) {
                query.add("to=" + LedgerClient.encode(to));
            }
            String path = "/accounts/" + LedgerClient.encode(code) + "/statement"
                    + (query.isEmpty() ? "" : "?" + String.join("&", query));
            ObjectNode page = Pages.read(client, path, limit, cursor);
            print(page, () -> {
                Table table = new Table()
                        .number("TRANSACTION")
                        .text("BOOKED")
                        .text("DATE")
                        .text("VALUE DATE")
                        .number("DEBIT")
                        .number("CREDIT")
                        .number("BALANCE")
                        .text("")
                        .text("REFERENCE");
                for (JsonNode line : page.get("items").values()) {
                    boolean debit = Reply.text(line, "side").equals("DEBIT");
                    String amount = Reply.text(line, "amount");
                    String reversal =
                            line.has("reversalOf") ? " (reverses " + Reply.text(line, "reversalOf") + ")" : "";
                    table.row(
                            Reply.text(line, "transactionId"),
                            Reply.text(line, "bookedAt"),
                            Reply.text(line, "bookingDate"),
                            PostingCommands.otherValueDate(line),
                            debit ? amount : "",
                            debit ? "" : amount,
                            Reply.text(line, "balanceAfter"),
                            Reply.text(line, "currency"),
                            Reply.text(line, "reference") + reversal);
                }
                table.print(out());
                Pages.printMore(out(), page);
            });
            return 0;
        }
    }

    /** As of a date there is nothing on hold and nothing available to tell. */
    static Table balances(JsonNode rows) {
        boolean now = rows.values().stream().allMatch(row -> row.has("available"));
        Table table = new Table()
                .text("ACCOUNT")
                .number("DEBITS")
                .number("CREDITS")
                .number("BALANCE")
                .text("");
        if (now) {
            table.number("ON HOLD").number("AVAILABLE");
        }
        table.text("CURRENCY");
        for (JsonNode row : rows.values()) {
            List<String> cells = new ArrayList<>(List.of(
                    Reply.text(row, "account"),
                    Reply.text(row, "debits"),
                    Reply.text(row, "credits"),
                    Reply.text(row, "posted"),
                    Reply.text(row, "normalSide").equals("DEBIT") ? "Dr" : "Cr"));
            if (now) {
                cells.addAll(List.of(onHold(row), Reply.text(row, "available")));
            }
            cells.add(Reply.text(row, "currency"));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    /** What is reserved: debits and credits, where there are any. */
    private static String onHold(JsonNode balance) {
        String debits = held(balance, "pendingDebits", " Dr");
        String credits = held(balance, "pendingCredits", " Cr");
        return debits.isEmpty() || credits.isEmpty() ? debits + credits : debits + ", " + credits;
    }

    private static String held(JsonNode balance, String name, String side) {
        String amount = Reply.text(balance, name);
        return amount.chars().anyMatch(c -> c >= '1' && c <= '9') ? amount + side : "";
    }
}
