package org.exchequer.ledger.edge.http;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Commands as the bodies of requests, read strictly and written back. Reading throws {@link FieldError} with the path
 * of the field and the rule it breaks; reading what was written gives an equal command.
 */
public final class CommandJson {
    /** Transfers in one bulk request, at most. */
    public static final int MAX_BULK = 1_000;

    private static final Set<String> DETAILS = Set.of("reference", "correlationId", "metadata");
    private static final Set<String> TRANSFER = with("debitAccount", "creditAccount", "amount", "currency");
    private static final Set<String> BULK_TRANSFER = with("key", "debitAccount", "creditAccount", "amount", "currency");
    private static final Set<String> POST = with("legs");
    private static final Set<String> LEG = Set.of("account", "side", "amount", "currency");
    private static final Set<String> OPEN_ACCOUNT =
            Set.of("code", "name", "type", "normalSide", "currency", "parent", "rule", "overdraftLimit", "metadata");
    private static final Set<String> CHANGE_ACCOUNT = Set.of("state", "overdraftLimit", "currency");

    private CommandJson() {}

    /** A change of an account, with the currency its new limit was given in. */
    record AccountChange(
            Command.ChangeAccount command, @Nullable Currency currency) {}

    static Command.Transfer transfer(String key, byte[] body) {
        return transfer(key, JsonBody.read(body).only(TRANSFER));
    }

    /** {@code {"transfers": [{"key": …, …}]}}. */
    static List<Command.Transfer> bulk(byte[] body) {
        List<Command.Transfer> transfers =
                JsonBody.read(body).only(Set.of("transfers")).list("transfers", MAX_BULK, CommandJson::bulkItem);
        if (transfers.isEmpty()) {
            throw new FieldError("transfers", "must have at least one item");
        }
        return transfers;
    }

    private static Command.Transfer bulkItem(JsonFields item) {
        return transfer(item.only(BULK_TRANSFER).string("key"), item);
    }

    private static Command.Transfer transfer(String key, JsonFields fields) {
        Money amount = fields.amount("amount", fields.currency("currency"));
        return fields.build(() -> new Command.Transfer(
                key, fields.string("debitAccount"), fields.string("creditAccount"), amount, details(fields)));
    }

    static Command.Post post(String key, byte[] body) {
        JsonFields fields = JsonBody.read(body).only(POST);
        List<Leg> legs = fields.list("legs", Command.Post.MAX_LEGS, CommandJson::leg);
        return new Command.Post(key, legs, details(fields));
    }

    private static Leg leg(JsonFields fields) {
        fields.only(LEG);
        Money amount = fields.amount("amount", fields.currency("currency"));
        Side side = fields.oneOf(Side.class, "side");
        return fields.build(() -> new Leg(fields.string("account"), side, amount));
    }

    /** The body may be left out. */
    static Command.Reverse reverse(String key, long transactionId, byte @Nullable [] body) {
        Details details = body == null || body.length == 0
                ? Details.NONE
                : details(JsonBody.read(body).only(DETAILS));
        return new Command.Reverse(key, transactionId, details);
    }

    static Command.OpenAccount openAccount(String key, byte[] body) {
        JsonFields fields = JsonBody.read(body).only(OPEN_ACCOUNT);
        AccountType type = fields.oneOf(AccountType.class, "type");
        Currency currency = fields.has("currency") ? fields.currency("currency") : null;
        if (currency == null && fields.has("overdraftLimit")) {
            throw new FieldError("overdraftLimit", "a summary account (one without currency) has no limit");
        }
        long limit = currency == null || !fields.has("overdraftLimit")
                ? 0
                : fields.amount("overdraftLimit", currency).minorUnits();
        return new Command.OpenAccount(
                key,
                new AccountSpec(
                        fields.string("code"),
                        fields.string("name"),
                        type,
                        fields.optionalOneOf(Side.class, "normalSide").orElse(type.normalSide()),
                        currency,
                        fields.optionalString("parent"),
                        fields.optionalOneOf(BalanceRule.class, "rule").orElse(BalanceRule.NONE),
                        limit,
                        fields.labels("metadata")));
    }

    static AccountChange changeAccount(String key, String code, byte[] body) {
        JsonFields fields = JsonBody.read(body).only(CHANGE_ACCOUNT);
        AccountState state = fields.optionalOneOf(AccountState.class, "state").orElse(null);
        if (!fields.has("overdraftLimit")) {
            if (fields.has("currency")) {
                throw new FieldError("currency", "belongs to an overdraftLimit, and there is none");
            }
            return new AccountChange(new Command.ChangeAccount(key, code, state, null), null);
        }
        Currency currency = fields.currency("currency");
        long limit = fields.amount("overdraftLimit", currency).minorUnits();
        return new AccountChange(new Command.ChangeAccount(key, code, state, limit), currency);
    }

    private static Details details(JsonFields fields) {
        String reference = fields.optionalString("reference");
        String correlationId = fields.optionalString("correlationId");
        Map<String, String> metadata = fields.labels("metadata");
        return fields.build(() -> new Details(reference, correlationId, metadata));
    }

    private static Set<String> with(String... fields) {
        Set<String> all = new java.util.HashSet<>(DETAILS);
        all.addAll(List.of(fields));
        return Set.copyOf(all);
    }

    /** The body for {@code POST /transfers}. */
    public static ObjectNode write(Command.Transfer transfer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        writeTransfer(json, transfer);
        return json;
    }

    /** The body for {@code POST /transfers/bulk}. */
    public static ObjectNode write(List<Command.Transfer> transfers) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("transfers");
        for (Command.Transfer transfer : transfers) {
            writeTransfer(items.addObject().put("key", transfer.key()), transfer);
        }
        return json;
    }

    private static void writeTransfer(ObjectNode json, Command.Transfer transfer) {
        json.put("debitAccount", transfer.debitAccount())
                .put("creditAccount", transfer.creditAccount())
                .put("amount", transfer.amount().toDecimal())
                .put("currency", transfer.amount().currency().code());
        writeDetails(json, transfer.details());
    }

    /** The body for {@code POST /transactions}. */
    public static ObjectNode write(Command.Post post) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode legs = json.putArray("legs");
        for (Leg leg : post.legs()) {
            legs.addObject()
                    .put("account", leg.account())
                    .put("side", leg.side().name())
                    .put("amount", leg.amount().toDecimal())
                    .put("currency", leg.amount().currency().code());
        }
        writeDetails(json, post.details());
        return json;
    }

    /** The body for {@code POST /accounts}. */
    public static ObjectNode write(Command.OpenAccount open) {
        return LedgerJson.spec(JsonNodeFactory.instance.objectNode(), open.account());
    }

    /** The body for {@code POST /transactions/{id}/reversal}. */
    public static ObjectNode write(Command.Reverse reverse) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        writeDetails(json, reverse.details());
        return json;
    }

    private static void writeDetails(ObjectNode json, Details details) {
        if (details.reference() != null) {
            json.put("reference", details.reference());
        }
        if (details.correlationId() != null) {
            json.put("correlationId", details.correlationId());
        }
        if (!details.metadata().isEmpty()) {
            LedgerJson.metadata(json, details.metadata());
        }
    }
}
