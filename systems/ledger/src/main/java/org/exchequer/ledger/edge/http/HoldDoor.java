package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import org.exchequer.ledger.api.Ledger;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Holds: reserve an amount, then post it in full or part, or void it. */
@RestController
@RequestMapping(Answer.BASE + "/holds")
final class HoldDoor extends Door {
    private final Ledger ledger;
    private final Duration deadline;

    HoldDoor(Ledger ledger, Duration deadline) {
        this.ledger = ledger;
        this.deadline = deadline;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> hold(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            return execute(ledger, CommandJson.hold(key(request), fields(body, CommandJson.HOLD)), deadline);
        });
    }

    @GetMapping
    ResponseEntity<byte[]> list(HttpServletRequest request) {
        return reading(() -> {
            only(request, "open", "reference", "cursor", "limit");
            return ok(LedgerJson.page(
                    ledger.pending(
                            flag(request, "open"),
                            request.getParameter("reference"),
                            request.getParameter("cursor"),
                            limit(request)),
                    LedgerJson::pending));
        });
    }

    @GetMapping("/{holdId}")
    ResponseEntity<byte[]> get(@PathVariable("holdId") String id, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            return ok(ledger.pending(holdId(id))
                    .map(hold -> LedgerJson.pending(hold, ledger.postingsOf(hold.id())))
                    .orElseThrow(() -> notFound("NOT_PENDING", "holdId", "no hold has id " + id)));
        });
    }

    @PostMapping(path = "/{holdId}/post", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> post(
            @PathVariable("holdId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = optionalFields(body, CommandJson.POST_HOLD);
            return execute(ledger, CommandJson.postHold(key(request), holdId(id), fields), deadline);
        });
    }

    @PostMapping(path = "/{holdId}/void", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> release(
            @PathVariable("holdId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = optionalFields(body, CommandJson.VOID_HOLD);
            return execute(ledger, CommandJson.voidHold(key(request), holdId(id), fields), deadline);
        });
    }

    private static long holdId(String text) {
        return id("holdId", text);
    }
}
