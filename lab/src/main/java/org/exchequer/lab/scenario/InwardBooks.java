package org.exchequer.lab.scenario;

import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.load.Wire;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Opens the accounts behind those of the partners, as the owner of a core banking system would, and funds them. */
final class InwardBooks {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long PAUSE_MS = 100;
    private static final String OPENING = "1000000.00";

    private final Wire wire;
    private final Ticker ticker;

    InwardBooks(Wire wire, Ticker ticker) {
        this.wire = wire;
        this.ticker = ticker;
    }

    /** @param accounts codes with their currencies; each gets 1,000,000.00, and may not be overdrawn */
    void open(Map<String, String> accounts) throws InterruptedException {
        for (String currency : new TreeSet<>(accounts.values())) {
            open(cash(currency), "ASSET", currency, "NONE");
        }
        for (Map.Entry<String, String> account : accounts.entrySet()) {
            open(account.getKey(), "LIABILITY", account.getValue(), "DEBITS_MAY_NOT_EXCEED_CREDITS");
            ObjectNode transfer = JsonNodeFactory.instance
                    .objectNode()
                    .put("debitAccount", cash(account.getValue()))
                    .put("creditAccount", account.getKey())
                    .put("amount", OPENING)
                    .put("currency", account.getValue());
            until("/transfers", "lab-fund-" + account.getKey(), transfer);
        }
    }

    private static String cash(String currency) {
        return "lab.cash." + currency.toLowerCase(java.util.Locale.ROOT);
    }

    private void open(String code, String type, String currency, String rule) throws InterruptedException {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("code", code)
                .put("name", code)
                .put("type", type)
                .put("currency", currency)
                .put("rule", rule);
        until("/accounts", "lab-open-" + code, body);
    }

    private void until(String path, String key, JsonNode body) throws InterruptedException {
        long began = ticker.nanos();
        Wire.Reply reply = wire.post(0, path, key, body);
        while (!(reply instanceof Wire.Reply.Done)) {
            if (reply instanceof Wire.Reply.Rejected || ticker.nanos() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException(key + " was not done: " + reply);
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            reply = wire.post(0, path, key, body);
        }
    }
}
