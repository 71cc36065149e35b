package org.exchequer.ledger.store;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountChange;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Proposal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The journal's two JSON columns. Field order is fixed, because the bytes enter the hash chain. */
final class JournalJson {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JournalJson() {}

    static String metadata(Map<String, String> sorted) {
        return MAPPER.writeValueAsString(sorted);
    }

    static Map<String, String> metadata(@Nullable String json) {
        Map<String, String> metadata = new TreeMap<>();
        if (json != null && !json.equals("{}")) {
            MAPPER.readTree(json).forEachEntry((key, value) -> metadata.put(key, value.stringValue()));
        }
        return metadata;
    }

    static String rejection(String field, String detail) {
        return MAPPER.createObjectNode()
                .put("field", field)
                .put("detail", detail)
                .toString();
    }

    static String text(String json, String field) {
        return MAPPER.readTree(json).path(field).stringValue();
    }

    static String proposal(Proposal proposal) {
        ObjectNode node = MAPPER.createObjectNode();
        node.put("author", proposal.author()).put("reason", proposal.reason());
        ArrayNode legs = node.putArray("legs");
        for (Leg leg : proposal.legs()) {
            legs.addObject()
                    .put("account", leg.account())
                    .put("side", leg.side().name())
                    .put("minorUnits", leg.amount().minorUnits())
                    .put("currency", leg.amount().currency().code());
        }
        AccountChange change = proposal.change();
        if (change != null) {
            ObjectNode changed = node.putObject("change").put("account", change.account());
            changed.put("state", change.state() == null ? null : change.state().name());
            changed.put("overdraftLimit", change.overdraftLimit());
            if (change.currency() != null) {
                changed.put("currency", change.currency().code());
            }
            if (change.bounds() != null) {
                changed.putObject("bounds")
                        .put("minimum", change.bounds().minimum())
                        .put("maximum", change.bounds().maximum());
            }
        }
        return node.toString();
    }

    /** The proposal that this body describes. */
    static Proposal proposal(long id, String json, Details details) {
        JsonNode node = MAPPER.readTree(json);
        List<Leg> legs = new ArrayList<>();
        for (JsonNode leg : node.path("legs")) {
            legs.add(new Leg(
                    leg.path("account").stringValue(),
                    Side.valueOf(leg.path("side").stringValue()),
                    Money.of(
                            leg.path("minorUnits").longValue(),
                            leg.path("currency").stringValue())));
        }
        return new Proposal(
                id,
                node.path("author").stringValue(),
                node.path("reason").stringValue(),
                legs,
                node.has("change") ? change(node.path("change")) : null,
                details);
    }

    private static AccountChange change(JsonNode node) {
        String state = node.path("state").stringValue(null);
        JsonNode bounds = node.path("bounds");
        return new AccountChange(
                node.path("account").stringValue(),
                state == null ? null : AccountState.valueOf(state),
                optionalLong(node, "overdraftLimit"),
                bounds.isObject() ? new Bounds(optionalLong(bounds, "minimum"), optionalLong(bounds, "maximum")) : null,
                node.has("currency") ? Currency.of(node.path("currency").stringValue()) : null);
    }

    static String decision(String decidedBy) {
        return MAPPER.createObjectNode().put("decidedBy", decidedBy).toString();
    }

    /** An adjustment's rejection; with a reason only where there is one: rows without are as they always were. */
    static String dismissal(String decidedBy, String reason) {
        ObjectNode node = MAPPER.createObjectNode().put("decidedBy", decidedBy);
        if (!reason.isEmpty()) {
            node.put("reason", reason);
        }
        return node.toString();
    }

    /** An approval that changed an account, which became this. */
    static String decision(String decidedBy, Account became) {
        ObjectNode node = MAPPER.createObjectNode().put("decidedBy", decidedBy);
        write(became, node.putObject("account"));
        return node.toString();
    }

    /** The account that an approval changed, or null where it posted or was none. */
    static @Nullable Account changedBy(String decision) {
        JsonNode account = MAPPER.readTree(decision).path("account");
        return account.isObject() ? account(account) : null;
    }

    static String closing(LocalDate day, String closedBy) {
        return MAPPER.createObjectNode()
                .put("day", day.toString())
                .put("closedBy", closedBy)
                .toString();
    }

    private static @Nullable Long optionalLong(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isNumber() ? value.longValue() : null;
    }

    static String account(Account account) {
        ObjectNode node = MAPPER.createObjectNode();
        write(account, node);
        return node.toString();
    }

    private static void write(Account account, ObjectNode node) {
        AccountSpec spec = account.spec();
        node.put("id", account.id()).put("code", spec.code()).put("name", spec.name());
        node.put("type", spec.type().name()).put("normalSide", spec.normalSide().name());
        node.put("currency", spec.currency() == null ? null : spec.currency().code());
        node.put("parent", spec.parent()).put("rule", spec.rule().name());
        node.put("overdraftLimit", spec.overdraftLimit());
        node.put("minimumBalance", spec.bounds().minimum());
        node.put("maximumBalance", spec.bounds().maximum());
        ObjectNode metadata = node.putObject("metadata");
        spec.metadata().forEach(metadata::put);
        node.put("state", account.state().name());
        node.put("openedAt", account.openedAt().toString());
    }

    static Account account(String json) {
        return account(MAPPER.readTree(json));
    }

    private static Account account(JsonNode node) {
        String currency = node.path("currency").stringValue(null);
        Map<String, String> metadata = new TreeMap<>();
        node.path("metadata").forEachEntry((key, value) -> metadata.put(key, value.stringValue()));
        AccountSpec spec = new AccountSpec(
                node.path("code").stringValue(),
                node.path("name").stringValue(),
                AccountType.valueOf(node.path("type").stringValue()),
                Side.valueOf(node.path("normalSide").stringValue()),
                currency == null ? null : Currency.of(currency),
                node.path("parent").stringValue(null),
                BalanceRule.valueOf(node.path("rule").stringValue()),
                node.path("overdraftLimit").longValue(),
                new Bounds(optionalLong(node, "minimumBalance"), optionalLong(node, "maximumBalance")),
                metadata);
        return new Account(
                node.path("id").longValue(),
                spec,
                AccountState.valueOf(node.path("state").stringValue()),
                Instant.parse(node.path("openedAt").stringValue()));
    }
}
