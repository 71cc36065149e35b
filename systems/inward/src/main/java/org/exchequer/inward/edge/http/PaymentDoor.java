package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.exchequer.inward.api.Answered;
import org.exchequer.inward.api.Inward;
import org.exchequer.inward.api.PaymentBook;
import org.exchequer.inward.api.PaymentFilter;
import org.exchequer.inward.api.PaymentView;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.inward.api.Submission;
import org.exchequer.iso20022.MessageType;
import org.exchequer.kernel.Currency;
import org.exchequer.ledger.api.Page;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
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
 * Takes messages, and shows what became of them. A message needs no idempotency key: its own ids are one. The answer to
 * a bank is a message whatever it says; problems are for those whose message was not taken.
 */
@RestController
@RequestMapping(InwardDoors.BASE)
final class PaymentDoor {
    private static final String[] FILTERS = {
        "status",
        "state",
        "type",
        "account",
        "bic",
        "reference",
        "currency",
        "leastMinorUnits",
        "mostMinorUnits",
        "from",
        "until",
        "compliant",
        "reason",
        "node",
        "door",
        "fallback",
        "riskLevel",
        "stage",
        "reviewer",
        "events",
        "cursor",
        "limit"
    };
    private static final String TIME = "must be a time such as 2026-03-31T10:00:00Z, of the years 1900 to 2999";

    private final Inward inward;
    private final PaymentBook payments;

    PaymentDoor(Inward inward, PaymentBook payments) {
        this.inward = inward;
        this.payments = payments;
    }

    @PostMapping(
            path = "/messages",
            consumes = {MediaType.APPLICATION_XML_VALUE, MediaType.APPLICATION_JSON_VALUE})
    ResponseEntity<byte[]> message(@RequestBody(required = false) byte @Nullable [] body) {
        return answer(inward.submit(body == null ? new byte[0] : body, "http", Duration.ZERO));
    }

    /** What a bank is told. */
    static ResponseEntity<byte[]> answer(Submission submission) {
        return switch (submission) {
            case Submission.Taken taken -> {
                Answered answered = taken.answer().join();
                yield ResponseEntity.ok()
                        .contentType(MediaType.APPLICATION_XML)
                        .header("Exchequer-Payment-Id", answered.payment().toString())
                        .header("Exchequer-Status", answered.status())
                        .header("Idempotency-Replayed", Boolean.toString(answered.repeated()))
                        .body(answered.message());
            }
            case Submission.Unreadable unreadable ->
                throw new ProblemException(
                        Problem.of(422, "MESSAGE_UNREADABLE", "Message unreadable", "the message " + unreadable.rule())
                                .with("reasonCode", unreadable.code())
                                .with("deadLetter", unreadable.deadLetter().toString()));
            case Submission.Busy(long retryAfterMs) ->
                throw new ProblemException(
                        Problem.of(503, "BUSY", "Busy", "as much as can be done in time is under way; send it again"),
                        Map.of("Retry-After", Long.toString(Math.max(1, retryAfterMs / 1_000))));
        };
    }

    @GetMapping("/payments/{paymentId}")
    ResponseEntity<byte[]> payment(@PathVariable("paymentId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID known = Parameters.parse("paymentId", id, "must be the UUID of a payment", UUID::fromString);
        return Parameters.answering(() -> PaymentJson.bytes(payments.payment(known)
                .map(PaymentJson::payment)
                .orElseThrow(() -> new ProblemException(
                        Problem.of(404, "PAYMENT_NOT_FOUND", "Payment not found", "there is no payment " + known)))));
    }

    @GetMapping("/payments")
    ResponseEntity<byte[]> payments(HttpServletRequest request) {
        Parameters.only(request, FILTERS);
        PaymentFilter filter = new PaymentFilter(
                Parameters.one(request, "status", Status.class),
                Parameters.one(request, "state", State.class),
                name(Parameters.one(request, "type", MessageType.class)),
                request.getParameter("account"),
                request.getParameter("bic"),
                request.getParameter("reference"),
                Parameters.given(
                        request,
                        "currency",
                        Currency.RULE,
                        text -> Currency.of(text).code()),
                Parameters.given(request, "leastMinorUnits", "must be a number", Long::valueOf),
                Parameters.given(request, "mostMinorUnits", "must be a number", Long::valueOf),
                Parameters.given(request, "from", TIME, Parameters::time),
                Parameters.given(request, "until", TIME, Parameters::time),
                Parameters.flag(request, "compliant"),
                request.getParameter("reason"),
                request.getParameter("node"),
                request.getParameter("door"),
                Parameters.one(request, "fallback", Stage.class),
                Parameters.given(
                        request,
                        "riskLevel",
                        "must be one of " + String.join(", ", PaymentFilter.RISK_LEVELS),
                        PaymentDoor::level),
                Parameters.one(request, "stage", Stage.class),
                request.getParameter("reviewer"));
        if (filter.from() != null && filter.until() != null && !filter.from().isBefore(filter.until())) {
            throw Parameters.invalid("until", "must be after from");
        }
        boolean events = Boolean.TRUE.equals(Parameters.flag(request, "events"));
        int limit = Parameters.limit(request);
        String cursor = request.getParameter("cursor");
        return Parameters.answering(() -> {
            try {
                Page<PaymentView> page = payments.payments(filter, cursor, limit);
                return PaymentJson.bytes(
                        events
                                ? PaymentJson.page(
                                        new Page<>(payments.withEvents(page.items()), page.next()),
                                        PaymentJson::payment)
                                : PaymentJson.page(page, PaymentJson::summary));
            } catch (IllegalArgumentException e) {
                throw Parameters.invalid("cursor", "must be the next of a page before");
            }
        });
    }

    private static String level(String text) {
        if (!PaymentFilter.RISK_LEVELS.contains(text)) {
            throw new IllegalArgumentException();
        }
        return text;
    }

    private static @Nullable String name(@Nullable MessageType type) {
        return type == null ? null : type.name();
    }
}
