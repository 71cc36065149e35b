package org.exchequer.app.cli.ledger;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code exchequer ledger account …}. */
final class AccountCommands {
    static final String KEY = "idempotency key; the same key asks for the first answer again (default: a new one)";
    static final String CURRENCY = "ISO 4217 code, e.g. EUR, or another asset with its scale, e.g. BTC/8";
    static final String BEFORE = " (done before, this is the first answer again)";

    private AccountCommands() {}

    @Command(
            name = "account",
            description = "Opens, shows, lists and changes accounts.",
            synopsisSubcommandLabel = "COMMAND")
    private static final class Accounts extends Group {}

    static CommandLine create(LedgerContext context) {
        return new CommandLine(new Accounts())
                .addSubcommand(new Open(context))
                .addSubcommand(new Show(context))
                .addSubcommand(new ListAll(context))
                .addSubcommand(new Freeze(context))
                .addSubcommand(new Unfreeze(context))
                .addSubcommand(new Close(context))
                .addSubcommand(new Limit(context))
                .addSubcommand(new SetBounds(context));
    }

    @Command(name = "open", description = "Opens an account. Without --currency it is a summary account.")
    static final class Open extends LedgerAction {
        @Parameters(paramLabel = "CODE", description = "e.g. 2000.cust.dora")
        private String code = "";

        @Option(names = "--name", required = true, description = "for people")
        private String name = "";

        @Option(names = "--type", required = true, description = "${COMPLETION-CANDIDATES}")
        private @Nullable AccountType type;

        @Option(names = "--currency", description = CURRENCY)
        private @Nullable String currency;

        @Option(names = "--parent", paramLabel = "CODE", description = "summary account it hangs under")
        private @Nullable String parent;

        @Option(names = "--normal-side", paramLabel = "SIDE", description = "${COMPLETION-CANDIDATES}; the type's own")
        private @Nullable Side normalSide;

        @Option(names = "--rule", description = "${COMPLETION-CANDIDATES}")
        private @Nullable BalanceRule rule;

        @Option(
                names = "--limit",
                paramLabel = "AMOUNT",
                description = "overdraft limit: how far --rule may be exceeded")
        private @Nullable String limit;

        @Option(names = "--minimum", paramLabel = "AMOUNT", description = "least balance (default: none)")
        private @Nullable String minimum;

        @Option(names = "--maximum", paramLabel = "AMOUNT", description = "greatest balance (default: none)")
        private @Nullable String maximum;

        @Option(
                names = "--opening-balance",
                paramLabel = "AMOUNT",
                description = "posted with the opening, both or neither; needs --contra")
        private @Nullable String openingBalance;

        @Option(names = "--contra", paramLabel = "CODE", description = "account on the other side of the balance")
        private @Nullable String contra;

        @Option(names = "--metadata", paramLabel = "LABEL=VALUE", description = "may be repeated")
        private Map<String, String> metadata = Map.of();

        @Option(names = "--key", description = KEY)
        private @Nullable String key;

        Open(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            body.put("code", code).put("name", name).put("type", String.valueOf(type));
            putIfGiven(body, "currency", currency);
            putIfGiven(body, "parent", parent);
            putIfGiven(body, "normalSide", normalSide);
            putIfGiven(body, "rule", rule);
            putIfGiven(body, "overdraftLimit", limit);
            putIfGiven(body, "minimumBalance", minimum);
            putIfGiven(body, "maximumBalance", maximum);
            if (openingBalance != null && contra != null) {
                body.putObject("openingBalance").put("amount", openingBalance).put("contraAccount", contra);
            } else if (openingBalance != null || contra != null) {
                throw new CommandFailure(
                        ExitCodes.USAGE, "--opening-balance and --contra are given together or not at all");
            }
            metadata.forEach(body.putObject("metadata")::put);
            Reply reply = require(client.write("POST", "/accounts", key(key), body));
            print(reply.body(), () -> out().println(sentence(reply.body(), "is open")));
            return 0;
        }
    }

    @Command(name = "show", description = "Shows an account.")
    static final class Show extends LedgerAction {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        Show(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            Reply reply = require(client.get("/accounts/" + LedgerClient.encode(code)));
            print(reply.body(), () -> {
                for (Map.Entry<String, JsonNode> field : reply.body().properties()) {
                    if (!field.getValue().isObject() || !field.getValue().isEmpty()) {
                        String value = field.getValue().isObject()
                                ? field.getValue().toString()
                                : field.getValue().asString();
                        out().printf("%-15s %s%n", field.getKey(), value);
                    }
                }
            });
            return 0;
        }
    }

    @Command(name = "list", description = "Lists accounts in order of code.")
    static final class ListAll extends LedgerAction {
        @Option(names = "--prefix", description = "only codes that start so")
        private String prefix = "";

        @Option(names = "--limit", description = "at most so many (default: ${DEFAULT-VALUE})")
        private int limit = 1_000;

        ListAll(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode all = Pages.read(client, "/accounts?prefix=" + LedgerClient.encode(prefix), limit, null);
            print(all, () -> {
                Table table = new Table()
                        .text("CODE")
                        .text("NAME")
                        .text("TYPE")
                        .text("CURRENCY")
                        .text("STATE")
                        .text("RULE")
                        .number("LIMIT");
                for (JsonNode account : all.get("items").values()) {
                    String rule = Reply.text(account, "rule");
                    table.row(
                            Reply.text(account, "code"),
                            Reply.text(account, "name"),
                            words(Reply.text(account, "type")),
                            Reply.text(account, "currency"),
                            words(Reply.text(account, "state")),
                            rule.equals("NONE") ? "" : words(rule),
                            rule.equals("NONE") ? "" : Reply.text(account, "overdraftLimit"));
                }
                table.print(out());
                Pages.printMore(out(), all);
            });
            return 0;
        }
    }

