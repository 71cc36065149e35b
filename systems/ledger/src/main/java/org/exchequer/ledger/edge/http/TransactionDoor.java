package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.edge.http.Answer.Addressed;
import org.exchequer.platform.web.ProblemCode;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Transfers, transactions, reversals, and what became of them. */
@RestController
@RequestMapping(Answer.BASE)
final class TransactionDoor extends Door {
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private static final String MINIMAL = "return=minimal";

    private final Ledger ledger;
    private final Duration deadline;
    private final Ticker ticker;

    TransactionDoor(Ledger ledger, Duration deadline, Ticker ticker) {
        this.ledger = ledger;
        this.deadline = deadline;
        this.ticker = ticker;
    }

    @PostMapping(path = "/transfers", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> transfer(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return execute(CommandJson.transfer(key(request), bytes(body)), Addressed.NOTHING);
        });
    }

    /**
     * Many transfers, each for itself and under its own key, handed to the ledger in the order given. All are read
     * before the first is sent. A caller who does not want back what it has just said asks for less with
     * {@code Prefer: return=minimal} (RFC 7240): transactions that were posted are left out, reasons are not.
     */
    @PostMapping(path = "/transfers/bulk", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> bulk(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            List<Command.Transfer> transfers = CommandJson.bulk(bytes(body));
            long end = ticker.nanos() + deadline.toNanos();
            boolean minimal = MINIMAL.equals(request.getHeader("Prefer"));
            List<CompletableFuture<Outcome>> outcomes =
                    transfers.stream().map(ledger::submit).toList();
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode results = json.putArray("results");
            for (int i = 0; i < outcomes.size(); i++) {
                Duration left = Duration.ofNanos(Math.max(0, end - ticker.nanos()));
                Outcome outcome = await(outcomes.get(i), left);
                ObjectNode result =
                        results.addObject().put("key", transfers.get(i).key());
                if (minimal && outcome instanceof Outcome.Posted posted) {
                    result.put("status", 201).put("replayed", posted.replayed());
                    continue;
                }
                Answer answer = Answer.to(outcome, Addressed.NOTHING);
                result.put("status", answer.status())
                        .put("replayed", answer.replayed())
                        .set("body", answer.body());
            }
            ResponseEntity.BodyBuilder response = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
            if (minimal) {
                response.header("Preference-Applied", MINIMAL);
            }
            return response.body(JsonBody.bytes(json));
        });
    }

    @PostMapping(path = "/transactions", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> post(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return execute(CommandJson.post(key(request), bytes(body)), Addressed.NOTHING);
        });
    }

    @PostMapping(path = "/transactions/{transactionId}/reversal", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> reverse(
            @PathVariable("transactionId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return execute(CommandJson.reverse(key(request), transactionId(id), body), Addressed.TRANSACTION);
        });
    }

    @GetMapping("/transactions/{transactionId}")
    ResponseEntity<byte[]> get(@PathVariable("transactionId") String id, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            Transaction transaction = ledger.transaction(transactionId(id))
                    .orElseThrow(
                            () -> notFound("TRANSACTION_NOT_FOUND", "transactionId", "there is no transaction " + id));
            return ok(LedgerJson.transaction(transaction, ledger.reversalsOf(transaction.id())));
        });
    }

    /** By external reference or correlation id, by key, or the newest. */
    @GetMapping("/transactions")
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        return answering(() -> {
            only(request, "reference", "key", "limit");
            String reference = request.getParameter("reference");
            String key = request.getParameter("key");
            if (reference != null && key != null) {
                throw new FieldError("key", "may not be given together with reference");
            }
            int limit = limit(request);
            List<Transaction> found = reference != null
                    ? ledger.byReference(reference, limit)
                    : key != null ? byKey(key) : ledger.latest(limit);
            return ok(LedgerJson.page(
                    new Page<>(found, null),
                    transaction -> LedgerJson.transaction(transaction, ledger.reversalsOf(transaction.id()))));
        });
    }

    @GetMapping("/commands/{key}")
    ResponseEntity<byte[]> fate(@PathVariable("key") String key, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return fate(key);
        });
    }

    /** The same for every key: in a path, a key could not hold a slash, a semicolon or a percent sign. */
    @GetMapping("/commands")
    ResponseEntity<byte[]> fateByKey(HttpServletRequest request) {
        return answering(() -> {
            only(request, "key");
            String key = request.getParameter("key");
            if (key == null || !KEY.matcher(key).matches()) {
                throw JsonBody.problem(
                        ProblemCode.INVALID_PARAMETER,
                        "key",
                        "must be given, with 1 to 128 printable ASCII characters and no spaces");
            }
            return fate(key);
        });
    }

    private ResponseEntity<byte[]> fate(String key) {
        return ok(ledger.outcome(key)
                .map(Answer::fate)
                .orElseThrow(() -> notFound("COMMAND_NOT_FOUND", "key", "no command was decided under this key")));
    }

    private List<Transaction> byKey(String key) {
        Optional<Outcome> outcome = ledger.outcome(key);
        return outcome.isPresent() && outcome.get() instanceof Outcome.Posted posted
                ? List.of(posted.transaction())
                : List.of();
    }

    private ResponseEntity<byte[]> execute(Command command, Addressed addressed) {
        return respond(Answer.to(await(ledger.submit(command), deadline), addressed));
    }
}
