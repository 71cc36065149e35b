package org.exchequer.inward.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.exchequer.inward.api.FraudSettings;
import org.exchequer.inward.api.FraudSettings.Change;
import org.exchequer.inward.api.FraudSettings.Named;
import org.exchequer.inward.api.FraudSettings.NewEntry;
import org.exchequer.inward.api.FraudSettings.Outcome;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.platform.web.StrictJson;
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

/**
 * What fraud is judged by, and how two people change it. A record of {@link FraudSettings} is its JSON; a proposal is
 * known by its {@code Idempotency-Key}.
 */
@RestController
@RequestMapping(InwardDoors.BASE + "/fraud")
final class FraudSettingsDoor {
    private static final int USUAL_PREVIEW = 1_000;

    private final FraudSettings settings;

    FraudSettingsDoor(FraudSettings settings) {
        this.settings = settings;
    }

    /** Values by key, null for the standard. */
    record Values(
            @Nullable Map<String, @Nullable BigDecimal> values,
            @Nullable String reason) {}

    /** An entry to be: DENY or ALLOW; ACCOUNT or BANK; a time in ISO 8601. */
    record Listing(
            @Nullable String list,
            @Nullable String kind,
            @Nullable String name,
            @Nullable String reason,
            @Nullable String until) {}

    /** Entries to be. */
    record Listings(
            @Nullable List<Listing> entries, @Nullable String reason) {}

    /** Entries to take off. */
    record Removals(@Nullable List<Long> entries, @Nullable String reason) {}

    /** Why. */
    record Reason(@Nullable String reason) {}

    @GetMapping("/settings")
    ResponseEntity<byte[]> settings(HttpServletRequest request) {
        Parameters.only(request);
        return answering(settings::now);
    }

    @PostMapping("/settings")
    ResponseEntity<byte[]> propose(@RequestBody Values body, HttpServletRequest request) {
        Parameters.only(request);
        UUID id = FraudDoor.id(request);
        return answering(() -> done(settings.propose(
                id,
                Objects.requireNonNullElse(body.values(), Map.of()),
                text(body.reason()),
                FraudDoor.caller(request))));
    }

    @GetMapping("/lists")
    ResponseEntity<byte[]> lists(HttpServletRequest request) {
        Parameters.only(request);
        return answering(settings::listed);
    }

    @PostMapping("/lists")
    ResponseEntity<byte[]> list(@RequestBody Listings body, HttpServletRequest request) {
        Parameters.only(request);
        UUID id = FraudDoor.id(request);
        return answering(() -> {
            List<NewEntry> entries = new ArrayList<>();
            for (Listing each : Objects.requireNonNullElse(body.entries(), List.<Listing>of())) {
                entries.add(entry("entries[" + entries.size() + "].", each));
            }
            return done(settings.list(id, entries, text(body.reason()), FraudDoor.caller(request)));
        });
    }

    private static NewEntry entry(String at, @Nullable Listing entry) {
        if (entry == null) {
            throw new FieldError(at + "name", "is required");
        }
        String list = text(entry.list());
        if (!list.equals("DENY") && !list.equals("ALLOW")) {
            throw new FieldError(at + "list", "must be DENY or ALLOW");
        }
        Named named = Arrays.stream(Named.values())
                .filter(each -> each.name().equals(entry.kind()))
                .findFirst()
                .orElseThrow(() -> new FieldError(at + "kind", "must be ACCOUNT or BANK"));
        try {
            return new NewEntry(
                    list.equals("DENY"),
                    named,
                    text(entry.name()),
                    text(entry.reason()),
                    Parameters.time(text(entry.until())));
        } catch (DateTimeException e) {
            throw new FieldError(at + "until", "must be a time such as 2026-03-31T10:00:00Z");
        }
    }

    @PostMapping("/lists/removals")
    ResponseEntity<byte[]> unlist(@RequestBody Removals body, HttpServletRequest request) {
        Parameters.only(request);
        UUID id = FraudDoor.id(request);
        List<Long> entries = Objects.requireNonNullElse(body.entries(), List.<Long>of()).stream()
                .filter(Objects::nonNull)
                .toList();
        return answering(() -> done(settings.unlist(id, entries, text(body.reason()), FraudDoor.caller(request))));
    }

    @GetMapping("/changes")
    ResponseEntity<byte[]> changes(HttpServletRequest request) {
        Parameters.only(request);
        return answering(settings::changes);
    }

    @GetMapping("/changes/{version}/preview")
    ResponseEntity<byte[]> preview(@PathVariable("version") String version, HttpServletRequest request) {
        Parameters.only(request, "limit");
        long number = Door.number("version", version);
        String text = Objects.requireNonNullElse(request.getParameter("limit"), Integer.toString(USUAL_PREVIEW));
        int limit = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
        if (limit < 1 || limit > FraudSettings.MOST_PREVIEWED) {
            throw Parameters.invalid("limit", "must be 1 to " + FraudSettings.MOST_PREVIEWED);
        }
        return answering(() -> settings.preview(number, limit)
                .orElseThrow(() -> Door.refused(FraudSettings.Why.CHANGE_NOT_FOUND, "there is no such change")));
    }

    @PostMapping("/changes/{version}/approval")
    ResponseEntity<byte[]> approve(@PathVariable("version") String version, HttpServletRequest request) {
        Parameters.only(request);
        long number = Door.number("version", version);
        return answering(() -> done(settings.decide(number, true, FraudDoor.caller(request), "")));
    }

    @PostMapping("/changes/{version}/rejection")
    ResponseEntity<byte[]> reject(
            @PathVariable("version") String version, @RequestBody Reason body, HttpServletRequest request) {
        Parameters.only(request);
        long number = Door.number("version", version);
        return answering(() -> done(settings.decide(number, false, FraudDoor.caller(request), text(body.reason()))));
    }

    @PostMapping("/changes/{version}/rollback")
    ResponseEntity<byte[]> rollBack(
            @PathVariable("version") String version, @RequestBody Reason body, HttpServletRequest request) {
        Parameters.only(request);
        UUID id = FraudDoor.id(request);
        long number = Door.number("version", version);
        return answering(() -> done(settings.rollBack(id, number, text(body.reason()), FraudDoor.caller(request))));
    }

    private static String text(@Nullable String given) {
        return given == null ? "" : given;
    }

    private static Change done(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done(Change change) -> change;
            case Outcome.NotDone(FraudSettings.Why why, String detail) -> throw Door.refused(why, detail);
        };
    }

    private static ResponseEntity<byte[]> answering(Supplier<Object> work) {
        return Door.answering(200, () -> {
            JsonNode json = StrictJson.mapper().valueToTree(work.get());
            return json.isArray() ? JsonNodeFactory.instance.objectNode().set("items", json) : json;
        });
    }
}
