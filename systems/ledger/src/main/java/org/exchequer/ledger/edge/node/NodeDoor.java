package org.exchequer.ledger.edge.node;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * Takes commands from other nodes. Who knows the token of the writer's epoch can read it in the ledger's own schema, so
 * it is a node of this ledger; the caller's rights were checked there.
 */
@RestController
public final class NodeDoor {
    public static final String PATH = "/ledger/node/v1/commands";
    public static final String LINKED_PATH = "/ledger/node/v1/linked";
    static final String TOKEN = "Exchequer-Node-Token";

    /** On answers by which the door refuses a command: it was not taken and never will be. */
    static final String REFUSED = "Exchequer-Node-Refused";

    private final Supplier<@Nullable String> token;
    private final Function<Command, CompletableFuture<Outcome>> ledger;
    private final Function<List<Command>, CompletableFuture<List<Outcome>>> linkedLedger;

    /**
     * @param token the secret of the epoch, null while this node is not the writer
     * @param ledger takes the command on this node, without forwarding it again
     * @param linkedLedger the same for linked batches
     */
    public NodeDoor(
            Supplier<@Nullable String> token,
            Function<Command, CompletableFuture<Outcome>> ledger,
            Function<List<Command>, CompletableFuture<List<Outcome>>> linkedLedger) {
        this.token = token;
        this.ledger = ledger;
        this.linkedLedger = linkedLedger;
    }

    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    public ResponseEntity<String> submit(
            @RequestHeader(name = TOKEN, required = false) @Nullable String given, @RequestBody String body) {
        ResponseEntity<String> refusal = refusal(given);
        if (refusal != null) {
            return refusal;
        }
        Outcome outcome =
                ledger.apply(NodeJson.MAPPER.readValue(body, Command.class)).join();
        return ResponseEntity.ok(NodeJson.MAPPER.writerFor(Outcome.class).writeValueAsString(outcome));
    }

    @PostMapping(
            path = LINKED_PATH,
            consumes = MediaType.APPLICATION_JSON_VALUE,
            produces = MediaType.APPLICATION_JSON_VALUE)
    public ResponseEntity<String> submitLinked(
            @RequestHeader(name = TOKEN, required = false) @Nullable String given, @RequestBody String body) {
        ResponseEntity<String> refusal = refusal(given);
        if (refusal != null) {
            return refusal;
        }
        List<Outcome> outcomes = linkedLedger
                .apply(NodeJson.MAPPER.readValue(body, NodeJson.COMMANDS))
                .join();
        return ResponseEntity.ok(NodeJson.MAPPER.writerFor(NodeJson.OUTCOMES).writeValueAsString(outcomes));
    }

    private @Nullable ResponseEntity<String> refusal(@Nullable String given) {
        String expected = token.get();
        if (expected == null) {
            return refusal(503, "not the writer");
        }
        if (given == null
                || !MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8))) {
            return refusal(401, "not this epoch's token");
        }
        return null;
    }

    private static ResponseEntity<String> refusal(int status, String reason) {
        return ResponseEntity.status(status).header(REFUSED, reason).build();
    }
}
