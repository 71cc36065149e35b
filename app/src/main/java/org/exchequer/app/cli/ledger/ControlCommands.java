package org.exchequer.app.cli.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger adjustment …}, {@code close-day} and {@code days}. */
final class ControlCommands {
    private ControlCommands() {}

    @Command(
            name = "adjustment",
            description = {
                "Corrections of the books by hand, which two people make: one proposes, another approves.",
                "Who you are is what your token says: exchequer token --user NAME --role operator."
            },
            synopsisSubcommandLabel = "COMMAND")
    private static final class Adjustments extends Group {}

    private static final Map<String, String> CHANGED =
            Map.of("overdraftLimit", "overdraft limit", "minimumBalance", "minimum", "maximumBalance", "maximum");

    static CommandLine adjustments(LedgerContext context) {
        return new CommandLine(new Adjustments())
                .addSubcommand(new Propose(context))
                .addSubcommand(new Approve(context))
                .addSubcommand(new Reject(context))
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Show(context));
    }

    @Command(name = "propose", description = "Proposes an adjustment. Nothing is posted before somebody else approves.")
    static final class Propose extends LedgerAction {
        @Option(names = "--reason", required = true, description = "why it is needed")
        private String reason = "";

        @Mixin
        private LegOptions legs = new LegOptions();

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Propose(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            if (legs.isEmpty()) {
                throw new CommandFailure(ExitCodes.USAGE, "give two or more --leg");
            }
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
            legs.put(body);
            details.put(body);
            Reply reply = require(client.write("POST", "/adjustments", key(key), body));
            print(reply.body(), () -> printAdjustment(this, reply.body()));
            return 0;
        }
    }

    @Command(name = "approve", description = "Approves an adjustment that somebody else proposed, and does it.")
    static final class Approve extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "adjustment")
        private long id;

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Approve(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode nothing = JsonNodeFactory.instance.objectNode();
            Reply reply = require(client.write("POST", "/adjustments/" + id + "/approval", key(key), nothing));
            if (reply.body().has("legs")) {
                return PostingCommands.posted(this, reply);
            }
            print(reply.body(), () -> out().println(AccountCommands.sentence(reply.body(), "is changed")));
            return 0;
        }
    }

    @Command(name = "reject", description = "Rejects an adjustment for good.")
    static final class Reject extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "adjustment")
        private long id;

        @Option(names = "--reason", description = "why; it stays with the adjustment")
        private @Nullable String reason;

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Reject(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            if (reason != null) {
                body.put("reason", reason);
            }
            Reply reply = require(client.write("POST", "/adjustments/" + id + "/rejection", key(key), body));
            print(reply.body(), () -> out().println("adjustment " + id + " is rejected"));
            return 0;
        }
    }

    @Command(name = "list", description = "Lists adjustments, newest first.")
    static final class ListAll extends LedgerAction {
        @Option(names = "--open", description = "only those not decided yet")
        private boolean open;

        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 50;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode page = Pages.read(client, "/adjustments?open=" + open, limit, cursor);
            print(page, () -> {
                for (JsonNode adjustment : page.path("items").values()) {
                    printAdjustment(this, adjustment);
                }
                Pages.printMore(out(), page);
            });
            return 0;
        }
    }

    @Command(name = "show", description = "Shows an adjustment and what became of it.")
    static final class Show extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "adjustment")
        private long id;

        Show(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            Reply reply = require(client.get("/adjustments/" + id));
            print(reply.body(), () -> printAdjustment(this, reply.body()));
            return 0;
        }
    }

    static void printAdjustment(LedgerAction action, JsonNode adjustment) {
        StringBuilder head = new StringBuilder("adjustment ")
                .append(Reply.text(adjustment, "id"))
                .append(" is ")
                .append(AccountCommands.words(Reply.text(adjustment, "state")));
        if (adjustment.has("decidedBy")) {
            head.append(" by ")
                    .append(Reply.text(adjustment, "decidedBy"))
                    .append(" at ")
                    .append(Reply.text(adjustment, "decidedAt"))
                    // An approval's position is the number of what it posted.
                    .append(adjustment.has("transactionId") ? ", transaction " : ", sequence ")
                    .append(Reply.text(adjustment, "decisionSequence"));
            if (adjustment.has("decisionReason")) {
                head.append(", because ").append(Reply.text(adjustment, "decisionReason"));
            }
        }
        if (adjustment.has("valueDate")) {
            head.append(", value date ").append(Reply.text(adjustment, "valueDate"));
        }
        head.append(": ")
                .append(Reply.text(adjustment, "reason"))
                .append(" (")
                .append(Reply.text(adjustment, "author"))
                .append(", ")
                .append(Reply.text(adjustment, "proposedAt"))
                .append(')');
        action.out().println(head);
        JsonNode change = adjustment.path("change");
        if (change.isObject()) {
            List<String> parts = new ArrayList<>();
            change.properties().stream()
                    .filter(part -> !part.getKey().equals("account"))
                    .forEach(part -> parts.add(CHANGED.getOrDefault(part.getKey(), part.getKey()) + " "
                            + (part.getValue().isNull()
                                    ? "none"
                                    : part.getValue().asString())));
            action.out().println("  account " + Reply.text(change, "account") + ": " + String.join(", ", parts));
        }
        PostingCommands.printLegs(action, adjustment);
    }

    @Command(
            name = "close-day",
            description = {
                "Closes a business day and all before it, for good.",
                "What is booked afterwards belongs to a later day, and no value date may lie in a closed one."
            })
    static final class CloseDay extends LedgerAction {
        @Parameters(paramLabel = "DAY", description = "e.g. 2026-03-31; not after today (UTC)")
        private String day = "";

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        CloseDay(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode nothing = JsonNodeFactory.instance.objectNode();
            String path = "/days/" + LedgerClient.encode(day) + "/close";
            Reply reply = require(client.write("POST", path, key(key), nothing));
            print(
                    reply.body(),
                    () -> out().println("closed through " + reply.text("day") + " at sequence " + reply.text("sequence")
                            + " by " + reply.text("closedBy")));
            return 0;
        }
    }

    @Command(name = "days", description = "Shows the business day that is booked into now, and the closed ones.")
    static final class Days extends LedgerAction {
        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 31;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        Days(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode page = Pages.read(client, "/days", limit, cursor);
            print(page, () -> {
                out().println("booking into " + Reply.text(page, "businessDate"));
                Table table =
                        new Table().text("CLOSED").number("SEQUENCE").text("AT").text("BY");
                for (JsonNode close : page.path("items").values()) {
                    table.row(
                            Reply.text(close, "day"),
                            Reply.text(close, "sequence"),
                            Reply.text(close, "closedAt"),
                            Reply.text(close, "closedBy"));
                }
                table.print(out());
                Pages.printMore(out(), page);
            });
            return 0;
        }
    }
}
