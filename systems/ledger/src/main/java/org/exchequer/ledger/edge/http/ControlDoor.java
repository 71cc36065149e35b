package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import org.exchequer.ledger.api.Command;
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

/**
 * Adjustments, which two people make together, and the end of the day. Who proposes, decides and closes is whoever the
 * token names.
 */
@RestController
@RequestMapping(Answer.BASE)
final class ControlDoor extends Door {
    private final Ledger ledger;
    private final Duration deadline;

    ControlDoor(Ledger ledger, Duration deadline) {
        this.ledger = ledger;
        this.deadline = deadline;
    }

    @PostMapping(path = "/adjustments", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> propose(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = fields(body, CommandJson.PROPOSE_ADJUSTMENT);
            return execute(ledger, CommandJson.propose(key(request), caller(request), fields), deadline);
        });
    }

    @GetMapping("/adjustments")
    ResponseEntity<byte[]> adjustments(HttpServletRequest request) {
        return reading(() -> {
            only(request, "open", "cursor", "limit");
            return ok(LedgerJson.page(
                    ledger.adjustments(flag(request, "open"), request.getParameter("cursor"), limit(request)),
                    LedgerJson::adjustment));
        });
    }

    @GetMapping("/adjustments/{adjustmentId}")
    ResponseEntity<byte[]> adjustment(@PathVariable("adjustmentId") String id, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            return ok(ledger.adjustment(adjustmentId(id))
                    .map(LedgerJson::adjustment)
                    .orElseThrow(() -> notFound("ADJUSTMENT_NOT_FOUND", "adjustmentId", "no adjustment has id " + id)));
        });
    }

    @PostMapping(path = "/adjustments/{adjustmentId}/approval", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> approve(
            @PathVariable("adjustmentId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return decide(id, true, body, request);
    }

    @PostMapping(path = "/adjustments/{adjustmentId}/rejection", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> reject(
            @PathVariable("adjustmentId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return decide(id, false, body, request);
    }

    private ResponseEntity<byte[]> decide(
            String id, boolean approve, byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            JsonFields fields = optionalFields(body, approve ? Set.of() : Set.of("reason"));
            String reason = fields.optionalString("reason");
            return execute(
                    ledger,
                    new Command.DecideAdjustment(
                            key(request), adjustmentId(id), approve, caller(request), reason == null ? "" : reason),
                    deadline);
        });
    }

    @PostMapping(path = "/days/{day}/close", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> close(
            @PathVariable("day") String day,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            optionalFields(body, Set.of());
            return execute(ledger, new Command.CloseDay(key(request), date("day", day), caller(request)), deadline);
        });
    }

    @GetMapping("/days")
    ResponseEntity<byte[]> days(HttpServletRequest request) {
        return reading(() -> {
            only(request, "cursor", "limit");
            return ok(LedgerJson.page(ledger.closes(request.getParameter("cursor"), limit(request)), LedgerJson::close)
                    .put("businessDate", ledger.businessDate().toString()));
        });
    }

    private static long adjustmentId(String text) {
        return id("adjustmentId", text);
    }
}
