package org.exchequer.app.cli.inward.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.exchequer.app.cli.inward.InwardServer;
import org.exchequer.app.cli.ledger.LedgerClient;
import org.exchequer.app.cli.ledger.Reply;
import org.exchequer.kernel.Ticker;
import tools.jackson.databind.JsonNode;

/**
 * What the server keeps of a run, read after it.
 *
 * @param payments as {@code GET /payments/{id}} shows them, by id
 * @param transactions of the ledger that were posted since the run began
 */
record Evidence(Map<String, JsonNode> payments, List<JsonNode> transactions) {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE = Duration.ofMillis(200).toNanos();

    /** The newest transaction of the ledger: what the run posts comes after it. */
    static long newest(InwardServer server) {
        for (JsonNode item :
                server.ledger("/transactions?limit=1").path("items").values()) {
            return Long.parseLong(Reply.text(item, "id"));
        }
        return -1;
    }

    /**
     * Reads it, after waiting up to 30 s for outcomes that are being found out.
     *
     * @param ids payments that the run knows of
     * @param since when it began
     * @param after the newest transaction before it
     */
    static Evidence read(InwardServer server, Set<String> ids, Instant since, long after, Ticker ticker)
            throws InterruptedException {
        Map<String, JsonNode> payments = payments(server, ids, since);
        long end = ticker.nanos() + PATIENCE.toNanos();
        List<String> open = open(payments);
        while (!open.isEmpty() && ticker.nanos() < end) {
            LockSupport.parkNanos(PAUSE);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            for (String id : open) {
                payments.put(id, server.get("/payments/" + id));
            }
            open = open(payments);
        }
        return new Evidence(payments, transactions(server, after));
    }

    private static List<String> open(Map<String, JsonNode> payments) {
        return payments.values().stream()
                .filter(payment -> !payment.path("done").asBoolean(false))
                .map(payment -> Reply.text(payment, "id"))
                .toList();
    }

    private static Map<String, JsonNode> payments(InwardServer server, Set<String> ids, Instant since) {
        Map<String, JsonNode> found = new HashMap<>();
        String path = "/payments?events=true&limit=200&from=" + LedgerClient.encode(since.toString());
        String cursor = "";
        do {
            JsonNode page = server.get(path + (cursor.isEmpty() ? "" : "&cursor=" + LedgerClient.encode(cursor)));
            for (JsonNode payment : page.path("items").values()) {
                String id = Reply.text(payment, "id");
                if (ids.contains(id)) {
                    found.put(id, payment);
                }
            }
            cursor = Reply.text(page, "next");
        } while (!cursor.isEmpty());
        return found;
    }

    private static List<JsonNode> transactions(InwardServer server, long after) {
        List<JsonNode> found = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = server.ledger(
                    "/transactions?limit=500" + (cursor.isEmpty() ? "" : "&cursor=" + LedgerClient.encode(cursor)));
            for (JsonNode transaction : page.path("items").values()) {
                if (Long.parseLong(Reply.text(transaction, "id")) <= after) {
                    return found;
                }
                found.add(transaction);
            }
            cursor = Reply.text(page, "next");
        } while (!cursor.isEmpty());
        return found;
    }
}
