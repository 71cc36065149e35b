package org.exchequer.ledger.edge.http;

import java.io.ByteArrayOutputStream;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Many commands in one body, and their results in one answer: {@code {"items": [{"command": "TRANSFER", "key": …,
 * …}]}}. An item has the fields that the body of its own door has, the ones of that door's path, and its key. Both
 * directions go straight between bytes and records.
 */
public final class BatchJson {
    /** Items of a batch of independent commands, at most. */
    public static final int MAX_ITEMS = 10_000;

    /** What an item asks for, with its fields and who may. */
    enum Type {
        TRANSFER(LedgerDoors.POST, CommandJson.TRANSFER),
        POST(LedgerDoors.POST, CommandJson.POST),
        HOLD(LedgerDoors.POST, CommandJson.HOLD),
        POST_HOLD(LedgerDoors.POST, CommandJson.POST_HOLD, "holdId"),
        VOID_HOLD(LedgerDoors.POST, CommandJson.VOID_HOLD, "holdId"),
        PROPOSE_ADJUSTMENT(LedgerDoors.POST, CommandJson.PROPOSE_ADJUSTMENT),
        REVERSE(LedgerDoors.MANAGE, CommandJson.REVERSE, "transactionId"),
        DECIDE_ADJUSTMENT(LedgerDoors.CONTROL, Set.of(), "adjustmentId", "approve", "reason"),
        CLOSE_DAY(LedgerDoors.CONTROL, Set.of(), "day"),
        OPEN_ACCOUNT(LedgerDoors.MANAGE, CommandJson.OPEN_ACCOUNT),
        CHANGE_ACCOUNT(LedgerDoors.MANAGE, CommandJson.CHANGE_ACCOUNT, "account");

        @SuppressWarnings("ImmutableEnumChecker") // an immutable set
        final Set<Role> roles;

        @SuppressWarnings("ImmutableEnumChecker") // an immutable copy
        private final Set<String> fields;

        Type(Set<Role> roles, Set<String> body, String... path) {
            this.roles = roles;
            Set<String> all = new HashSet<>(body);
            all.addAll(List.of(path));
            all.addAll(List.of("command", "key"));
            this.fields = Set.copyOf(all);
        }
    }

    private BatchJson() {}

    /**
     * Reads a batch.
     *
     * @param caller who sends it: author and approver of adjustments, closer of days
     * @param tightenOnly whether the caller may change accounts only so that less is possible with them
     * @param asked told the type of each item, with the item's path, before the item is read further
     */
    static List<Command> read(
            byte[] body, int maxItems, String caller, boolean tightenOnly, BiConsumer<Type, String> asked) {
        return JsonBody.items(body, "items", maxItems, item -> {
            Type type = item.oneOf(Type.class, "command");
            asked.accept(type, item.path("command"));
            return command(type, item.only(type.fields), caller, tightenOnly);
        });
    }

    private static Command command(Type type, JsonFields item, String caller, boolean tightenOnly) {
        String key = item.string("key");
        return switch (type) {
            case TRANSFER -> CommandJson.transfer(key, item);
            case POST -> CommandJson.post(key, item);
            case HOLD -> CommandJson.hold(key, item);
            case POST_HOLD -> CommandJson.postHold(key, item.whole("holdId"), item);
            case VOID_HOLD -> CommandJson.voidHold(key, item.whole("holdId"), item);
            case REVERSE -> CommandJson.reverse(key, item.whole("transactionId"), item);
            case PROPOSE_ADJUSTMENT -> CommandJson.propose(key, caller, item);
            case DECIDE_ADJUSTMENT -> {
                long adjustment = item.whole("adjustmentId");
                boolean approve = item.requiredFlag("approve");
                String reason = item.optionalString("reason");
                yield item.build(() ->
                        new Command.DecideAdjustment(key, adjustment, approve, caller, reason == null ? "" : reason));
            }
            case CLOSE_DAY -> {
                LocalDate day = item.date("day");
                yield item.build(() -> new Command.CloseDay(key, day, caller));
            }
            case OPEN_ACCOUNT -> {
                AccountSpec account = CommandJson.account(item);
                yield item.build(() -> new Command.OpenAccount(key, account));
            }
            case CHANGE_ACCOUNT -> {
                AccountChange change = CommandJson.change(item.string("account"), item);
                yield item.build(() -> new Command.ChangeAccount(key, change, tightenOnly));
            }
        };
    }

    /**
     * The body of a batch with these commands; reading it gives them back.
     *
     * @param commands transfers, posts and openings of accounts: what files are made of
     */
    public static byte[] write(List<? extends Command> commands) {
        return bytes(160 * commands.size(), json -> {
            json.writeStartObject().writeArrayPropertyStart("items");
            for (Command command : commands) {
                json.writeStartObject();
                write(json, command);
                json.writeEndObject();
            }
            json.writeEndArray().writeEndObject();
        });
    }

    private static byte[] bytes(int about, Consumer<JsonGenerator> content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(about);
        try (JsonGenerator json = StrictJson.mapper().createGenerator(bytes)) {
            content.accept(json);
        }
        return bytes.toByteArray();
    }

