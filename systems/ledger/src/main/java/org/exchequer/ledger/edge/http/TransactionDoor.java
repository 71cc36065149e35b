package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.Transaction;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Transfers, transactions, reversals, and what became of them. */
@RestController
@RequestMapping(Answer.BASE)
final class TransactionDoor extends Door {
    private final Ledger ledger;
    private final Duration deadline;

    TransactionDoor(Ledger ledger, Duration deadline) {
        this.ledger = ledger;
        this.deadline = deadline;
    }

    @PostMapping(path = "/transfers", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> transfer(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = fields(body, CommandJson.TRANSFER);
            return execute(ledger, CommandJson.transfer(key(request), fields), deadline);
        });
    }

    @PostMapping(path = "/transactions", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> post(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = fields(body, CommandJson.POST);
            return execute(ledger, CommandJson.post(key(request), fields), deadline);
        });
    }

    @PostMapping(path = "/transactions/{transactionId}/reversal", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> reverse(
            @PathVariable("transactionId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = optionalFields(body, CommandJson.REVERSE);
            return execute(ledger, CommandJson.reverse(key(request), transactionId(id), fields), deadline);
        });
    }

    @GetMapping("/transactions/{transactionId}")
    ResponseEntity<byte[]> get(@PathVariable("transactionId") String id, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            Transaction transaction = ledger.transaction(transactionId(id))
                    .orElseThrow(
                            () -> notFound("TRANSACTION_NOT_FOUND", "transactionId", "there is no transaction " + id));
            return ok(LedgerJson.transaction(transaction, ledger.reversalsOf(transaction.id())));
        });
    }

    /** By external reference or correlation id, by key, from a place in the journal on, or the newest. */
    @GetMapping("/transactions")
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        return reading(() -> {
            only(request, "reference", "key", "after", "cursor", "limit");
            String reference = request.getParameter("reference");
            String key = request.getParameter("key");
            String after = request.getParameter("after");
            String cursor = request.getParameter("cursor");
            if (reference != null && key != null) {
                throw together("key", "reference");
            }
            if (after != null && (reference != null || key != null)) {
                throw together("after", "reference or key");
            }
            if (cursor != null && (after != null || key != null)) {
                throw together("cursor", "after or key");
            }
            int limit = limit(request);
            if (after != null) {
                return ok(LedgerJson.page(ledger.transactions(position(after), limit), LedgerJson::transaction));
            }
            Page<Transaction> found = reference != null
                    ? ledger.byReference(reference, cursor, limit)
                    : key != null ? byKey(key) : ledger.latest(cursor, limit);
            return ok(LedgerJson.page(
                    found, transaction -> LedgerJson.transaction(transaction, ledger.reversalsOf(transaction.id()))));
        });
    }

    private static FieldError together(String name, String others) {
        return new FieldError(name, "may not be given together with " + others);
    }

    private static long position(String text) {
        if (!text.matches("[0-9]{1,18}")) {
            throw new FieldError("after", "must be a position in the journal, 0 for its beginning");
        }
        return Long.parseLong(text);
    }

    @GetMapping("/commands/{key}")
    ResponseEntity<byte[]> fate(@PathVariable("key") String key, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            return fate(key);
        });
    }

    /** The same for every key: in a path, a key could not hold a slash, a semicolon or a percent sign. */
    @GetMapping("/commands")
    ResponseEntity<byte[]> fateByKey(HttpServletRequest request) {
        return reading(() -> {
            only(request, "key");
            String key = required(request, "key");
            try {
                Command.requireKey(key);
            } catch (FieldError broken) {
                throw new FieldError("key", String.valueOf(broken.getMessage()));
            }
            return fate(key);
        });
    }

    private ResponseEntity<byte[]> fate(String key) {
        return ok(ledger.outcome(key)
                .map(Answer::fate)
                .orElseThrow(() -> notFound("COMMAND_NOT_FOUND", "key", "no command was decided under this key")));
    }

    private Page<Transaction> byKey(String key) {
        Optional<Outcome> outcome = ledger.outcome(key);
        return new Page<>(
                outcome.isPresent() && outcome.get() instanceof Outcome.Posted posted
                        ? List.of(posted.transaction())
                        : List.of(),
                null);
    }

    private static long transactionId(String text) {
        return id("transactionId", text);
    }
}
