package org.exchequer.app.cli.ledger;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger post} and {@code reverse}. */
final class PostingCommands {
    private static final String KEY =
            "idempotency key; the same key asks for the first answer again (default: a new one)";

    private PostingCommands() {}

    @Command(
            name = "post",
            description = {
                "Posts a transaction.",
                "Two legs with --debit, --credit, --amount and --currency, or any number with --leg."
            })
    static final class Post extends LedgerAction {
        @Option(names = "--debit", paramLabel = "CODE", description = "account to debit")
        private @Nullable String debit;

        @Option(names = "--credit", paramLabel = "CODE", description = "account to credit")
        private @Nullable String credit;

        @Option(names = "--amount", description = "e.g. 10.50")
        private @Nullable String amount;

        @Option(names = "--currency", description = "ISO 4217 code, e.g. EUR")
        private @Nullable String currency;

        @Option(
                names = "--leg",
                paramLabel = "SIDE:CODE:AMOUNT:CURRENCY",
                description = "e.g. debit:2000.cust.alice:10.50:EUR; repeated, balanced in each currency")
        private List<String> legs = List.of();

        @Option(names = "--reference", description = "your own name for it, e.g. an invoice number")
        private @Nullable String reference;

        @Option(names = "--correlation", paramLabel = "ID", description = "ties together what belongs to one event")
        private @Nullable String correlation;

        @Option(names = "--metadata", paramLabel = "LABEL=VALUE", description = "may be repeated")
        private Map<String, String> metadata = Map.of();

        @Option(names = "--key", description = KEY)
        private @Nullable String key;

        Post(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            String path = legs.isEmpty() ? transfer(body) : transaction(body);
            AccountCommands.putIfGiven(body, "reference", reference);
            AccountCommands.putIfGiven(body, "correlationId", correlation);
            metadata.forEach(body.putObject("metadata")::put);
            Reply reply = require(client.write("POST", path, key(key), body));
            print(reply.body(), () -> printTransaction(this, reply.body(), reply.replayed()));
            return 0;
        }

        private String transfer(ObjectNode body) {
            if (debit == null || credit == null || amount == null || currency == null) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "give --debit, --credit, --amount and --currency, or two or more --leg");
            }
            body.put("debitAccount", debit)
                    .put("creditAccount", credit)
                    .put("amount", amount)
                    .put("currency", currency);
            return "/transfers";
        }

        private String transaction(ObjectNode body) {
            if (debit != null || credit != null || amount != null || currency != null) {
                throw new CommandFailure(ExitCodes.USAGE, "--leg stands alone, without --debit, --credit, --amount");
            }
            ArrayNode array = body.putArray("legs");
            legs.forEach(leg -> leg(array.addObject(), leg));
            return "/transactions";
        }

        /** Codes may hold colons themselves, so the side is taken from the front and the rest from the end. */
        private static void leg(ObjectNode json, String leg) {
            int side = leg.indexOf(':');
            int currency = leg.lastIndexOf(':');
            int amount = currency < 1 ? -1 : leg.lastIndexOf(':', currency - 1);
            if (side < 1 || amount <= side) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "--leg must be SIDE:CODE:AMOUNT:CURRENCY, e.g. debit:1000.cash:5.00:EUR");
            }
            json.put("account", leg.substring(side + 1, amount))
                    .put("side", leg.substring(0, side).toUpperCase(Locale.ROOT))
                    .put("amount", leg.substring(amount + 1, currency))
                    .put("currency", leg.substring(currency + 1));
        }
    }

    @Command(name = "reverse", description = "Undoes a whole transaction by posting its opposite; possible once.")
    static final class Reverse extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "transaction")
        private long id;

        @Option(names = "--reason", description = "kept with the reversal")
        private @Nullable String reason;

        @Option(names = "--reference", description = "your own name for it")
        private @Nullable String reference;

        @Option(names = "--key", description = KEY)
        private @Nullable String key;

        Reverse(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            AccountCommands.putIfGiven(body, "reference", reference);
            if (reason != null) {
                body.putObject("metadata").put("reason", reason);
            }
            Reply reply = require(client.write("POST", "/transactions/" + id + "/reversal", key(key), body));
            print(reply.body(), () -> printTransaction(this, reply.body(), reply.replayed()));
            return 0;
        }
    }

    static void printTransaction(LedgerAction action, JsonNode transaction, boolean replayed) {
        StringBuilder head = new StringBuilder("transaction ")
                .append(Reply.text(transaction, "id"))
                .append(", booked ")
                .append(Reply.text(transaction, "bookedAt"))
                .append(", key ")
                .append(Reply.text(transaction, "key"));
        for (String name : List.of("reference", "correlationId", "reversalOf", "reversedBy")) {
            if (transaction.has(name)) {
                head.append(", ").append(name).append(' ').append(Reply.text(transaction, name));
            }
        }
        action.out().println(head.append(replayed ? " (posted before, this is the first answer again)" : ""));
        Table table = new Table()
                .text("")
                .text("ACCOUNT")
                .number("DEBIT")
                .number("CREDIT")
                .text("");
        for (JsonNode leg : transaction.path("legs").values()) {
            boolean debit = Reply.text(leg, "side").equals("DEBIT");
            String amount = Reply.text(leg, "amount");
            table.row(
                    "",
                    Reply.text(leg, "account"),
                    debit ? amount : "",
                    debit ? "" : amount,
                    Reply.text(leg, "currency"));
        }
        table.print(action.out());
    }
}
