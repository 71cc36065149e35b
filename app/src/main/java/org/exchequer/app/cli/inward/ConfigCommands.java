package org.exchequer.app.cli.inward;

import java.math.BigDecimal;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.Group;
import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.LedgerContext;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.app.cli.ledger.Table;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer inward config}. */
@Command(
        name = "config",
        description = "How inward clearing works: proposed by one person, approved by another.",
        synopsisSubcommandLabel = "COMMAND")
final class ConfigCommands extends Group {
    private ConfigCommands() {}

    static CommandLine create(LedgerContext context) {
        return new CommandLine(new ConfigCommands())
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Propose(context))
                .addSubcommand(new Approve(context))
                .addSubcommand(new Reject(context))
                .addSubcommand(new History(context))
                .addSubcommand(new Rollback(context));
    }

    private static String path(String key) {
        return "/config/" + LedgerClient.encode(key);
    }

    private static String path(String key, long version) {
        return path(key) + "/versions/" + version;
    }

    private static Table table() {
        return new Table()
                .text("key")
                .number("version")
                .number("value")
                .text("scope")
                .text("state")
                .text("by")
                .text("decided by")
                .text("reason");
    }

    private static void row(Table table, JsonNode entry) {
        table.row(
                Reply.text(entry, "key"),
                Reply.text(entry, "version"),
                entry.path("value").isNull() ? "-" : Reply.text(entry, "value"),
                scope(entry),
                Reply.text(entry, "state"),
                Reply.text(entry, "createdBy"),
                Reply.text(entry, "decidedBy"),
                Reply.text(entry, "reason"));
    }

    private static String scope(JsonNode entry) {
        StringBuilder scope = new StringBuilder();
        for (String part : new String[] {"messageType", "currency", "leastMinorUnits", "mostMinorUnits", "instance"}) {
            if (!Reply.text(entry, part).isEmpty()) {
                scope.append(scope.isEmpty() ? "" : " ")
                        .append(
                                part.equals("leastMinorUnits")
                                        ? "from "
                                        : part.equals("mostMinorUnits") ? "below " : "")
                        .append(Reply.text(entry, part));
            }
        }
        String experiment = Reply.text(entry, "experiment");
        if (!experiment.isEmpty()) {
            scope.append(" [")
                    .append(experiment)
                    .append(' ')
                    .append(Reply.text(entry, "percentage"))
                    .append(" %]");
        }
        return scope.isEmpty() ? "all" : scope.toString();
    }

    /** A number; picocli's own reader of one answers what is none with the name of an exception. */
    static final class Decimal implements CommandLine.ITypeConverter<BigDecimal> {
        @Override
        public BigDecimal convert(String text) {
            try {
                return new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw new CommandLine.TypeConversionException("must be a number, such as 3000 or 0.05");
            }
        }
    }

    /** What these commands have in common. */
    private abstract static class Action extends DecidingAction {
        Action(LedgerContext context) {
            super(context);
        }

        void told(JsonNode entry, String next) {
            print(entry, () -> {
                Table table = table();
                row(table, entry);
                table.print(out());
                out().print(next.isEmpty() ? "" : next + System.lineSeparator());
            });
        }
    }

    @Command(name = "list", description = "What is configured, and what waits for another person.")
    static final class ListAll extends Action {
        @Option(names = "--keys", description = "everything that can be configured, instead")
        private boolean keys;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode all = inward.get("/config");
            print(all, () -> {
                if (keys) {
                    keys(all);
                    return;
                }
                Table table = table();
                all.path("approved").values().forEach(entry -> row(table, entry));
                all.path("proposed").values().forEach(entry -> row(table, entry));
                table.print(out());
                out().println("revision " + Reply.text(all, "revision"));
            });
            return ExitCodes.OK;
        }

        private void keys(JsonNode all) {
            Table table = new Table()
                    .text("key")
                    .text("unit")
                    .number("standard")
                    .number("least")
                    .number("most")
                    .text("what");
            for (JsonNode key : all.path("keys").values()) {
                table.row(
                        Reply.text(key, "key"),
                        Reply.text(key, "unit"),
                        Reply.text(key, "standard"),
                        Reply.text(key, "least"),
                        Reply.text(key, "most"),
                        Reply.text(key, "text"));
            }
            table.print(out());
        }
    }

    @Command(
            name = "set",
            description = {
                "Proposes a value; it applies once another person has approved it.",
                "Without a value, what was said for the same scope is taken away."
            })
    static final class Propose extends Action {
        @Parameters(index = "0", paramLabel = "KEY", description = "as list --keys has it")
        private String key = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "VALUE",
                description = "in the key's unit",
                converter = Decimal.class)
        private @Nullable BigDecimal value;

        @Option(names = "--reason", required = true, description = "why, at most 500 characters")
        private String reason = "";

        @Option(
                names = "--type",
                paramLabel = "TYPE",
                description = "only for PACS_008, PACS_003, PACS_007 or CAMT_056")
        private @Nullable String type;

        @Option(names = "--currency", paramLabel = "CODE", description = "only for this currency")
        private @Nullable String currency;

        @Option(names = "--from-amount", paramLabel = "MINOR", description = "only for amounts from this on")
        private @Nullable Long least;

        @Option(names = "--below-amount", paramLabel = "MINOR", description = "only for amounts below this")
        private @Nullable Long most;

        @Option(names = "--node", paramLabel = "NODE", description = "only on this node")
        private @Nullable String node;

        @Option(names = "--from", paramLabel = "TIME", description = "from then on, e.g. 2026-03-31T10:00:00Z")
        private @Nullable String from;

        @Option(names = "--until", paramLabel = "TIME", description = "until then")
        private @Nullable String until;

        @Option(names = "--experiment", paramLabel = "NAME", description = "only for payments chosen for it")
        private @Nullable String experiment;

        @Option(
                names = "--percentage",
                paramLabel = "PERCENT",
                description = "how many are chosen",
                converter = Decimal.class)
        private @Nullable BigDecimal percentage;

        Propose(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            ObjectNode body = reason(reason)
                    .put("messageType", type)
                    .put("currency", currency)
                    .put("leastMinorUnits", least)
                    .put("mostMinorUnits", most)
                    .put("instance", node)
                    .put("from", from)
                    .put("until", until)
                    .put("experiment", experiment)
                    .put("percentage", percentage)
                    .put("value", value);
            JsonNode entry = inward.write(path(key), body);
            told(
                    entry,
                    "another person approves it: exchequer inward config approve " + key + " "
                            + Reply.text(entry, "version"));
            return ExitCodes.OK;
        }
    }

    /** A command about a version. */
    private abstract static class OfVersion extends Action {
        @Parameters(index = "0", paramLabel = "KEY", description = "as list --keys has it")
        String key = "";

        @Parameters(index = "1", paramLabel = "VERSION", description = "as history has it")
        long version;

        OfVersion(LedgerContext context) {
            super(context);
        }
    }

    @Command(name = "approve", description = "Approves what another person has proposed.")
    static final class Approve extends OfVersion {
        Approve(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            told(inward.write(path(key, version) + "/approval", JsonNodeFactory.instance.objectNode()), "");
            return ExitCodes.OK;
        }
    }

    @Command(name = "reject", description = "Rejects a proposal, or withdraws one's own.")
    static final class Reject extends OfVersion {
        @Option(names = "--reason", description = "why")
        private String reason = "";

        Reject(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            told(inward.write(path(key, version) + "/rejection", reason(reason)), "");
            return ExitCodes.OK;
        }
    }

    @Command(name = "history", description = "All versions of a key, the newest first.")
    static final class History extends Action {
        @Parameters(index = "0", paramLabel = "KEY", description = "as list --keys has it")
        private String key = "";

        History(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode history = inward.get(path(key));
            print(history, () -> {
                Table table = table();
                history.path("versions").values().forEach(entry -> row(table, entry));
                table.print(out());
            });
            return ExitCodes.OK;
        }
    }

    @Command(name = "rollback", description = "Proposes the value of an approved version again.")
    static final class Rollback extends OfVersion {
        @Option(names = "--reason", required = true, description = "why")
        private String reason = "";

        Rollback(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            if (version < 1) {
                throw new CommandFailure(ExitCodes.USAGE, "VERSION: must be 1 or more");
            }
            JsonNode entry = inward.write(path(key, version) + "/rollback", reason(reason));
            told(
                    entry,
                    "another person approves it: exchequer inward config approve " + key + " "
                            + Reply.text(entry, "version"));
            return ExitCodes.OK;
        }
    }
}
