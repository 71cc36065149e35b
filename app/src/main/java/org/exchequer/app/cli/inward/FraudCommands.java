package org.exchequer.app.cli.inward;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.app.cli.ledger.Group;
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

/** {@code exchequer inward fraud}. */
@Command(
        name = "fraud",
        description = "What fraud is judged by: proposed by one person, approved by another.",
        synopsisSubcommandLabel = "COMMAND")
final class FraudCommands extends Group {
    private static final String CHANGES = "/fraud/changes";

    private FraudCommands() {}

    static CommandLine create(LedgerContext context) {
        return new CommandLine(new FraudCommands())
                .addSubcommand(new Show(context))
                .addSubcommand(new Rules(context))
                .addSubcommand(new Thresholds(context))
                .addSubcommand(new Lists(context))
                .addSubcommand(new Propose(context))
                .addSubcommand(new Deny(context))
                .addSubcommand(new Allow(context))
                .addSubcommand(new Unlist(context))
                .addSubcommand(new Preview(context))
                .addSubcommand(new Approve(context))
                .addSubcommand(new Reject(context))
                .addSubcommand(new Rollback(context));
    }

    private static String of(long version, String what) {
        if (version < 1) {
            throw new CommandFailure(ExitCodes.USAGE, "VERSION: must be 1 or more");
        }
        return CHANGES + "/" + version + what;
    }

    /** What these commands have in common. */
    private abstract static class Action extends DecidingAction {
        Action(LedgerContext context) {
            super(context);
        }

        Table table() {
            return new Table()
                    .number("version")
                    .text("what")
                    .text("state")
                    .number("revision")
                    .text("by")
                    .text("decided by")
                    .text("reason");
        }

        void row(Table table, JsonNode change) {
            table.row(
                    Reply.text(change, "version"),
                    what(change),
                    Reply.text(change, "state"),
                    Reply.text(change, "revision"),
                    Reply.text(change, "proposedBy"),
                    Reply.text(change.path("decision"), "by"),
                    Reply.text(change, "reason"));
        }

        private static String what(JsonNode change) {
            StringJoiner what = new StringJoiner(", ");
            change.path("settings")
                    .properties()
                    .forEach(each -> what.add(each.getKey() + "="
                            + (each.getValue().isNull()
                                    ? "standard"
                                    : each.getValue().asString())));
            change.path("adds").values().forEach(each -> what.add(side(each) + " " + Reply.text(each, "shown")));
            change.path("removes").values().forEach(each -> what.add("take off " + Reply.text(each, "shown")));
            String back = Reply.text(change, "rollbackOf");
            return (back.isEmpty() ? "" : "back to or from " + back + ": ") + what;
        }

        static String side(JsonNode entry) {
            return entry.path("deny").asBoolean() ? "deny" : "allow";
        }

        void told(JsonNode change) {
            print(change, () -> {
                Table table = table();
                row(table, change);
                table.print(out());
            });
        }

        /** A proposal, and how it goes on. */
        int proposed(JsonNode change) {
            told(change);
            if (!json()) {
                String version = Reply.text(change, "version");
                out().println("what it would have done: exchequer inward fraud preview " + version);
                out().println("another person approves it: exchequer inward fraud approve " + version);
            }
            return ExitCodes.OK;
        }

        void values(Iterable<JsonNode> values, boolean rules) {
            Table table = new Table()
                    .text("key")
                    .text("unit")
                    .number("now")
                    .number("set")
                    .number("standard")
                    .number("least")
                    .number("most")
                    .text("what");
            for (JsonNode value : values) {
                JsonNode key = value.path("key");
                if (Reply.text(key, "name").startsWith("rule.") == rules) {
                    table.row(
                            Reply.text(key, "name"),
                            Reply.text(key, "unit"),
                            Reply.text(value, "now"),
                            value.path("set").isNull() ? "-" : Reply.text(value, "set"),
                            Reply.text(key, "standard"),
                            Reply.text(key, "least"),
                            Reply.text(key, "most"),
                            Reply.text(key, "text"));
                }
            }
            table.print(out());
        }
    }

