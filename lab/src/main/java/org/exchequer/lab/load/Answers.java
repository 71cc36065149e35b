package org.exchequer.lab.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.lab.check.Evidence;
import org.exchequer.lab.history.Functions;
import tools.jackson.databind.JsonNode;

/** What the history records of an answer. */
final class Answers {
    private Answers() {}

    static Map<String, String> of(Request request, JsonNode body) {
        Map<String, String> values = new HashMap<>();
        switch (request.function()) {
            case Functions.TRANSFER, Functions.REVERSE, Functions.POST -> {
                transaction(body, values);
                if (request.function().equals(Functions.POST)) {
                    values.put(Functions.RELEASED, Long.toString(request.onHold()));
                }
            }
            case Functions.POSTING -> {
                values.put(Functions.TRANSACTION, text(body, "id"));
                values.put(Functions.POSITION, text(body, "id"));
                List<String> legs = new ArrayList<>();
                for (JsonNode leg : body.path("legs")) {
                    boolean debit = text(leg, "side").equals("DEBIT");
                    long amount = Minor.units(text(leg, "amount"));
                    legs.add(new Evidence.Leg(text(leg, "account"), debit, amount, text(leg, "currency"), null)
                            .describe());
                }
                values.put(Functions.LEGS, Evidence.legs(legs));
            }
            case Functions.HOLD -> {
                values.put(Functions.HOLD_ID, text(body, "id"));
                values.put(Functions.POSITION, text(body, "id"));
            }
            case Functions.VOID -> {
                values.put(Functions.POSITION, text(body, "sequence"));
                values.put(Functions.RELEASED, Long.toString(Minor.units(text(body, "released"))));
                values.put(Functions.CURRENCY, text(body, "currency"));
            }
            case Functions.READ -> {
                values.put(Functions.DEBITS, Long.toString(Minor.units(text(body, "debits"))));
                values.put(Functions.CREDITS, Long.toString(Minor.units(text(body, "credits"))));
                values.put(Functions.PENDING_DEBITS, Long.toString(Minor.units(text(body, "pendingDebits"))));
                values.put(Functions.PENDING_CREDITS, Long.toString(Minor.units(text(body, "pendingCredits"))));
                values.put(Functions.POSITION, text(body, "asOfSequence"));
            }
            default -> throw new IllegalArgumentException("no such function: " + request.function());
        }
        return values;
    }

    private static void transaction(JsonNode body, Map<String, String> values) {
        values.put(Functions.TRANSACTION, text(body, "id"));
        values.put(Functions.POSITION, text(body, "id"));
        for (JsonNode leg : body.path("legs")) {
            boolean debit = text(leg, "side").equals("DEBIT");
            values.put(debit ? Functions.DEBIT : Functions.CREDIT, text(leg, "account"));
            values.put(
                    debit ? Functions.DEBIT_BALANCE : Functions.CREDIT_BALANCE,
                    Long.toString(Minor.units(text(leg, "netDebitAfter"))));
            values.put(Functions.AMOUNT, Long.toString(Minor.units(text(leg, "amount"))));
            values.put(Functions.CURRENCY, text(leg, "currency"));
        }
    }

    private static String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (value.isMissingNode()) {
            throw new IllegalStateException("an answer without " + name);
        }
        return value.asString();
    }
}
