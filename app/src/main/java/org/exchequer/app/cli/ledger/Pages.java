package org.exchequer.app.cli.ledger;

import java.io.PrintWriter;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lists that the server gives page by page, as one. */
public final class Pages {
    private static final int PAGE = 1_000;

    private Pages() {}

    /**
     * Up to {@code limit} items, however many pages that takes; {@code next} stays in the answer when there are more,
     * and whatever else stands beside the items of the first page.
     *
     * @param path with its query, if any
     * @param from cursor to start at
     */
    public static ObjectNode read(LedgerClient client, String path, int limit, @Nullable String from) {
        if (limit < 1) {
            throw new CommandFailure(ExitCodes.USAGE, "--limit must be 1 or more");
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        ArrayNode items = all.putArray("items");
        String cursor = from;
        do {
            String page = path + (path.contains("?") ? "&" : "?") + "limit=" + Math.min(PAGE, limit - items.size())
                    + (cursor == null ? "" : "&cursor=" + LedgerClient.encode(cursor));
            Reply reply = LedgerAction.require(client.get(page));
            items.addAll((ArrayNode) reply.body().get("items"));
            reply.body().properties().forEach(field -> all.putIfAbsent(field.getKey(), field.getValue()));
            all.remove("next");
            cursor = reply.text("next").isEmpty() ? null : reply.text("next");
        } while (cursor != null && items.size() < limit);
        if (cursor != null) {
            all.put("next", cursor);
        }
        return all;
    }

    public static void printMore(PrintWriter out, JsonNode page) {
        if (page.has("next")) {
            out.println("… there are more: raise --limit, or go on with --cursor " + Reply.text(page, "next"));
        }
    }
}
