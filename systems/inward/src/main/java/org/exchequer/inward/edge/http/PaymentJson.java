package org.exchequer.inward.edge.http;

import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.Reasons;
import org.exchequer.ledger.api.Page;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Payments as JSON. Amounts are decimal strings with all digits of their currency; times in microseconds. */
final class PaymentJson {
    private PaymentJson() {}

    static byte[] bytes(JsonNode node) {
        return StrictJson.mapper().writeValueAsBytes(node);
    }

    static ObjectNode page(Page<PaymentView> page, Function<PaymentView, ObjectNode> one) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("items");
        page.items().forEach(view -> items.add(one.apply(view)));
        text(json, "next", page.next());
        return json;
    }

    static ObjectNode payment(PaymentView view) {
        ObjectNode json = summary(view);
        ArrayNode events = json.putArray("events");
        view.events().forEach(event -> events.add(event(event)));
        return json;
    }

    static ObjectNode summary(PaymentView view) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", view.id().toString())
                .put("type", view.type())
                .put("state", view.state().name())
                .put("status", view.status().name())
                .put("done", view.done())
                .put("receivedAt", view.receivedAt().toString())
                .put("door", view.door())
                .put("node", view.node());
        if (view.took() != null) {
            json.put("tookUs", TimeUnit.NANOSECONDS.toMicros(view.took().toNanos()));
        }
        if (view.compliant() != null) {
            json.put("compliant", view.compliant());
        }
        text(json, "messageId", view.messageId());
        text(json, "endToEndId", view.endToEndId());
        text(json, "uetr", view.uetr());
        if (view.amount() != null) {
            json.put("amount", view.amount().toDecimal())
                    .put("currency", view.amount().currency().code());
        }
        text(json, "instructingBic", view.instructingBic());
        text(json, "instructedBic", view.instructedBic());
        text(json, "debtorAccount", view.debtorAccount());
        text(json, "creditorAccount", view.creditorAccount());
        text(json, "answerStatus", view.answerStatus());
        text(json, "reasonCode", view.reasonCode());
        if (view.reasonCode() != null) {
            text(json, "reasonMeaning", Reasons.meaning(view.reasonCode()).orElse(null));
        }
        text(json, "reasonPath", view.reasonPath());
        text(json, "reasonText", view.reasonText());
        ArrayNode fallbacks = json.putArray("fallbacks");
        view.fallbacks().forEach(fallbacks::add);
        json.put("emergency", view.emergency());
        json.put("configRevision", view.conditions().revision());
        ArrayNode experiments = json.putArray("experiments");
        view.conditions().experiments().forEach(experiments::add);
        ArrayNode measures = json.putArray("measures");
        view.conditions().measures().forEach(measures::add);
        if (view.transaction() != null) {
            json.put("transactionId", view.transaction());
        }
        text(
                json,
                "originalId",
                view.original() == null ? null : view.original().toString());
        return json;
    }

    private static ObjectNode event(PaymentEvent event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("number", event.number());
        text(json, "from", event.from() == null ? null : event.from().name());
        json.put("to", event.to().name())
                .put("at", event.at().toString())
                .put("elapsedUs", TimeUnit.NANOSECONDS.toMicros(event.elapsed()))
                .put("tookUs", TimeUnit.NANOSECONDS.toMicros(event.took()))
                .put("budgetUs", TimeUnit.NANOSECONDS.toMicros(event.budget()))
                .put("bonusUs", TimeUnit.NANOSECONDS.toMicros(event.bonus()))
                .put("borrowedUs", TimeUnit.NANOSECONDS.toMicros(event.borrowed()))
                .put("slackUs", TimeUnit.NANOSECONDS.toMicros(event.budget() - event.took()))
                .put("node", event.node())
                .put("thread", event.thread());
        ArrayNode breakers = json.putArray("breakers");
        event.breakers().forEach(breakers::add);
        text(json, "code", event.code());
        text(json, "reason", event.reason());
        PaymentEvent.Forecast forecast = event.forecast();
        if (forecast != null) {
            json.put("breachProbability", Math.round(forecast.probability() * 1e4) / 1e4)
                    .put("atRisk", forecast.atRisk());
        }
        return json;
    }

    private static void text(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
