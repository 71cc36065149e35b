package org.exchequer.app.cli.ledger;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger post}, {@code transfer} and {@code reverse}. */
final class PostingCommands {
    private static final Pattern UPPER_CASE = Pattern.compile("[A-Z]");

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

        @Option(names = "--currency", description = AccountCommands.CURRENCY)
        private @Nullable String currency;

        @Mixin
        private LegOptions legs = new LegOptions();

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Post(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            String path = legs.isEmpty() ? transfer(body) : transaction(body);
            details.put(body);
            return posted(this, client.write("POST", path, key(key), body));
        }

        private String transfer(ObjectNode body) {
            if (debit == null || credit == null || amount == null || currency == null) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "give --debit, --credit, --amount and --currency, or two or more --leg");
            }
            put(body, debit, credit, amount, currency);
            return "/transfers";
        }

        private String transaction(ObjectNode body) {
            if (debit != null || credit != null || amount != null || currency != null) {
                throw new CommandFailure(ExitCodes.USAGE, "--leg stands alone, without --debit, --credit, --amount");
            }
            legs.put(body);
            return "/transactions";
        }
    }

    @Command(name = "transfer", description = "Moves one amount: debits one account, credits another.")
    static final class Transfer extends LedgerAction {
        @Parameters(index = "0", paramLabel = "DEBIT", description = "code of the account to debit")
        private String debit = "";

        @Parameters(index = "1", paramLabel = "CREDIT", description = "code of the account to credit")
        private String credit = "";

        @Parameters(index = "2", paramLabel = "AMOUNT", description = "e.g. 10.50")
        private String amount = "";

        @Parameters(index = "3", paramLabel = "CURRENCY", description = AccountCommands.CURRENCY)
        private String currency = "";

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Transfer(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            put(body, debit, credit, amount, currency);
            details.put(body);
            return posted(this, client.write("POST", "/transfers", key(key), body));
        }
    }

    @Command(
            name = "reverse",
            description = {
                "Undoes a transaction by posting its opposite.",
                "A part at a time with --amount, when it has two legs; never more than the whole."
            })
    static final class Reverse extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "transaction")
        private long id;

        @Mixin
        private PartOptions part = new PartOptions();

        @Option(names = "--reason", description = "kept with the reversal, as its label 'reason'")
        private @Nullable String reason;

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Reverse(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            part.put(body);
            details.put(body);
            if (reason != null) {
                body.withObject("metadata").put("reason", reason);
            }
            return posted(this, client.write("POST", "/transactions/" + id + "/reversal", key(key), body));
        }
    }

    static void put(ObjectNode body, String debit, String credit, String amount, String currency) {
        body.put("debitAccount", debit)
                .put("creditAccount", credit)
                .put("amount", amount)
                .put("currency", currency);
    }

    /** Prints the transaction that a write led to. */
    static int posted(LedgerAction action, Reply reply) {
        LedgerAction.require(reply);
        action.print(reply.body(), () -> printTransaction(action, reply.body(), reply.replayed()));
        return 0;
    }

    static void printTransaction(LedgerAction action, JsonNode transaction, boolean replayed) {
        StringBuilder head = new StringBuilder("transaction ")
                .append(Reply.text(transaction, "id"))
                .append(", booked ")
                .append(Reply.text(transaction, "bookedAt"))
                .append(", booking date ")
                .append(Reply.text(transaction, "bookingDate"));
        String valueDate = otherValueDate(transaction);
        if (!valueDate.isEmpty()) {
            head.append(", value date ").append(valueDate);
        }
        head.append(", key ").append(Reply.text(transaction, "key"));
        for (String name : List.of("reference", "correlationId", "reversalOf", "holdId", "adjustmentId", "linkedTo")) {
            if (transaction.has(name)) {
                head.append(", ").append(words(name)).append(' ').append(Reply.text(transaction, name));
            }
        }
        appendIds(head, transaction, "reversedBy");
        action.out().println(head.append(replayed ? AccountCommands.BEFORE : ""));
        printLegs(action, transaction);
    }

    /** A list of ids, where there is one. */
    static void appendIds(StringBuilder text, JsonNode owner, String name) {
        if (owner.has(name)) {
            List<String> ids =
                    owner.path(name).values().stream().map(JsonNode::asString).toList();
            text.append(", ").append(words(name)).append(' ').append(String.join(" ", ids));
        }
    }

    /** A field's name for people: {@code reversalOf} as {@code reversal of}. */
    static String words(String name) {
        return UPPER_CASE
                .matcher(name)
                .replaceAll(letter -> " " + letter.group().toLowerCase(Locale.ROOT));
    }

    /** The value date of a transaction or line; empty where it is the booking date. */
    static String otherValueDate(JsonNode entry) {
        String valueDate = Reply.text(entry, "valueDate");
        return valueDate.equals(Reply.text(entry, "bookingDate")) ? "" : valueDate;
    }

    static void printLegs(LedgerAction action, JsonNode owner) {
        Table table = new Table()
                .text("")
                .text("ACCOUNT")
                .number("DEBIT")
                .number("CREDIT")
                .text("");
        for (JsonNode leg : owner.path("legs").values()) {
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
