package org.exchequer.lab.load;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.history.Functions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing to ask of the ledger.
 *
 * @param function as in the history
 * @param path of the REST door
 * @param key idempotency key; null for a read
 * @param body of the request; null for a read
 * @param asked what the history records of it
 * @param onHold minor units that this settles, in whichever way, when it settles a hold
 */
public record Request(
        String function,
        String path,
        @Nullable String key,
        @Nullable ObjectNode body,
        Map<String, String> asked,
        long onHold) {
    /** The one currency of the lab's accounts: two decimals. */
    static final String CURRENCY = "EUR";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** An open hold. */
    record Hold(long id, String debit, String credit, long amount) {}

    static Request transfer(String key, String debit, String credit, long amount) {
        return movement(Functions.TRANSFER, "/transfers", key, debit, credit, amount);
    }

    static Request hold(String key, String debit, String credit, long amount) {
        return movement(Functions.HOLD, "/holds", key, debit, credit, amount);
    }

    private static Request movement(
            String function, String path, String key, String debit, String credit, long amount) {
        ObjectNode body = JSON.objectNode()
                .put("debitAccount", debit)
                .put("creditAccount", credit)
                .put("amount", Minor.decimal(amount))
                .put("currency", CURRENCY);
        Map<String, String> asked = Map.of(
                Functions.KEY, key,
                Functions.DEBIT, debit,
                Functions.CREDIT, credit,
                Functions.AMOUNT, Long.toString(amount),
                Functions.CURRENCY, CURRENCY);
        return new Request(function, path, key, body, asked, 0);
    }

    /** One account pays two others. */
    static Request posting(String key, String debit, List<String> credits, long first, long second) {
        ObjectNode body = JSON.objectNode();
        ArrayNode legs = body.putArray("legs");
        List<String> text = new ArrayList<>();
        leg(legs, text, debit, true, first + second);
        leg(legs, text, credits.get(0), false, first);
        leg(legs, text, credits.get(1), false, second);
        Map<String, String> asked = Map.of(Functions.KEY, key, Functions.LEGS, Evidence.legs(text));
        return new Request(Functions.POSTING, "/transactions", key, body, asked, 0);
    }

    private static void leg(ArrayNode legs, List<String> text, String account, boolean debit, long amount) {
        legs.addObject()
                .put("account", account)
                .put("side", debit ? "DEBIT" : "CREDIT")
                .put("amount", Minor.decimal(amount))
                .put("currency", CURRENCY);
        text.add(new Evidence.Leg(account, debit, amount, CURRENCY, null).describe());
    }

    /** Posts a hold: all of it, or so much, and the rest is released. */
    static Request post(String key, Hold hold, @Nullable Long amount) {
        ObjectNode body = JSON.objectNode();
        String path = "/holds/" + hold.id() + "/post";
        String id = Long.toString(hold.id());
        if (amount == null) {
            Map<String, String> asked = Map.of(Functions.KEY, key, Functions.HOLD_ID, id);
            return new Request(Functions.POST, path, key, body, asked, hold.amount());
        }
        body.put("amount", Minor.decimal(amount)).put("currency", CURRENCY);
        Map<String, String> asked =
                Map.of(Functions.KEY, key, Functions.HOLD_ID, id, Functions.AMOUNT, Long.toString(amount));
        return new Request(Functions.POST, path, key, body, asked, hold.amount());
    }

    static Request release(String key, Hold hold) {
        Map<String, String> asked = Map.of(Functions.KEY, key, Functions.HOLD_ID, Long.toString(hold.id()));
        return new Request(
                Functions.VOID, "/holds/" + hold.id() + "/void", key, JSON.objectNode(), asked, hold.amount());
    }

    static Request reverse(String key, long transaction) {
        Map<String, String> asked = Map.of(Functions.KEY, key, Functions.OF, Long.toString(transaction));
        return new Request(
                Functions.REVERSE, "/transactions/" + transaction + "/reversal", key, JSON.objectNode(), asked, 0);
    }

    static Request read(String account) {
        return new Request(
                Functions.READ, "/accounts/" + account + "/balance", null, null, Map.of(Functions.ACCOUNT, account), 0);
    }

    /** The same key with another amount: to be refused. */
    Request forged() {
        if (body == null || !body.has("amount") || key == null) {
            return this;
        }
        long amount = Minor.units(body.path("amount").asString()) + 1;
        ObjectNode other = body.deepCopy().put("amount", Minor.decimal(amount));
        Map<String, String> otherAsked = new java.util.HashMap<>(asked);
        otherAsked.put(Functions.AMOUNT, Long.toString(amount));
        return new Request(function, path, key, other, otherAsked, onHold);
    }
}
