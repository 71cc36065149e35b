package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.exchequer.inward.api.ConfigScope;
import org.exchequer.inward.api.Configurations;
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
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is configured, and how two people change it; who they are is what their tokens say. */
@RestController
@RequestMapping(InwardDoors.BASE)
final class ConfigDoor extends Door {
    private final Configurations configurations;

    ConfigDoor(Configurations configurations) {
        this.configurations = configurations;
    }

    /** A proposal. Times as ISO 8601; the value a number in the key's unit, or null to take away what was said. */
    record Proposal(
            @Nullable BigDecimal value,
            @Nullable String messageType,
            @Nullable String currency,
            @Nullable Long leastMinorUnits,
            @Nullable Long mostMinorUnits,
            @Nullable String instance,
            @Nullable String from,
            @Nullable String until,
            @Nullable String experiment,
            @Nullable BigDecimal percentage,
            @Nullable String reason) {}

    /** A decision's reason. */
    record Reason(@Nullable String reason) {}

    @GetMapping("/config")
    ResponseEntity<byte[]> all(HttpServletRequest request) {
        Parameters.only(request);
        return answering(200, () -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("revision", configurations.revision());
            var keys = json.putArray("keys");
            configurations.keys().forEach(key -> keys.add(ControlJson.key(key)));
            var approved = json.putArray("approved");
            configurations.approved().forEach(entry -> approved.add(ControlJson.entry(entry)));
            var proposed = json.putArray("proposed");
            configurations.proposed().forEach(entry -> proposed.add(ControlJson.entry(entry)));
            return json;
        });
    }

    @GetMapping("/config/{key}")
    ResponseEntity<byte[]> history(@PathVariable("key") String key, HttpServletRequest request) {
        Parameters.only(request);
        return answering(200, () -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("key", key);
            var versions = json.putArray("versions");
            configurations.history(key).forEach(entry -> versions.add(ControlJson.entry(entry)));
            return json;
        });
    }

    @PostMapping("/config/{key}")
    ResponseEntity<byte[]> propose(
            @PathVariable("key") String key, @RequestBody Proposal body, HttpServletRequest request) {
        Parameters.only(request);
        return made(() -> entry(configurations.propose(draft(key, body), caller(request))), node -> "/config/" + key);
    }

    private static Configurations.Draft draft(String key, Proposal body) {
        return new Configurations.Draft(
                key,
                body.value(),
                new ConfigScope(
                        body.messageType(),
                        body.currency(),
                        body.leastMinorUnits(),
                        body.mostMinorUnits(),
                        body.instance()),
                time("from", body.from()),
                time("until", body.until()),
                body.experiment(),
                body.percentage(),
                Objects.requireNonNullElse(body.reason(), ""));
    }

    private static @Nullable Instant time(String field, @Nullable String text) {
        try {
            return text == null ? null : Parameters.time(text);
        } catch (DateTimeException e) {
            throw new FieldError(field, "must be a time such as 2026-03-31T10:00:00Z");
        }
    }

    @PostMapping("/config/{key}/versions/{version}/approval")
    ResponseEntity<byte[]> approve(
            @PathVariable("key") String key, @PathVariable("version") String version, HttpServletRequest request) {
        Parameters.only(request);
        long number = number("version", version);
        return answering(200, () -> entry(configurations.decide(key, number, true, caller(request), "")));
    }

    @PostMapping("/config/{key}/versions/{version}/rejection")
    ResponseEntity<byte[]> reject(
            @PathVariable("key") String key,
            @PathVariable("version") String version,
            @RequestBody Reason body,
            HttpServletRequest request) {
        Parameters.only(request);
        long number = number("version", version);
        String reason = Objects.requireNonNullElse(body.reason(), "");
        return answering(200, () -> entry(configurations.decide(key, number, false, caller(request), reason)));
    }

    @PostMapping("/config/{key}/versions/{version}/rollback")
    ResponseEntity<byte[]> rollBack(
            @PathVariable("key") String key,
            @PathVariable("version") String version,
            @RequestBody Reason body,
            HttpServletRequest request) {
        Parameters.only(request);
        long number = number("version", version);
        String reason = Objects.requireNonNullElse(body.reason(), "");
        return made(
                () -> entry(configurations.rollBack(key, number, caller(request), reason)), node -> "/config/" + key);
    }

    private static JsonNode entry(Configurations.Outcome outcome) {
        return switch (outcome) {
            case Configurations.Outcome.Done done -> ControlJson.entry(done.entry());
            case Configurations.Outcome.NotDone no -> throw refused(no.why(), no.detail());
        };
    }
}
