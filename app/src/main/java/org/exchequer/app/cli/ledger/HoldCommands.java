package org.exchequer.app.cli.ledger;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
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

/** {@code exchequer ledger hold}, {@code post-hold}, {@code void-hold}, {@code show-hold} and {@code holds}. */
final class HoldCommands {
    private static final Pattern TIMEOUT = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    private HoldCommands() {}

    @Command(
            name = "hold",
            description = {
                "Reserves an amount on two accounts, to be posted or voided later.",
                "It counts against limits at once and moves nothing yet."
            })
    static final class Hold extends LedgerAction {
        @Parameters(index = "0", paramLabel = "DEBIT", description = "code of the account to debit")
        private String debit = "";

        @Parameters(index = "1", paramLabel = "CREDIT", description = "code of the account to credit")
        private String credit = "";

        @Parameters(index = "2", paramLabel = "AMOUNT", description = "e.g. 10.50")
        private String amount = "";

        @Parameters(index = "3", paramLabel = "CURRENCY", description = AccountCommands.CURRENCY)
        private String currency = "";

        @Option(
                names = "--timeout",
                paramLabel = "TIME",
                description = "released by itself after so long, e.g. 30m, 12h, 7d (default: never)")
        private @Nullable String timeout;

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        Hold(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            PostingCommands.put(body, debit, credit, amount, currency);
            if (timeout != null) {
                body.put("timeoutSeconds", seconds(timeout));
            }
            details.put(body);
            Reply reply = require(client.write("POST", "/holds", key(key), body));
            print(reply.body(), () -> printHold(this, reply.body(), reply.replayed()));
            return 0;
        }

        private static long seconds(String text) {
            Matcher matcher = TIMEOUT.matcher(text);
            if (!matcher.matches()) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "--timeout must be a number and s, m, h or d, e.g. 7d, is " + text);
            }
            TimeUnit unit = switch (matcher.group(2)) {
                case "s" -> TimeUnit.SECONDS;
                case "m" -> TimeUnit.MINUTES;
                case "h" -> TimeUnit.HOURS;
                default -> TimeUnit.DAYS;
            };
            return unit.toSeconds(Long.parseLong(matcher.group(1)));
        }
    }

    @Command(name = "post-hold", description = "Posts a hold, in full or part.")
    static final class PostHold extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "hold")
        private long id;

        @Mixin
        private PartOptions part = new PartOptions();

        @Option(names = "--keep-rest", description = "keep what is not posted reserved, for further postings")
        private boolean keepRest;

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        PostHold(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            part.put(body);
            details.put(body.put("keepRest", keepRest));
            return PostingCommands.posted(this, client.write("POST", "/holds/" + id + "/post", key(key), body));
        }
    }

    @Command(name = "void-hold", description = "Releases what remains of a hold, and ends it.")
    static final class VoidHold extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "hold")
        private long id;

        @Mixin
        private DetailsOptions details = new DetailsOptions();

        @Option(names = "--key", description = AccountCommands.KEY)
        private @Nullable String key;

        VoidHold(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            details.put(body);
            Reply reply = require(client.write("POST", "/holds/" + id + "/void", key(key), body));
            print(
                    reply.body(),
                    () -> out().println("hold " + id + " is void, " + reply.text("released") + " "
                            + reply.text("currency") + " released" + (reply.replayed() ? AccountCommands.BEFORE : "")));
            return 0;
        }
    }

    @Command(name = "show-hold", description = "Shows a hold and what became of it.")
    static final class ShowHold extends LedgerAction {
        @Parameters(paramLabel = "ID", description = "hold")
        private long id;

        ShowHold(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            Reply reply = require(client.get("/holds/" + id));
            print(reply.body(), () -> printHold(this, reply.body(), false));
            return 0;
        }
    }

    @Command(
            name = "holds",
            description = {
                "Lists open holds: those on an account, oldest first, or those of the whole ledger, newest first.",
                "With --all the ended ones of the whole ledger too."
            })
    static final class ListHolds extends LedgerAction {
        @Parameters(paramLabel = "CODE", arity = "0..1", description = "account (default: the whole ledger)")
        private @Nullable String code;

        @Option(names = "--all", description = "ended ones too")
        private boolean all;

        @Option(names = "--reference", description = "only with this reference or correlation id")
        private @Nullable String reference;

        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 100;

        @Option(names = "--cursor", description = "where an earlier list stopped")
        private @Nullable String cursor;

        ListHolds(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode page = Pages.read(client, path(), limit, cursor);
            print(page, () -> {
                Table table = new Table()
                        .number("HOLD")
                        .text("DEBIT")
                        .text("CREDIT")
                        .number("REMAINING")
                        .text("")
                        .text("STATE")
                        .text("EXPIRES")
                        .text("REFERENCE");
                for (JsonNode hold : page.get("items").values()) {
                    table.row(
                            Reply.text(hold, "id"),
                            Reply.text(hold, "debitAccount"),
                            Reply.text(hold, "creditAccount"),
                            Reply.text(hold, "remaining"),
                            Reply.text(hold, "currency"),
                            AccountCommands.words(Reply.text(hold, "state")),
                            Reply.text(hold, "expiresAt"),
                            Reply.text(hold, "reference"));
                }
                table.print(out());
                Pages.printMore(out(), page);
            });
            return 0;
        }

        private String path() {
            if (code == null) {
                return "/holds?open=" + !all
                        + (reference == null ? "" : "&reference=" + LedgerClient.encode(reference));
            }
            if (all || reference != null) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "--all and --reference go with the whole ledger: leave " + code + " out");
            }
            return "/accounts/" + LedgerClient.encode(code) + "/holds";
        }
    }

    private static void printHold(LedgerAction action, JsonNode hold, boolean replayed) {
        String currency = " " + Reply.text(hold, "currency");
        StringBuilder text = new StringBuilder("hold ")
                .append(Reply.text(hold, "id"))
                .append(" is ")
                .append(AccountCommands.words(Reply.text(hold, "state")))
                .append(": ")
                .append(Reply.text(hold, "amount"))
                .append(currency)
                .append(" from ")
                .append(Reply.text(hold, "debitAccount"))
                .append(" to ")
                .append(Reply.text(hold, "creditAccount"))
                .append(", remaining ")
                .append(Reply.text(hold, "remaining"))
                .append(", posted ")
                .append(Reply.text(hold, "posted"));
        for (String name : List.of("expiresAt", "reference", "correlationId", "valueDate")) {
            if (hold.has(name)) {
                text.append(", ")
                        .append(PostingCommands.words(name))
                        .append(' ')
                        .append(Reply.text(hold, name));
            }
        }
        PostingCommands.appendIds(text, hold, "postedBy");
        text.append(", key ").append(Reply.text(hold, "key"));
        action.out().println(text.append(replayed ? AccountCommands.BEFORE : ""));
    }
}