    /** Changes an account, or proposes to. */
    private abstract static class Change extends LedgerAction {
        @Option(names = "--key", description = KEY)
        private @Nullable String key;

        @Option(
                names = "--reason",
                paramLabel = "TEXT",
                description = {
                    "propose it, for a controller to approve: what raises a limit, widens a bound, lifts a freeze or",
                    "opens a closed account again takes two people"
                })
        private @Nullable String reason;

        Change(LedgerContext context) {
            super(context);
        }

        /** @param said what to print of the account as it has become */
        final int change(LedgerClient client, String code, ObjectNode change, Function<Reply, String> said) {
            if (reason == null) {
                Reply reply =
                        require(client.write("PATCH", "/accounts/" + LedgerClient.encode(code), key(key), change));
                print(reply.body(), () -> out().println(sentence(reply.body(), said.apply(reply))));
                return 0;
            }
            ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
            body.set("change", change.put("account", code));
            Reply reply = require(client.write("POST", "/adjustments", key(key), body));
            print(reply.body(), () -> ControlCommands.printAdjustment(this, reply.body()));
            return 0;
        }
    }

    /** Freezes, reopens or closes. */
    private abstract static class ChangeState extends Change {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        ChangeState(LedgerContext context) {
            super(context);
        }

        abstract AccountState state();

        @Override
        final int run(LedgerClient client) {
            ObjectNode change = JsonNodeFactory.instance.objectNode().put("state", state().name());
            return change(client, code, change, reply -> "is " + words(reply.text("state")));
        }
    }

    @Command(name = "freeze", description = "Freezes an account, or one side of it, until it is unfrozen.")
    static final class Freeze extends ChangeState {
        @Option(
                names = "--side",
                paramLabel = "SIDE",
                description = "the side that takes no more entries: ${COMPLETION-CANDIDATES} (default: both)")
        private @Nullable Side side;

        Freeze(LedgerContext context) {
            super(context);
        }

        @Override
        AccountState state() {
            return switch (side) {
                case null -> AccountState.FROZEN;
                case DEBIT -> AccountState.DEBIT_FROZEN;
                case CREDIT -> AccountState.CREDIT_FROZEN;
            };
        }
    }

    @Command(name = "unfreeze", description = "Opens a frozen account again, or with --reason a closed one.")
    static final class Unfreeze extends ChangeState {
        Unfreeze(LedgerContext context) {
            super(context);
        }

        @Override
        AccountState state() {
            return AccountState.OPEN;
        }
    }

    @Command(name = "close", description = "Closes an account; its balance must be zero.")
    static final class Close extends ChangeState {
        Close(LedgerContext context) {
            super(context);
        }

        @Override
        AccountState state() {
            return AccountState.CLOSED;
        }
    }

    @Command(name = "limit", description = "Changes an account's overdraft limit.")
    static final class Limit extends Change {
        @Parameters(index = "0", paramLabel = "CODE", description = "account")
        private String code = "";

        @Parameters(index = "1", paramLabel = "AMOUNT", description = "e.g. 250.00")
        private String amount = "";

        @Parameters(index = "2", paramLabel = "CURRENCY", description = "the account's, e.g. EUR")
        private String currency = "";

        Limit(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode change = JsonNodeFactory.instance
                    .objectNode()
                    .put("overdraftLimit", amount)
                    .put("currency", currency);
            return change(
                    client,
                    code,
                    change,
                    reply ->
                            "has an overdraft limit of " + reply.text("overdraftLimit") + " " + reply.text("currency"));
        }
    }

    @Command(name = "bounds", description = "Changes the least and the greatest balance of an account.")
    static final class SetBounds extends Change {
        @Parameters(paramLabel = "CODE", description = "account")
        private String code = "";

        @Option(names = "--minimum", paramLabel = "AMOUNT", description = "least balance (default: none)")
        private @Nullable String minimum;

        @Option(names = "--maximum", paramLabel = "AMOUNT", description = "greatest balance (default: none)")
        private @Nullable String maximum;

        @Option(names = "--currency", description = "the account's; with an amount")
        private @Nullable String currency;

        SetBounds(LedgerContext context) {
            super(context);
        }

        @Override
        int run(LedgerClient client) {
            ObjectNode change = JsonNodeFactory.instance
                    .objectNode()
                    .put("minimumBalance", minimum)
                    .put("maximumBalance", maximum);
            putIfGiven(change, "currency", currency);
            return change(client, code, change, reply -> {
                String least = reply.text("minimumBalance");
                String greatest = reply.text("maximumBalance");
                return "has " + (least.isEmpty() ? "no minimum" : "the minimum " + least) + " and "
                        + (greatest.isEmpty() ? "no maximum" : "the maximum " + greatest);
            });
        }
    }

    static void putIfGiven(ObjectNode body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value.toString());
        }
    }

    static String sentence(JsonNode account, String what) {
        return "account " + Reply.text(account, "code") + " (" + Reply.text(account, "name") + ") " + what;
    }

    /** {@code DEBITS_MAY_NOT_EXCEED_CREDITS} for people. */
    static String words(String constant) {
        return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
