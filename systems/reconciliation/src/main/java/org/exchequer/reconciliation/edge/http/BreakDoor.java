package org.exchequer.reconciliation.edge.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.LocalDate;
import java.util.Map;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.ProblemException;
import org.exchequer.reconciliation.api.BreakFilter;
import org.exchequer.reconciliation.api.BreakStep;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliations;
import org.exchequer.reconciliation.api.Request;
import org.exchequer.reconciliation.api.StepOutcome;
import org.exchequer.reconciliation.api.StepOutcome.Why;
import org.exchequer.reconciliation.api.TrackedBreak;
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
import tools.jackson.databind.node.ObjectNode;

/** Breaks, and what people do about them. Who does it is whoever the token names. */
@RestController
@RequestMapping(ReconciliationDoors.BASE + "/breaks")
final class BreakDoor {
    private static final int MAX_AGE_DAYS = 36_500;

    private final Reconciliations reconciliations;
    private final Ledger ledger;

    BreakDoor(Reconciliations reconciliations, Ledger ledger) {
        this.reconciliations = reconciliations;
        this.ledger = ledger;
    }

    @GetMapping
    ResponseEntity<byte[]> breaks(HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(request, "account", "all", "type", "owner", "minAgeDays", "cursor", "limit");
            LocalDate today = ledger.businessDate();
            int age = Requests.number(request, "minAgeDays", 0, 0, MAX_AGE_DAYS);
            BreakFilter filter = new BreakFilter(
                    null,
                    request.getParameter("account"),
                    !Requests.flag(request, "all"),
                    Requests.constant(request, "type", BreakType.class),
                    request.getParameter("owner"),
                    age == 0 ? null : today.minusDays(age));
            return Requests.ok(ReconciliationJson.page(
                    reconciliations.breaks(filter, request.getParameter("cursor"), Requests.limit(request)),
                    each -> ReconciliationJson.tracked(each, today)));
        });
    }

    @GetMapping("/{breakId}")
    ResponseEntity<byte[]> tracked(@PathVariable("breakId") String id, HttpServletRequest request) {
        return Requests.answering(() -> {
            Requests.only(request);
            TrackedBreak found = reconciliations
                    .tracked(Requests.id("breakId", id))
                    .orElseThrow(() -> new ProblemException(
                            Problem.of(404, "BREAK_NOT_FOUND", "Break not found", "there is no break " + id)));
            LocalDate today = ledger.businessDate();
            ObjectNode json = ReconciliationJson.tracked(found, today);
            ArrayNode steps = json.putArray("steps");
            reconciliations.steps(found.id()).forEach(step -> steps.add(ReconciliationJson.step(step)));
            ArrayNode candidates = json.putArray("candidates");
            if (found.status().isLive()) {
                reconciliations
                        .candidates(found)
                        .forEach(each -> candidates.add(ReconciliationJson.tracked(each, today)));
            }
            return Requests.ok(json);
        });
    }

    @FunctionalInterface
    private interface Step {
        StepOutcome make(Request request, long breakId, Map<String, String> fields);
    }

    @PostMapping(path = "/{breakId}/owner", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> assign(
            @PathVariable("breakId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return step(
                id,
                body,
                request,
                (asked, breakId, fields) -> reconciliations.assign(asked, breakId, fields.getOrDefault("owner", "")),
                "owner");
    }

    @PostMapping(path = "/{breakId}/adjustment", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> adjust(
            @PathVariable("breakId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return step(
                id,
                body,
                request,
                (asked, breakId, fields) -> reconciliations.proposeAdjustment(
                        asked, breakId, fields.getOrDefault("contraAccount", ""), fields.getOrDefault("reason", "")),
                "contraAccount",
                "reason");
    }

    @PostMapping(path = "/{breakId}/closing", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> close(
            @PathVariable("breakId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return step(
                id,
                body,
                request,
                (asked, breakId, fields) ->
                        reconciliations.proposeClosing(asked, breakId, fields.getOrDefault("reason", "")),
                "reason");
    }

    @PostMapping(path = "/{breakId}/approval", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> approve(
            @PathVariable("breakId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return step(id, body, request, (asked, breakId, fields) -> reconciliations.decide(asked, breakId, true));
    }

    @PostMapping(path = "/{breakId}/rejection", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> reject(
            @PathVariable("breakId") String id,
            @RequestBody(required = false) byte @Nullable [] body,
            HttpServletRequest request) {
        return step(id, body, request, (asked, breakId, fields) -> reconciliations.decide(asked, breakId, false));
    }

    private static ResponseEntity<byte[]> step(
            String id, byte @Nullable [] body, HttpServletRequest request, Step step, String... names) {
        return Requests.answering(() -> {
            Requests.only(request);
            byte[] sent = body == null ? new byte[0] : body;
            Request asked = Requests.request(request, sent);
            Map<String, String> fields = Requests.fields(sent, names);
            return answer(step.make(asked, Requests.id("breakId", id), fields));
        });
    }

    private static ResponseEntity<byte[]> answer(StepOutcome outcome) {
        return switch (outcome) {
            case StepOutcome.Made made -> {
                BreakStep.Result result = made.step().result();
                if (result != null && !result.done()) {
                    throw new ProblemException(
                            rejected(made.step().kind(), result.detail()),
                            made.replayed() ? Map.of("Idempotency-Replayed", "true") : Map.of());
                }
                ResponseEntity.BodyBuilder response = ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON);
                if (made.replayed()) {
                    response.header("Idempotency-Replayed", "true");
                }
                yield response.body(Requests.bytes(ReconciliationJson.step(made.step())));
            }
            case StepOutcome.NotPossible not ->
                throw new ProblemException(
                        Problem.of(status(not.why()), not.why().name(), title(not.why()), not.detail()));
            case StepOutcome.NotKnown notKnown -> throw Requests.notNow("OUTCOME_UNKNOWN", notKnown.detail());
        };
    }

    /** A break's own account is there and holds lines in its currency: what is wrong is the contra account. */
    private static Problem rejected(BreakStep.Kind kind, String detail) {
        Problem problem = Problem.of(422, "LEDGER_REJECTED", "Ledger rejected", detail);
        String rule = kind == BreakStep.Kind.PROPOSE_ADJUSTMENT ? ruleOfContra(detail) : null;
        return rule == null ? problem : problem.at("contraAccount", rule);
    }

    private static @Nullable String ruleOfContra(String detail) {
        int colon = detail.indexOf(':');
        return switch (colon < 0 ? "" : detail.substring(0, colon)) {
            case "ACCOUNT_NOT_FOUND", "ACCOUNT_IS_SUMMARY" -> "must be an account that holds entries";
            case "CURRENCY_MISMATCH" -> "must be in the currency of the break's account";
            case "NOT_ACROSS_SHARDS" -> "must be on the same shard as the break's account";
            case "RESERVED_NAME" -> "must not be an account of the ledger's own";
            default -> null;
        };
    }

    private static int status(Why why) {
        return switch (why) {
            case BREAK_NOT_FOUND -> 404;
            case IDEMPOTENCY_KEY_REUSED, STEP_IN_PROGRESS -> 409;
            case BREAK_SETTLED, ALREADY_PROPOSED, NOTHING_PROPOSED, APPROVER_IS_AUTHOR, NO_DIFFERENCE -> 422;
        };
    }

    /** {@code BREAK_SETTLED} as {@code Break settled}. */
    private static String title(Why why) {
        String words = why.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }
}
