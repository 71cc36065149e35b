package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.exchequer.inward.api.Fraud;
import org.exchequer.inward.api.Fraud.ModelAction;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemCode;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * How payments were scored, why, and by what; and what people say of them. A record of {@link Fraud} is its JSON. Every
 * write may be sent again: the same word on a payment is kept once, a proposal is known by its {@code Idempotency-Key}.
 */
@RestController
@RequestMapping(InwardDoors.BASE)
final class FraudDoor {
    private static final String KEY = "Idempotency-Key";

    private final Fraud fraud;

    FraudDoor(Fraud fraud) {
        this.fraud = fraud;
    }

    @GetMapping("/payments/{paymentId}/explanation")
    ResponseEntity<byte[]> explanation(@PathVariable("paymentId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID payment = uuid("paymentId", id);
        return ok(() -> fraud.explain(payment).orElseThrow(() -> notScored(payment)));
    }

    @GetMapping("/payments/{paymentId}/network")
    ResponseEntity<byte[]> network(@PathVariable("paymentId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID payment = uuid("paymentId", id);
        return ok(() -> fraud.network(payment).orElseThrow(() -> notScored(payment)));
    }

    @PostMapping(path = "/payments/{paymentId}/feedback", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> feedback(
            @PathVariable("paymentId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        Parameters.only(request);
        UUID payment = uuid("paymentId", id);
        Map<String, String> fields = fields(body, Set.of("outcome"), Set.of("note"));
        boolean bad = switch (fields.getOrDefault("outcome", "")) {
            case "fraud" -> true;
            case "harmless" -> false;
            default -> throw Parameters.invalid("outcome", "must be fraud or harmless");
        };
        String note = fields.get("note");
        if (note != null && note.length() > Fraud.MOST_TEXT) {
            throw Parameters.invalid("note", "must have at most " + Fraud.MOST_TEXT + " characters");
        }
        return ok(() -> {
            if (!fraud.say(payment, bad, note, caller(request))) {
                throw notScored(payment);
            }
            return fraud.explain(payment).orElseThrow(() -> notScored(payment)).said();
        });
    }

    @GetMapping("/fraud/overview")
    ResponseEntity<byte[]> overview(HttpServletRequest request) {
        Parameters.only(request);
        return ok(fraud::overview);
    }

    @GetMapping("/fraud/queue")
    ResponseEntity<byte[]> queue(HttpServletRequest request) {
        Parameters.only(request, "limit");
        String text = Objects.requireNonNullElse(request.getParameter("limit"), "100");
        int limit = text.matches("[0-9]{1,4}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > Fraud.MOST_WAITING) {
            throw Parameters.invalid("limit", "must be 1 to " + Fraud.MOST_WAITING);
        }
        return ok(() -> fraud.queue(limit));
    }

    @GetMapping("/fraud/models")
    ResponseEntity<byte[]> models(HttpServletRequest request) {
        Parameters.only(request);
        return ok(fraud::models);
    }

    @GetMapping("/fraud/rules")
    ResponseEntity<byte[]> rules(HttpServletRequest request) {
        Parameters.only(request);
        return ok(fraud::rules);
    }

    @GetMapping("/fraud/model-changes")
    ResponseEntity<byte[]> changes(HttpServletRequest request) {
        Parameters.only(request);
        return ok(fraud::changes);
    }

    @PostMapping(path = "/fraud/model-changes", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> propose(@RequestBody(required = false) byte @Nullable [] body, HttpServletRequest request) {
        Parameters.only(request);
        Map<String, String> fields = fields(body, Set.of("action", "reason"), Set.of("model", "percent"));
        ModelAction action = Arrays.stream(ModelAction.values())
                .filter(each -> each.name().equals(fields.get("action")))
                .findFirst()
                .orElseThrow(
                        () -> Parameters.invalid("action", "must be one of " + Arrays.toString(ModelAction.values())));
        String reason = fields.getOrDefault("reason", "");
        if (reason.isBlank() || reason.length() > Fraud.MOST_TEXT) {
            throw Parameters.invalid("reason", "must have 1 to " + Fraud.MOST_TEXT + " characters");
        }
        String percent = fields.get("percent");
        if (percent != null && !percent.matches("[0-9]{1,2}")) {
            throw Parameters.invalid("percent", "must be 1 to 50");
        }
        Integer share = percent == null ? null : Integer.valueOf(percent);
        return ok(() -> done(fraud.propose(id(request), action, fields.get("model"), share, reason, caller(request))));
    }

    @PostMapping("/fraud/model-changes/{changeId}/approval")
    ResponseEntity<byte[]> approve(@PathVariable("changeId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID change = uuid("changeId", id);
        return ok(() -> done(fraud.decide(change, true, caller(request))));
    }

    @PostMapping("/fraud/model-changes/{changeId}/rejection")
    ResponseEntity<byte[]> reject(@PathVariable("changeId") String id, HttpServletRequest request) {
        Parameters.only(request);
        UUID change = uuid("changeId", id);
        return ok(() -> done(fraud.decide(change, false, caller(request))));
    }

    private static Fraud.ModelChange done(Fraud.Step step) {
        return switch (step) {
            case Fraud.Step.Done(Fraud.ModelChange change) -> change;
            case Fraud.Step.Refused(String code, String why) ->
                throw new ProblemException(Problem.of(
                        code.endsWith("NOT_FOUND") ? 404 : 409, code, "Model change refused", "the change: " + why));
        };
    }

    /** The same key of the same person is the same proposal. */
    static UUID id(HttpServletRequest request) {
        List<String> keys = Collections.list(request.getHeaders(KEY));
        if (keys.size() != 1 || !keys.getFirst().matches("[ -~]{1,128}")) {
            throw new ProblemException(
                    Problem.of(ProblemCode.MISSING_HEADER, KEY + " must be given once, with 1 to 128 characters")
                            .at(KEY, "must be given once, with 1 to 128 printable characters"));
        }
        return UUID.nameUUIDFromBytes((caller(request) + "\n" + keys.getFirst()).getBytes(StandardCharsets.UTF_8));
    }

    static String caller(HttpServletRequest request) {
        return Objects.requireNonNull(request.getUserPrincipal(), "every route has an authenticated caller")
                .getName();
    }

    static UUID uuid(String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid(name, "must be a UUID");
        }
    }

    private static Map<String, String> fields(byte @Nullable [] body, Set<String> required, Set<String> optional) {
        JsonNode json;
        try {
            json = StrictJson.mapper().readTree(body == null ? new byte[0] : body);
        } catch (JacksonException malformed) {
            throw new ProblemException(Problem.of(ProblemCode.MALFORMED_BODY, "the body must be valid JSON"));
        }
        if (!json.isObject()) {
            throw new ProblemException(Problem.of(ProblemCode.MALFORMED_BODY, "the body must be a JSON object"));
        }
        Map<String, String> fields = new HashMap<>();
        json.properties().forEach(field -> {
            if (!required.contains(field.getKey()) && !optional.contains(field.getKey())) {
                throw problem(ProblemCode.UNKNOWN_FIELD, "body", "must have no fields but those of this request");
            }
            if (!field.getValue().isString()) {
                throw problem(ProblemCode.WRONG_TYPE, field.getKey(), "must be a string");
            }
            fields.put(field.getKey(), field.getValue().asString());
        });
        for (String name : required) {
            if (!fields.containsKey(name)) {
                throw problem(ProblemCode.MISSING_FIELD, name, "is required");
            }
        }
        return fields;
    }

    private static ProblemException problem(ProblemCode code, String where, String rule) {
        return new ProblemException(Problem.of(code, where + " " + rule).at(where, rule));
    }

    private static ProblemException notScored(UUID payment) {
        return new ProblemException(Problem.of(
                404, "PAYMENT_NOT_SCORED", "Payment not scored", "payment " + payment + " was not scored by models"));
    }

    static ResponseEntity<byte[]> ok(Supplier<Object> work) {
        return Parameters.answering(() -> {
            JsonNode json = StrictJson.mapper().valueToTree(work.get());
            return StrictJson.mapper()
                    .writeValueAsBytes(
                            json.isArray()
                                    ? JsonNodeFactory.instance.objectNode().set("items", json)
                                    : json);
        });
    }
}
