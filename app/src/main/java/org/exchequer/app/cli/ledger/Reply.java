package org.exchequer.app.cli.ledger;

import tools.jackson.databind.JsonNode;

/**
 * What the server answered.
 *
 * @param status HTTP status
 * @param body JSON, or JSON null when there was none
 * @param replayed the key had been answered before, and this is that answer again
 */
public record Reply(int status, JsonNode body, boolean replayed) {
    public boolean ok() {
        return status / 100 == 2;
    }

    /** A member of the body as text; empty when absent. */
    public String text(String name) {
        return text(body, name);
    }

    public static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
