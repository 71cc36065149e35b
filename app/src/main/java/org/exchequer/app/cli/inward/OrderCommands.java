package org.exchequer.app.cli.inward;

import java.util.Locale;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.Group;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.app.cli.ledger.Table;
import org.exchequer.inward.api.Measure;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer inward orders}. */
@Command(
        name = "orders",
        description = "What people order for a while when something is wrong: list, place, approve, revoke.",
        synopsisSubcommandLabel = "COMMAND")
final class OrderCommands extends Group {
    private static final String PATH = "/controls/measures";

    private OrderCommands() {}

    static CommandLine create(LedgerContext context) {
        return new CommandLine(new OrderCommands())
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Place(context))
                .addSubcommand(new Approve(context))
                .addSubcommand(new Revoke(context));
    }

    /** What these commands have in common. */
    private abstract static class Action extends DecidingAction {
        Action(LedgerContext context) {
            super(context);
        }

        static Table table() {
            return new Table()
                    .number("id")
                    .text("order")
                    .text("about")
                    .number("seconds")
                    .text("state")
                    .text("until")
                    .text("by")
                    .text("decided by")
                    .text("reason");
        }

        static void row(Table table, JsonNode order) {
            table.row(
                    Reply.text(order, "id"),
                    Reply.text(order, "kind").toLowerCase(Locale.ROOT).replace('_', '-'),
                    about(order),
                    Reply.text(order, "lastsSeconds"),
                    order.has("endedBy")
                            ? "ended by " + Reply.text(order, "endedBy")
                            : Reply.text(order, "state").toLowerCase(Locale.ROOT),
                    Reply.text(order, "endsAt"),
                    Reply.text(order, "proposedBy"),
                    Reply.text(order, "decidedBy"),
                    Reply.text(order, "reason"));
        }

        private static String about(JsonNode order) {
            StringBuilder about = new StringBuilder();
            for (String member :
                    new String[] {"breaker", "breakerMode", "extensionMs", "payment", "messageType", "currency"}) {
                String text = Reply.text(order, member);
                if (!text.isEmpty()) {
                    about.append(about.isEmpty() ? "" : " ")
                            .append(member.equals("extensionMs") ? "+" + text + " ms" : text);
                }
            }
            return about.isEmpty() ? "all" : about.toString();
        }

        void told(JsonNode order) {
            print(order, () -> {
                Table table = table();
                row(table, order);
                table.print(out());
                if (Reply.text(order, "state").equals("PROPOSED")) {
                    out().println("another person approves it: exchequer inward orders approve "
                            + Reply.text(order, "id"));
                }
            });
        }
    }

    @Command(name = "list", description = "The newest first.")
    static final class ListAll extends Action {
        @Option(names = "--limit", description = "at most so many, 1 to 1000 (default: ${DEFAULT-VALUE})")
        private int limit = 50;

        @Option(names = "--open", description = "only what is in force, or waits for another person")
        private boolean open;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode all = inward.get(open ? "/controls" : PATH + "?limit=" + limit);
            print(all, () -> {
                Table table = table();
                for (String member : new String[] {"items", "inForce", "proposed"}) {
                    all.path(member).values().forEach(order -> row(table, order));
                }
                table.print(out());
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "place",
            description = {
                "Orders what one person may order; proposes what takes two.",
                "KIND: emergency-mode, sla-extension, breaker-override, fraud-bypass, forced-completion"
            })
    static final class Place extends Action {
        @Parameters(index = "0", paramLabel = "KIND", description = "what")
        private String kind = "";

        @Option(names = "--reason", required = true, description = "why, at most 500 characters")
        private String reason = "";

        @Option(names = "--lasts", required = true, paramLabel = "SECONDS", description = "for how long, 1 to 3600")
        private int lasts;

        @Option(names = "--breaker", paramLabel = "NAME", description = "of an override: as the controls page has it")
        private @Nullable String breaker;

        @Option(names = "--mode", paramLabel = "MODE", description = "of an override: open or closed")
        private @Nullable String mode;

        @Option(names = "--extension-ms", paramLabel = "MS", description = "of an extension: how much more time")
        private @Nullable Integer extensionMs;

        @Option(names = "--payment", paramLabel = "ID", description = "of a forced completion")
        private @Nullable String payment;

        @Option(names = "--type", paramLabel = "TYPE", description = "only for PACS_008 or another type of message")
        private @Nullable String type;

        @Option(names = "--currency", paramLabel = "CODE", description = "only for this currency")
        private @Nullable String currency;

        Place(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            ObjectNode body = reason(reason)
                    .put("kind", kind().name())
                    .put("lastsSeconds", lasts)
                    .put("breaker", breaker)
                    .put("breakerMode", breakerMode())
                    .put("extensionMs", extensionMs)
                    .put("payment", payment)
                    .put("messageType", type)
                    .put("currency", currency);
            told(inward.write(PATH, body));
            return ExitCodes.OK;
        }

        private Measure.Kind kind() {
            try {
                return Measure.Kind.valueOf(kind.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new CommandFailure(
                        ExitCodes.USAGE,
                        "KIND: must be emergency-mode, sla-extension, breaker-override, fraud-bypass or"
                                + " forced-completion");
            }
        }

        private @Nullable String breakerMode() {
            if (mode == null) {
                return null;
            }
            return switch (mode) {
                case "open" -> "FORCED_OPEN";
                case "closed" -> "FORCED_CLOSED";
                default -> throw new CommandFailure(ExitCodes.USAGE, "--mode: must be open or closed");
            };
        }
    }

    @Command(name = "approve", description = "Approves what another person has proposed; role controller.")
    static final class Approve extends Action {
        @Parameters(index = "0", paramLabel = "ID", description = "as list has it")
        private long id;

        Approve(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            told(inward.write(PATH + "/" + id + "/approval", JsonNodeFactory.instance.objectNode()));
            return ExitCodes.OK;
        }
    }

    @Command(name = "revoke", description = "Ends one that is in force; rejects, or withdraws, one that is proposed.")
    static final class Revoke extends Action {
        @Parameters(index = "0", paramLabel = "ID", description = "as list has it")
        private long id;

        @Option(names = "--reason", description = "why")
        private String reason = "";

        Revoke(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            boolean proposed = inward.get("/controls").path("proposed").values().stream()
                    .anyMatch(order -> order.path("id").asLong() == id);
            told(inward.write(PATH + "/" + id + (proposed ? "/rejection" : "/end"), reason(reason)));
            return ExitCodes.OK;
        }
    }
}
