package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.exchequer.inward.api.Controls;
import org.exchequer.inward.api.Measure;
import org.exchequer.ledger.api.FieldError;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is ordered while something is wrong; who orders, approves and ends it is what their tokens say. */
@RestController
@RequestMapping(InwardDoors.BASE)
final class ControlDoor extends Door {
    private final Controls controls;

    ControlDoor(Controls controls) {
        this.controls = controls;
    }

    /** An order; see {@link Measure}. */
    record Order(
            @Nullable String kind,
            @Nullable String breaker,
            @Nullable String breakerMode,
            @Nullable Integer extensionMs,
            @Nullable String payment,
            @Nullable String messageType,
            @Nullable String currency,
            @Nullable Integer lastsSeconds,
            @Nullable String reason) {}

    @GetMapping("/controls")
    ResponseEntity<byte[]> all(HttpServletRequest request) {
        Parameters.only(request);
        return answering(200, () -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            add(json.putArray("inForce"), controls.inForce());
            add(json.putArray("proposed"), controls.proposed());
            ArrayNode breakers = json.putArray("breakers");
            controls.breakers().forEach(breaker -> breakers.add(ControlJson.breaker(breaker)));
            Controls.Load load = controls.load();
            json.putObject("load")
                    .put("working", load.working())
                    .put("waiting", load.waiting())
                    .put("limit", load.limit());
            return json;
        });
    }

    private static void add(ArrayNode array, Iterable<Measure> measures) {
        measures.forEach(measure -> array.add(ControlJson.measure(measure)));
    }

    @GetMapping("/controls/measures")
    ResponseEntity<byte[]> latest(HttpServletRequest request) {
        Parameters.only(request, "limit");
        int limit = Parameters.limit(request);
        return answering(200, () -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            add(json.putArray("items"), controls.latest(limit));
            return json;
        });
    }

    @GetMapping("/controls/measures/{measureId}/acts")
    ResponseEntity<byte[]> acts(@PathVariable("measureId") String id, HttpServletRequest request) {
        Parameters.only(request);
        long number = number("measureId", id);
        return answering(200, () -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            ArrayNode acts = json.putArray("items");
            List<Controls.Act> known = controls.acts(number);
            if (known.isEmpty()) {
                throw refused(Controls.Why.MEASURE_NOT_FOUND, "there is no such measure");
            }
            known.forEach(act -> acts.addObject()
                    .put("at", act.at().toString())
                    .put("what", act.what())
                    .put("by", act.by())
                    .put("note", act.note()));
            return json;
        });
    }

    @PostMapping("/controls/measures")
    ResponseEntity<byte[]> order(@RequestBody Order body, HttpServletRequest request) {
        Parameters.only(request);
        return made(
                () -> measure(controls.order(draft(body), caller(request))),
                node -> "/controls/measures/" + node.path("id").asLong() + "/acts");
    }

    private static Controls.Draft draft(Order body) {
        Measure.Kind kind = Arrays.stream(Measure.Kind.values())
                .filter(one -> one.name().equals(body.kind()))
                .findFirst()
                .orElseThrow(() -> new FieldError(
                        "kind",
                        "must be one of "
                                + Arrays.stream(Measure.Kind.values())
                                        .map(Enum::name)
                                        .collect(Collectors.joining(", "))));
        if (body.lastsSeconds() == null) {
            throw new FieldError("lastsSeconds", "is required");
        }
        return new Controls.Draft(
                kind,
                body.breaker(),
                body.breakerMode(),
                body.extensionMs(),
                payment(body.payment()),
                body.messageType(),
                body.currency(),
                Duration.ofSeconds(body.lastsSeconds()),
                Objects.requireNonNullElse(body.reason(), ""));
    }

    private static @Nullable UUID payment(@Nullable String text) {
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new FieldError("payment", "must be the UUID of a payment");
        }
    }

    @PostMapping("/controls/measures/{measureId}/approval")
    ResponseEntity<byte[]> approve(@PathVariable("measureId") String id, HttpServletRequest request) {
        Parameters.only(request);
        long number = number("measureId", id);
        return answering(200, () -> measure(controls.decide(number, true, caller(request), "")));
    }

    @PostMapping("/controls/measures/{measureId}/rejection")
    ResponseEntity<byte[]> reject(
            @PathVariable("measureId") String id, @RequestBody ConfigDoor.Reason body, HttpServletRequest request) {
        Parameters.only(request);
        long number = number("measureId", id);
        String reason = Objects.requireNonNullElse(body.reason(), "");
        return answering(200, () -> measure(controls.decide(number, false, caller(request), reason)));
    }

    @PostMapping("/controls/measures/{measureId}/end")
    ResponseEntity<byte[]> end(
            @PathVariable("measureId") String id, @RequestBody ConfigDoor.Reason body, HttpServletRequest request) {
        Parameters.only(request);
        long number = number("measureId", id);
        String reason = Objects.requireNonNullElse(body.reason(), "");
        return answering(200, () -> measure(controls.end(number, caller(request), reason)));
    }

    private static JsonNode measure(Controls.Outcome outcome) {
        return switch (outcome) {
            case Controls.Outcome.Done done -> ControlJson.measure(done.measure());
            case Controls.Outcome.NotDone no -> throw refused(no.why(), no.detail());
        };
    }
}
