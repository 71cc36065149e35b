package org.exchequer.inward.edge.http;

import java.time.Instant;
import org.exchequer.inward.api.ConfigEntry;
import org.exchequer.inward.api.ConfigKey;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Decision;
import org.exchequer.inward.api.Measure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Configuration, measures and breakers as JSON. Shares are numbers from 0 to 1, times in ISO 8601. */
final class ControlJson {
    private ControlJson() {}

    static ObjectNode key(ConfigKey key) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("key", key.name())
                .put("category", key.category().name())
                .put("unit", key.unit().name())
                .put("least", key.least())
                .put("most", key.most());
        if (key.standard() != null) {
            json.put("standard", key.standard());
        }
        ArrayNode scopes = json.putArray("scopes");
        key.scopes().stream().sorted().forEach(scope -> scopes.add(scope.name()));
        return json.put("text", key.text());
    }

    static ObjectNode entry(ConfigEntry entry) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("key", entry.key())
                .put("version", entry.version())
                .put("value", entry.value());
        ConfigScope scope = entry.scope();
        text(json, "messageType", scope.messageType());
        text(json, "currency", scope.currency());
        if (scope.leastMinorUnits() != null) {
            json.put("leastMinorUnits", scope.leastMinorUnits());
        }
        if (scope.mostMinorUnits() != null) {
            json.put("mostMinorUnits", scope.mostMinorUnits());
        }
        text(json, "instance", scope.instance());
        time(json, "from", entry.from());
        time(json, "until", entry.until());
        text(json, "experiment", entry.experiment());
        if (entry.percentage() != null) {
            json.put("percentage", entry.percentage());
        }
        if (entry.rollbackOf() != null) {
            json.put("rollbackVersion", entry.rollbackOf());
        }
        json.put("reason", entry.reason())
                .put("createdBy", entry.createdBy())
                .put("createdAt", entry.createdAt().toString())
                .put("state", entry.state().name());
        decision(json, entry.decision());
        if (entry.revision() != null) {
            json.put("revision", entry.revision());
        }
        return json;
    }

    static ObjectNode measure(Measure measure) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", measure.id())
                .put("kind", measure.kind().name());
        text(json, "breaker", measure.breaker());
        text(json, "breakerMode", measure.breakerMode());
        if (measure.extensionMs() != null) {
            json.put("extensionMs", measure.extensionMs());
        }
        text(
                json,
                "payment",
                measure.payment() == null ? null : measure.payment().toString());
        text(json, "messageType", measure.messageType());
        text(json, "currency", measure.currency());
        json.put("lastsSeconds", measure.lasts().toSeconds())
                .put("reason", measure.reason())
                .put("proposedBy", measure.proposedBy())
                .put("proposedAt", measure.proposedAt().toString())
                .put("state", measure.state().name());
        decision(json, measure.decision());
        time(json, "endsAt", measure.endsAt());
        text(json, "endedBy", measure.endedBy());
        time(json, "endedAt", measure.endedAt());
        return json;
    }

    static ObjectNode breaker(Controls.BreakerView breaker) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("name", breaker.name())
                .put("state", breaker.state())
                .put("failureShare", rounded(breaker.failureShare()))
                .put("failureThreshold", rounded(breaker.failureThreshold()))
                .put("slowShare", rounded(breaker.slowShare()))
                .put("slowAfterMs", breaker.slowAfter().toMillis())
                .put("averageMs", breaker.average().toMillis())
                .put("calls", breaker.calls())
                .put("failures", breaker.failures())
                .put("refused", breaker.refused());
    }

    /** To a hundredth of a per cent: more digits say nothing of so few calls. */
    private static double rounded(double share) {
        return Math.round(share * 10_000) / 10_000.0;
    }

    private static void decision(ObjectNode json, @Nullable Decision decision) {
        if (decision != null) {
            json.put("decidedBy", decision.by()).put("decidedAt", decision.at().toString());
            text(json, "decisionReason", decision.reason().isEmpty() ? null : decision.reason());
        }
    }

    private static void time(ObjectNode json, String name, @Nullable Instant time) {
        text(json, name, time == null ? null : time.toString());
    }

    private static void text(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
