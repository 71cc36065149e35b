package org.exchequer.app.cli.ledger;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.kernel.Ticker;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer shards}: a ledger of several databases, for those who run it. */
@Command(
        name = "shards",
        description = "The databases of a ledger that is spread over several: a client of the running ledger.",
        synopsisSubcommandLabel = "COMMAND")
public final class ShardsCommand extends Group {
    private static final String PATH = "/shards";

    private ShardsCommand() {}

    /** The command with its subcommands, to be added to the program's own. */
    public static CommandLine create(Map<String, String> environment, Clock clock, Ticker ticker) {
        LedgerContext context = new LedgerContext(environment, clock, ticker, new Keys(clock));
        CommandLine shards = new CommandLine(new ShardsCommand())
                .addSubcommand(new ListShards(context))
                .addSubcommand(new InDoubt(context))
                .addSubcommand(new Move(context))
                .addSubcommand(new Moves(context));
        withHelp(shards);
        return shards;
    }

    /** The reply; a ledger that has no shards has none of these paths. */
    private static JsonNode read(LedgerClient client, String path) {
        Reply reply = client.get(PATH + path);
        if (reply.status() == 404) {
            throw new CommandFailure(
                    ExitCodes.FAILED,
                    "this ledger is one database, not several: start it with exchequer up --shards 2 to spread it");
        }
        return LedgerAction.require(reply).body();
    }

    @Command(
            name = "list",
            description = "Lists the shards: slots, positions, what each has sent to others, and what is in transit.")
    static final class ListShards extends LedgerAction {
        ListShards(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode body = read(client, "");
            print(body, () -> {
                Table table = new Table()
                        .text("SHARD")
                        .number("SLOTS")
                        .number("ABOUT TO MOVE")
                        .number("POSITION")
                        .text("NET SENT TO OTHER SHARDS");
                for (JsonNode shard : body.path("shards").values()) {
                    table.row(
                            Reply.text(shard, "name"),
                            Reply.text(shard, "slots"),
                            Reply.text(shard, "moving"),
                            shard.path("position").isNull() ? "does not answer" : Reply.text(shard, "position"),
                            amounts(shard.path("netSent")));
                }
                table.print(out());
                JsonNode transit = body.path("inTransit");
                out().println("in transit now: "
                        + (transit.isNull()
                                ? "not known, a shard does not answer"
                                : transit.isEmpty() ? "nothing" : amounts(transit)));
                out().println("directory version " + Reply.text(body, "version") + "; in doubt: "
                        + Reply.text(body, "inDoubt") + ", rolled back when undecided for "
                        + Reply.text(body, "inDoubtLimitSeconds") + " s");
            });
            return ExitCodes.OK;
        }

        private static String amounts(JsonNode sums) {
            List<String> parts = new ArrayList<>();
            sums.properties().forEach(sum -> parts.add(sum.getValue().asString() + " " + sum.getKey()));
            return String.join(", ", parts);
        }
    }

    @Command(
            name = "in-doubt",
            description = "Lists transactions over several shards that have not ended, the oldest first.")
    static final class InDoubt extends LedgerAction {
        InDoubt(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode body = read(client, "/in-doubt");
            print(body, () -> {
                if (body.path("items").isEmpty()) {
                    out().println("nothing is in doubt");
                    return;
                }
                Table table = new Table()
                        .text("KEY")
                        .text("STATE")
                        .text("SHARDS")
                        .number("AMOUNT")
                        .text("")
                        .text("SINCE")
                        .number("SEEN FOR");
                for (JsonNode item : body.path("items").values()) {
                    List<String> over = new ArrayList<>();
                    item.path("shards").values().forEach(shard -> over.add("s" + shard.asString()));
                    table.row(
                            Reply.text(item, "key"),
                            Reply.text(item, "state").toLowerCase(Locale.ROOT).replace('_', ' '),
                            String.join(",", over),
                            Reply.text(item, "amount"),
                            Reply.text(item, "currency"),
                            Reply.text(item, "since"),
                            item.path("seenForMs").asLong() / 1_000 + " s");
                }
                table.print(out());
            });
            return ExitCodes.OK;
        }
    }

    @Command(
            name = "move",
            description = {
                "Moves slots, and the accounts in them, from one shard to another while the ledger goes on.",
                "While a move runs, no other begins. Slots whose accounts have open holds stay: move them later."
            })
    static final class Move extends LedgerAction {
        @Option(names = "--from", required = true, paramLabel = "SHARD", description = "e.g. s0 or 0")
        private String from = "";

        @Option(names = "--to", required = true, paramLabel = "SHARD", description = "e.g. s1 or 1")
        private String to = "";

        @Option(names = "--slots", required = true, paramLabel = "N", description = "how many of the 4,096")
        private int slots;

        @Option(names = "--wait", description = "until it has ended; exit code 1 when it did not reach its end")
        private boolean wait;

        Move(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            read(client, "");
            ObjectNode wanted = JsonNodeFactory.instance.objectNode();
            wanted.put("from", number("--from", from))
                    .put("to", number("--to", to))
                    .put("slots", slots);
            JsonNode move = require(client.writeOnce(PATH + "/moves", wanted, "look with: exchequer shards moves"))
                    .body();
            boolean other = move.path("from").asInt() != wanted.path("from").asInt()
                    || move.path("to").asInt() != wanted.path("to").asInt()
                    || move.path("wanted").asInt() != slots;
            if (other) {
                throw new CommandFailure(ExitCodes.FAILED, "not begun, because another move runs: " + sentence(move));
            }
            while (wait && move.path("running").asBoolean()) {
                LedgerClient.pause(3);
                move = read(client, "/moves").path("move");
            }
            JsonNode last = move;
            print(last, () -> out().println(sentence(last)));
            return last.path("error").isString() ? ExitCodes.FAILED : ExitCodes.OK;
        }

        private static int number(String option, String shard) {
            String digits = shard.startsWith("s") ? shard.substring(1) : shard;
            if (!digits.matches("[0-9]{1,4}")) {
                throw new CommandFailure(ExitCodes.USAGE, option + " must be a shard such as s0, not " + shard);
            }
            return Integer.parseInt(digits);
        }
    }

    @Command(name = "moves", description = "Shows the move of slots that runs, or ran last, on the node that answers.")
    static final class Moves extends LedgerAction {
        Moves(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            JsonNode body = read(client, "/moves");
            JsonNode move = body.path("move");
            print(
                    body,
                    () -> out().println(
                                    move.isObject()
                                            ? sentence(move)
                                            : "this node has moved no slots since it started"));
            return ExitCodes.OK;
        }
    }

    private static String sentence(JsonNode move) {
        String skipped = Reply.text(move, "skipped");
        return "s" + Reply.text(move, "from") + " to s" + Reply.text(move, "to") + ": " + Reply.text(move, "moved")
                + " of " + Reply.text(move, "wanted") + " slots with " + Reply.text(move, "accounts")
                + " accounts moved"
                + (skipped.equals("0") ? "" : ", " + skipped + " stay because of holds")
                + ", longest pause " + Reply.text(move, "longestPauseMs") + " ms"
                + (move.path("running").asBoolean() ? "; going on" : "")
                + (move.path("error").isString() ? "; stopped: " + Reply.text(move, "error") : "");
    }
}