    @Command(name = "show", description = "What waits for another person, and what was changed.")
    static final class Show extends Action {
        Show(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode now = inward.get("/fraud/settings");
            JsonNode changes = inward.get(CHANGES);
            print(changes, () -> {
                Table table = table();
                changes.path("items").values().forEach(each -> row(table, each));
                table.print(out());
                out().println("revision " + Reply.text(now, "revision") + ", " + Reply.text(now, "listed")
                        + " entries on lists");
            });
            return ExitCodes.OK;
        }
    }

    @Command(name = "rules", description = "Rules with what they did; of one rule its numbers.")
    static final class Rules extends Action {
        @Parameters(index = "0", arity = "0..1", paramLabel = "RULE", description = "such as card_testing")
        private @Nullable String rule;

        Rules(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode all = inward.get("/fraud/rules");
            List<JsonNode> lines = all.path("items").values().stream()
                    .filter(each -> rule == null || Reply.text(each, "rule").equals(rule))
                    .toList();
            if (lines.isEmpty()) {
                throw new CommandFailure(ExitCodes.USAGE, "RULE: there is none of this name");
            }
            print(all, () -> {
                if (rule != null) {
                    values(lines.getFirst().path("numbers").values(), true);
                    return;
                }
                Table table = new Table()
                        .number("priority")
                        .text("rule")
                        .text("on")
                        .text("asks for")
                        .number("asked")
                        .number("hits")
                        .number("30 days")
                        .text("precision")
                        .number("mean ns");
                lines.forEach(each -> line(table, each));
                table.print(out());
            });
            return ExitCodes.OK;
        }

        private static void line(Table table, JsonNode line) {
            long frauds = line.path("frauds").asLong();
            long told = frauds + line.path("harmless").asLong();
            table.row(
                    Reply.text(line, "priority"),
                    Reply.text(line, "rule"),
                    line.path("on").asBoolean() ? "yes" : "no",
                    Reply.text(line, "action"),
                    Reply.text(line, "evaluations"),
                    Reply.text(line, "hits"),
                    Reply.text(line, "flagged"),
                    told == 0 ? "-" : 100 * frauds / told + " % of " + told,
                    Long.toString(Math.round(line.path("meanNanos").asDouble())));
        }
    }

    @Command(name = "thresholds", description = "Weights, thresholds and the alarm of drift.")
    static final class Thresholds extends Action {
        Thresholds(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode now = inward.get("/fraud/settings");
            print(now, () -> {
                values(now.path("values").values(), false);
                out().println("revision " + Reply.text(now, "revision"));
            });
            return ExitCodes.OK;
        }
    }

