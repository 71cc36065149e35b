package org.exchequer.ledger.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.exchequer.ledger.api.Erasure;
import org.exchequer.ledger.api.Subjects;
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
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Persons, by their references alone, and their erasure, which two people make together; who they are is what their
 * tokens say. Writes take no key: done again by the same person, each is the same and says the same. The person stands
 * in the path, so that it is in the access log.
 */
@RestController
@RequestMapping(Answer.BASE)
final class SubjectDoor extends Door {
    private final Subjects subjects;

    SubjectDoor(Subjects subjects) {
        this.subjects = subjects;
    }

    @GetMapping("/subjects")
    ResponseEntity<byte[]> subjects(HttpServletRequest request) {
        return reading(() -> {
            only(request, "open", "cursor", "limit");
            ObjectNode json = LedgerJson.page(
                    subjects.erasures(flag(request, "open"), request.getParameter("cursor"), limit(request)),
                    SubjectDoor::json);
            Subjects.Counts counts = subjects.counts();
            return ok(json.put("sealed", counts.sealed())
                    .put("erasureProposed", counts.erasureProposed())
                    .put("erased", counts.erased()));
        });
    }

    @GetMapping("/subjects/{subject}")
    ResponseEntity<byte[]> subject(@PathVariable("subject") String reference, HttpServletRequest request) {
        return reading(() -> {
            only(request);
            Subjects.Subject subject = subjects.find(reference)
                    .orElseThrow(() -> notFound(
                            Erasure.Why.SUBJECT_NOT_FOUND.name(),
                            "subject",
                            "nothing was ever sealed for the subject " + reference));
            ObjectNode json = JsonNodeFactory.instance
                    .objectNode()
                    .put("subject", subject.reference())
                    .put("state", subject.state().name());
            if (subject.erasure() != null) {
                json.set("erasure", json(subject.erasure()));
            }
            return ok(json);
        });
    }

    @PostMapping(path = "/subjects/{subject}/erasures", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> propose(
            @PathVariable("subject") String reference,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return answering(() -> {
            only(request);
            String reason = fields(body, Set.of("reason")).string("reason");
            return respond(reference, 201, subjects.propose(reference, reason, caller(request)));
        });
    }

    @PostMapping(
            path = "/subjects/{subject}/erasures/{erasureId}/approval",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> approve(
            @PathVariable("subject") String reference,
            @PathVariable("erasureId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return decide(reference, id, true, body, request);
    }

    @PostMapping(
            path = "/subjects/{subject}/erasures/{erasureId}/rejection",
            consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> reject(
            @PathVariable("subject") String reference,
            @PathVariable("erasureId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return decide(reference, id, false, body, request);
    }

    private ResponseEntity<byte[]> decide(
            String reference, String id, boolean approve, byte @Nullable [] body, HttpServletRequest request) {
        return answering(() -> {
            only(request);
            String reason =
                    optionalFields(body, approve ? Set.of() : Set.of("reason")).optionalString("reason");
            return respond(
                    reference,
                    200,
                    subjects.decide(
                            reference, id("erasureId", id), approve, caller(request), reason == null ? "" : reason));
        });
    }

    private static ResponseEntity<byte[]> respond(String reference, int status, Erasure.Outcome outcome) {
        return switch (outcome) {
            case Erasure.Outcome.Done done ->
                respond(Answer.success(
                        status, json(done.erasure()), status == 201 ? "/subjects/" + reference : null, false));
            case Erasure.Outcome.NotDone no -> throw problem(no);
        };
    }

    private static ProblemException problem(Erasure.Outcome.NotDone no) {
        String code = no.why().name();
        return switch (no.why()) {
            case SUBJECT_NOT_FOUND -> notFound(code, "subject", no.detail());
            case ERASURE_NOT_FOUND -> notFound(code, "erasureId", no.detail());
            case SUBJECT_ERASED, ERASURE_ALREADY_PROPOSED, ERASURE_ALREADY_DECIDED, APPROVER_IS_AUTHOR ->
                new ProblemException(Problem.of(409, code, Answer.title(code), no.detail()));
        };
    }

    private static ObjectNode json(Erasure erasure) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", erasure.id())
                .put("subject", erasure.subject())
                .put("state", erasure.state().name())
                .put("reason", erasure.reason())
                .put("author", erasure.author())
                .put("proposedAt", erasure.proposedAt().toString());
        Erasure.Decision decision = erasure.decision();
        if (decision != null) {
            json.put("decidedBy", decision.by()).put("decidedAt", decision.at().toString());
            if (!decision.reason().isEmpty()) {
                json.put("decisionReason", decision.reason());
            }
        }
        return json;
    }
}
