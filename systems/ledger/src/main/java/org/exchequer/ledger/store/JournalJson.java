package org.exchequer.ledger.store;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Side;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
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
        if (json != null) {
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

    static String account(Account account) {
        AccountSpec spec = account.spec();
        ObjectNode node = MAPPER.createObjectNode();
        node.put("id", account.id()).put("code", spec.code()).put("name", spec.name());
        node.put("type", spec.type().name()).put("normalSide", spec.normalSide().name());
        node.put("currency", spec.currency() == null ? null : spec.currency().code());
        node.put("parent", spec.parent()).put("rule", spec.rule().name());
        node.put("overdraftLimit", spec.overdraftLimit());
        ObjectNode metadata = node.putObject("metadata");
        spec.metadata().forEach(metadata::put);
        node.put("state", account.state().name());
        node.put("openedAt", account.openedAt().toString());
        return node.toString();
    }

    static Account account(String json) {
        JsonNode node = MAPPER.readTree(json);
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
                metadata);
        return new Account(
                node.path("id").longValue(),
                spec,
                AccountState.valueOf(node.path("state").stringValue()),
                Instant.parse(node.path("openedAt").stringValue()));
    }
}