    @Command(name = "lists", description = "Whom deny and allow lists name.")
    static final class Lists extends Action {
        Lists(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode listed = inward.get("/fraud/lists");
            print(listed, () -> {
                Table table = new Table()
                        .number("entry")
                        .text("list")
                        .text("kind")
                        .text("name")
                        .text("until")
                        .text("reason");
                for (JsonNode each : listed.path("items").values()) {
                    table.row(
                            Reply.text(each, "id"),
                            side(each),
                            Reply.text(each, "named"),
                            Reply.text(each, "shown"),
                            Reply.text(each, "until"),
                            Reply.text(each, "reason"));
                }
                table.print(out());
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "propose",
            description = {
                "Proposes values; they hold once another person has approved them.",
                "Without a value, as in weight.model=, the standard holds again."
            })
    static final class Propose extends Action {
        @Parameters(
                arity = "1..*",
                paramLabel = "KEY=VALUE",
                description = "keys as thresholds and rules RULE have them")
        private Map<String, String> values = new LinkedHashMap<>();

        @Option(names = "--reason", required = true, description = "why, at most 500 characters")
        private String reason = "";

        Propose(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            ObjectNode body = reason(reason);
            ObjectNode numbers = body.putObject("values");
            values.forEach((key, value) -> {
                try {
                    numbers.put(key, value.isBlank() ? null : new BigDecimal(value.strip()));
                } catch (NumberFormatException e) {
                    throw new CommandFailure(ExitCodes.USAGE, key + ": must be a number, or empty");
                }
            });
            return proposed(
                    inward.propose("/fraud/settings", body, context().keys().next()));
        }
    }

    /** Puts a name on a list. */
    private abstract static class Listing extends Action {
        @Option(names = "--account", paramLabel = "NUMBER", description = "an IBAN or account number")
        private @Nullable String account;

        @Option(names = "--bank", paramLabel = "BIC", description = "a bank, by its BIC")
        private @Nullable String bank;

        @Option(names = "--until", required = true, paramLabel = "TIME", description = "e.g. 2026-12-31T00:00:00Z")
        private String until = "";

        @Option(names = "--reason", required = true, description = "why, at most 200 characters")
        private String reason = "";

        private final String list;

        Listing(LedgerContext context, String list) {
            super(context);
            this.list = list;
        }

        @Override
        protected int run(InwardServer inward) {
            if ((account == null) == (bank == null)) {
                throw new CommandFailure(ExitCodes.USAGE, "give either --account or --bank");
            }
            ObjectNode body = reason(reason);
            body.putArray("entries")
                    .addObject()
                    .put("list", list)
                    .put("kind", account == null ? "BANK" : "ACCOUNT")
                    .put("name", account == null ? bank : account)
                    .put("reason", reason)
                    .put("until", until);
            return proposed(
                    inward.propose("/fraud/lists", body, context().keys().next()));
        }
    }

    @Command(name = "deny", description = "Proposes an account or a bank that may neither pay nor be paid.")
    static final class Deny extends Listing {
        Deny(LedgerContext context) {
            super(context, "DENY");
        }
    }

    @Command(name = "allow", description = "Proposes a payee whom rules do not suspect.")
    static final class Allow extends Listing {
        Allow(LedgerContext context) {
            super(context, "ALLOW");
        }
    }

    @Command(name = "unlist", description = "Proposes to take entries off the lists.")
    static final class Unlist extends Action {
        @Parameters(arity = "1..*", paramLabel = "ENTRY", description = "as lists has it")
        private List<Long> entries = List.of();

        @Option(names = "--reason", required = true, description = "why")
        private String reason = "";

        Unlist(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            ObjectNode body = reason(reason);
            entries.forEach(body.putArray("entries")::add);
            return proposed(inward.propose(
                    "/fraud/lists/removals", body, context().keys().next()));
        }
    }

    /** A command about a change. */
    private abstract static class OfVersion extends Action {
        @Parameters(index = "0", paramLabel = "VERSION", description = "as show has it")
        long version;

        OfVersion(LedgerContext context) {
            super(context);
        }
    }

    @Command(name = "preview", description = "What a change would have made of the last decisions.")
    static final class Preview extends OfVersion {
        @Option(names = "--last", description = "decisions, 1 to 10000 (default: ${DEFAULT-VALUE})")
        private int last = 1_000;

        Preview(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            JsonNode preview = inward.get(of(version, "/preview?limit=" + last));
            print(preview, () -> {
                out().printf(
                                "of the last %s decisions %s would differ, and %s would have another score%s%n",
                                Reply.text(preview, "looked"),
                                Reply.text(preview, "differ"),
                                Reply.text(preview, "moved"),
                                preview.path("complete").asBoolean() ? "" : "; time was up before all were looked at");
                out().println("before: " + preview.path("before"));
                out().println("after:  " + preview.path("after"));
                Table table = new Table()
                        .text("payment")
                        .number("amount")
                        .text("currency")
                        .text("was")
                        .text("would be");
                for (JsonNode each : preview.path("examples").values()) {
                    table.row(
                            Reply.text(each, "payment"),
                            Reply.text(each, "amount"),
                            Reply.text(each, "currency"),
                            Reply.text(each, "was") + (each.path("wasRefused").asBoolean() ? ", refused" : ""),
                            Reply.text(each, "would")
                                    + (each.path("wouldBeRefused").asBoolean() ? ", refused" : ""));
                }
                table.print(out());
            });
            return ExitCodes.OK;
        }
    }

    @Command(name = "approve", description = "Approves what another person has proposed.")
    static final class Approve extends OfVersion {
        Approve(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            told(inward.write(of(version, "/approval"), JsonNodeFactory.instance.objectNode()));
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
            told(inward.write(of(version, "/rejection"), reason(reason)));
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "rollback",
            description = "Proposes the settings after a change again, or to take its entries back.")
    static final class Rollback extends OfVersion {
        @Option(names = "--reason", required = true, description = "why")
        private String reason = "";

        Rollback(LedgerContext context) {
            super(context);
        }

        @Override
        protected int run(InwardServer inward) {
            return proposed(inward.propose(
                    of(version, "/rollback"), reason(reason), context().keys().next()));
        }
    }
}