    private static void write(JsonGenerator json, Command command) {
        Type type = switch (command) {
            case Command.Transfer transfer -> Type.TRANSFER;
            case Command.Post post -> Type.POST;
            case Command.OpenAccount open -> Type.OPEN_ACCOUNT;
            default -> throw new IllegalArgumentException("not a command that files are made of: " + command);
        };
        json.writeStringProperty("command", type.name()).writeStringProperty("key", command.key());
        if (command instanceof Command.Transfer transfer) {
            accounts(json, transfer.debitAccount(), transfer.creditAccount());
            amount(json, transfer.amount());
            details(json, transfer.details());
        } else if (command instanceof Command.Post post) {
            legs(json, post.legs());
            details(json, post.details());
        } else if (command instanceof Command.OpenAccount open) {
            account(json, open.account());
        }
    }

    private static void accounts(JsonGenerator json, String debit, String credit) {
        json.writeStringProperty("debitAccount", debit).writeStringProperty("creditAccount", credit);
    }

    private static void amount(JsonGenerator json, Money amount) {
        json.writeStringProperty("amount", amount.toDecimal())
                .writeStringProperty("currency", amount.currency().code());
    }

    private static void legs(JsonGenerator json, List<Leg> legs) {
        json.writeArrayPropertyStart("legs");
        for (Leg leg : legs) {
            json.writeStartObject()
                    .writeStringProperty("account", leg.account())
                    .writeStringProperty("side", leg.side().name());
            amount(json, leg.amount());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void details(JsonGenerator json, Details details) {
        text(json, "reference", details.reference());
        text(json, "correlationId", details.correlationId());
        text(json, "valueDate", details.valueDate());
        labels(json, details.metadata());
    }

    private static void account(JsonGenerator json, AccountSpec spec) {
        json.writeStringProperty("code", spec.code())
                .writeStringProperty("name", spec.name())
                .writeStringProperty("type", spec.type().name())
                .writeStringProperty("normalSide", spec.normalSide().name())
                .writeStringProperty("rule", spec.rule().name());
        text(json, "parent", spec.parent());
        if (spec.currency() != null) {
            Bounds bounds = spec.bounds();
            json.writeStringProperty("currency", spec.currency().code())
                    .writeStringProperty(
                            "overdraftLimit", new Money(spec.overdraftLimit(), spec.currency()).toDecimal());
            if (bounds.minimum() != null) {
                json.writeStringProperty("minimumBalance", new Money(bounds.minimum(), spec.currency()).toDecimal());
            }
            if (bounds.maximum() != null) {
                json.writeStringProperty("maximumBalance", new Money(bounds.maximum(), spec.currency()).toDecimal());
            }
        }
        labels(json, spec.metadata());
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) {
        if (value != null) {
            json.writeStringProperty(name, value.toString());
        }
    }

    private static void labels(JsonGenerator json, Map<String, String> labels) {
        if (!labels.isEmpty()) {
            json.writeObjectPropertyStart("metadata");
            labels.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }

    /** One short result per command: its key, its status, its place in the journal, and why if it was refused. */
    static byte[] results(List<Command> commands, List<Outcome> outcomes) {
        return bytes(64 * commands.size(), json -> {
            json.writeStartObject();
            results(json, commands, outcomes);
            json.writeEndObject();
        });
    }

    /** The same behind a problem: that of a linked batch, which is refused as a whole. */
    static byte[] results(Problem problem, List<Command> commands, List<Outcome> outcomes) {
        return bytes(64 * commands.size(), json -> {
            json.writeStartObject();
            problem.body().forEach((name, value) -> {
                if (value instanceof Number number) {
                    json.writeNumberProperty(name, number.longValue());
                } else {
                    json.writeStringProperty(name, value.toString());
                }
            });
            results(json, commands, outcomes);
            json.writeEndObject();
        });
    }

    private static void results(JsonGenerator json, List<Command> commands, List<Outcome> outcomes) {
        json.writeArrayPropertyStart("results");
        for (int i = 0; i < commands.size(); i++) {
            json.writeStartObject();
            result(json, commands.get(i), outcomes.get(i));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void result(JsonGenerator json, Command command, Outcome outcome) {
        json.writeStringProperty("key", command.key())
                .writeNumberProperty("status", Answer.status(outcome, Answer.Addressed.by(command)));
        long sequence = Answer.sequence(outcome);
        if (sequence > 0) {
            json.writeNumberProperty("sequence", sequence);
        }
        if (Answer.replayed(outcome)) {
            json.writeBooleanProperty("replayed", true);
        }
        Problem problem = Answer.problem(outcome, Answer.Addressed.by(command));
        if (problem != null) {
            json.writeStringProperty("code", problem.code());
            if (problem.field() != null && !problem.field().isEmpty()) {
                json.writeStringProperty("field", problem.field().replace(Door.KEY, "key"));
            }
            json.writeStringProperty("detail", problem.detail());
            text(json, "retry", problem.more().get("retry"));
        }
    }
}
