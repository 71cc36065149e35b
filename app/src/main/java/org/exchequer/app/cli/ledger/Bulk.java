package org.exchequer.app.cli.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.exchequer.app.cli.CommandFailure;
import org.exchequer.app.cli.ExitCodes;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.edge.http.BatchJson;
import tools.jackson.databind.JsonNode;

/**
 * Gives the ledger many commands in few requests and in their order. What it cannot take now is sent again, with all
 * that follows.
 *
 * @param <T> what a command is made of, e.g. a row of a file
 */
final class Bulk<T> {
    /** Below what a server takes in one body by default. */
    private static final int MAX_BODY_BYTES = 8 << 20;

    private static final int ATTEMPTS = 8;

    private final LedgerClient client;
    private final Function<T, ? extends Command> command;
    private final Function<T, String> place;

    /** Takes the ledger's last word on an item: its result in the answer to the batch, with a status below 500. */
    @FunctionalInterface
    interface Answered<T> {
        void by(T item, int status, JsonNode result) throws IOException;
    }

    /**
     * @param command the command of an item, under a key of its own
     * @param place what a person calls an item, e.g. {@code line 42}
     */
    Bulk(LedgerClient client, Function<T, ? extends Command> command, Function<T, String> place) {
        this.client = client;
        this.command = command;
        this.place = place;
    }

    /**
     * Returns once every item has its answer.
     *
     * @throws CommandFailure when the ledger does not take one of them in time; those before it are answered
     */
    void send(List<T> items, Answered<T> answered) throws IOException {
        List<T> open = items;
        for (int attempt = 1; !open.isEmpty(); attempt++) {
            open = attempt(open, attempt == ATTEMPTS, answered);
            if (!open.isEmpty()) {
                LedgerClient.pause(attempt);
            }
        }
    }

    /** Sends items once; answers those that the ledger could not take now. */
    private List<T> attempt(List<T> items, boolean last, Answered<T> answered) throws IOException {
        byte[] body = BatchJson.write(items.stream().map(command).toList());
        if (body.length > MAX_BODY_BYTES && items.size() > 1) {
            int half = items.size() / 2;
            List<T> open = attempt(items.subList(0, half), last, answered);
            // Not past what the ledger could not take now: it comes first.
            if (open.isEmpty()) {
                return attempt(items.subList(half, items.size()), last, answered);
            }
            List<T> all = new ArrayList<>(open);
            all.addAll(items.subList(half, items.size()));
            return all;
        }
        JsonNode results = LedgerAction.require(client.batch(body)).body().path("results");
        List<T> open = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            T item = items.get(i);
            JsonNode result = results.get(i);
            int status = result.path("status").asInt();
            if (status < 500) {
                answered.by(item, status, result);
            } else if (last) {
                throw new CommandFailure(
                        ExitCodes.OUTCOME_UNKNOWN,
                        "stopped at " + place.apply(item) + ": " + Reply.text(result, "detail")
                                + "; run the same command again to go on, nothing is posted twice");
            } else {
                open.add(item);
            }
        }
        return open;
    }
}
