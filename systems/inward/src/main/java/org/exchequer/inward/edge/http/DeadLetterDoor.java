package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.UUID;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.DeadLetters;
import org.exchequer.inward.api.Resubmission;
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
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Shows messages that could not be read, and takes them again. */
@RestController
@RequestMapping(InwardDoors.BASE + "/dead-letters")
final class DeadLetterDoor {
    private static final int MOST_SHOWN = 4_096;

    private final DeadLetters letters;

    DeadLetterDoor(DeadLetters letters) {
        this.letters = letters;
    }

    @GetMapping
    ResponseEntity<byte[]> letters(HttpServletRequest request) {
        Parameters.only(request, "cursor", "limit");
        int limit = Parameters.limit(request);
        String cursor = request.getParameter("cursor");
        return Parameters.answering(() -> {
            try {
                return PaymentJson.bytes(page(letters.letters(cursor, limit)));
            } catch (IllegalArgumentException e) {
                throw Parameters.invalid("cursor", "must be the next of a page before");
            }
        });
    }

    @GetMapping("/{letterId}")
    ResponseEntity<byte[]> letter(@PathVariable("letterId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID known = id(id);
        return Parameters.answering(() -> PaymentJson.bytes(json(found(known))));
    }

    /** As it came; never shown by a browser. */
    @GetMapping("/{letterId}/message")
    ResponseEntity<byte[]> message(@PathVariable("letterId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID known = id(id);
        byte[] message = Parameters.reading(() -> found(known).message());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header("Content-Disposition", "attachment; filename=\"" + known + ".bin\"")
                .body(message);
    }

    /** Without a body the letter's own text is handed in again, else what is given. */
    @PostMapping("/{letterId}/resubmissions")
    ResponseEntity<byte[]> resubmit(
            @PathVariable("letterId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        UUID known = id(id);
        String by = Objects.requireNonNull(request.getUserPrincipal(), "every route has an authenticated caller")
                .getName();
        return PaymentDoor.answer(Parameters.reading(
                () -> letters.resubmit(known, body == null || body.length == 0 ? null : body, by)
                        .orElseThrow(() -> missing(known))));
    }

    private DeadLetter found(UUID id) {
        return letters.letter(id).orElseThrow(() -> missing(id));
    }

    private static ProblemException missing(UUID id) {
        return new ProblemException(
                Problem.of(404, "DEAD_LETTER_NOT_FOUND", "Dead letter not found", "there is no dead letter " + id));
    }

    private static UUID id(String text) {
        return Parameters.parse("letterId", text, "must be the UUID of a dead letter", UUID::fromString);
    }

    private static ObjectNode page(Page<DeadLetter> page) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode items = json.putArray("items");
        page.items().forEach(letter -> items.add(summary(letter)));
        if (page.next() != null) {
            json.put("next", page.next());
        }
        return json;
    }

    private static ObjectNode summary(DeadLetter letter) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", letter.id().toString())
                .put("receivedAt", letter.receivedAt().toString())
                .put("door", letter.door())
                .put("reasonCode", letter.code())
                .put("rule", letter.rule())
                .put("bytes", letter.bytes())
                .put("resubmitted", letter.resubmitted());
    }

    private static ObjectNode json(DeadLetter letter) {
        ObjectNode json = summary(letter);
        json.put("text", letter.shown(MOST_SHOWN));
        json.put("cut", letter.message().length > MOST_SHOWN);
        ArrayNode again = json.putArray("resubmissions");
        for (Resubmission one : letter.resubmissions()) {
            ObjectNode item = again.addObject()
                    .put("id", one.id().toString())
                    .put("at", one.at().toString())
                    .put("by", one.by())
                    .put("changed", one.changed());
            if (one.payment() != null) {
                item.put("paymentId", one.payment().toString()).put("answerStatus", one.answerStatus());
            }
            if (one.deadLetter() != null) {
                item.put("deadLetter", one.deadLetter().toString());
            }
        }
        return json;
    }
}
