package org.exchequer.ledger.edge.http;

import java.util.Map;
import java.util.Optional;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.StrictJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The HTTP answer to a command: a pure function of the command's outcome, so that a replay gets the first answer byte
 * for byte. Whether it is a replay stands in a header.
 *
 * @param status HTTP status
 * @param mediaType of the body
 * @param body JSON or a problem document
 * @param location path of what was made
 * @param replayed the outcome was known before
 * @param retryAfterSeconds when to try again, if the ledger said so
 */
record Answer(
        int status,
        String mediaType,
        JsonNode body,
        Optional<String> location,
        boolean replayed,
        Optional<Long> retryAfterSeconds) {
    static final String BASE = "/ledger/api/v1";

    /** What the path of the request names; a rejection about that very thing is 404. */
    enum Addressed {
        NOTHING,
        ACCOUNT,
        TRANSACTION
    }

    static Answer to(Outcome outcome, Addressed addressed) {
        return switch (outcome) {
            case Outcome.Posted posted ->
                created(
                        LedgerJson.transaction(posted.transaction()),
                        "/transactions/" + posted.transaction().id(),
                        posted.replayed());
            case Outcome.Held held ->
                created(
                        LedgerJson.pending(held.pending()),
                        "/holds/" + held.pending().id(),
                        held.replayed());
            case Outcome.Released released -> ok(LedgerJson.released(released), released.replayed());
            case Outcome.Proposed proposed ->
                created(
                        LedgerJson.adjustment(proposed.adjustment()),
                        "/adjustments/" + proposed.adjustment().id(),
                        proposed.replayed());
            case Outcome.Dismissed dismissed -> ok(LedgerJson.dismissed(dismissed), dismissed.replayed());
            case Outcome.DayClosed closed -> ok(LedgerJson.close(closed.close()), closed.replayed());
            case Outcome.AccountChanged changed
            when addressed == Addressed.ACCOUNT -> ok(LedgerJson.account(changed.account()), changed.replayed());
            case Outcome.AccountChanged changed ->
                created(
                        LedgerJson.account(changed.account()),
                        "/accounts/" + changed.account().code(),
                        changed.replayed());
            case Outcome.Rejected rejected -> problem(problem(rejected, addressed), rejected.replayed());
            case Outcome.Refused refused -> refused(refused);
            case Outcome.Unknown unknown -> problem(unknown(unknown), false);
        };
    }

    /** What became of a key, for whoever asks later. */
    static ObjectNode fate(Outcome outcome) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        switch (outcome) {
            case Outcome.Posted posted ->
                json.put("outcome", "POSTED").set("transaction", LedgerJson.transaction(posted.transaction()));
            case Outcome.Held held -> json.put("outcome", "HELD").set("hold", LedgerJson.pending(held.pending()));
            case Outcome.Released released ->
                json.put("outcome", "RELEASED").set("release", LedgerJson.released(released));
            case Outcome.Proposed proposed ->
                json.put("outcome", "PROPOSED").set("adjustment", LedgerJson.adjustment(proposed.adjustment()));
            case Outcome.Dismissed dismissed ->
                json.put("outcome", "DISMISSED").set("dismissal", LedgerJson.dismissed(dismissed));
            case Outcome.DayClosed closed ->
                json.put("outcome", "DAY_CLOSED").set("close", LedgerJson.close(closed.close()));
            case Outcome.AccountChanged changed ->
                json.put("outcome", "ACCOUNT_CHANGED")
                        .put("sequence", changed.sequence())
                        .set("account", LedgerJson.account(changed.account()));
            case Outcome.Rejected rejected ->
                json.put("outcome", "REJECTED")
                        .put("sequence", rejected.sequence())
                        .put("code", rejected.reason().name())
                        .put("field", rejected.field())
                        .put("detail", rejected.detail())
                        .put("retry", rejected.reason().retry().name());
            case Outcome.Refused refused -> throw new IllegalStateException("not a decided outcome: " + refused);
            case Outcome.Unknown unknown -> throw new IllegalStateException("not a decided outcome: " + unknown);
        }
        return json;
    }

    private static Answer ok(JsonNode body, boolean replayed) {
        return new Answer(200, "application/json", body, Optional.empty(), replayed, Optional.empty());
    }

    private static Answer created(JsonNode body, String location, boolean replayed) {
        return new Answer(201, "application/json", body, Optional.of(BASE + location), replayed, Optional.empty());
    }

    private static Answer problem(Problem problem, boolean replayed) {
        JsonNode body = StrictJson.mapper().valueToTree(problem.body());
        return new Answer(problem.status(), Problem.MEDIA_TYPE, body, Optional.empty(), replayed, Optional.empty());
    }

    private static Problem problem(Outcome.Rejected rejected, Addressed addressed) {
        RejectionReason reason = rejected.reason();
        Problem problem = new Problem(
                status(reason, addressed),
                reason.name(),
                title(reason.name()),
                rejected.detail(),
                rejected.field(),
                null,
                Map.of("retry", reason.retry().name()));
        return rejected.sequence() == 0 ? problem : problem.with("sequence", rejected.sequence());
    }

    private static int status(RejectionReason reason, Addressed addressed) {
        if (reason == RejectionReason.IDEMPOTENCY_KEY_REUSED) {
            return 409;
        }
        boolean missing = (addressed == Addressed.ACCOUNT && reason == RejectionReason.ACCOUNT_NOT_FOUND)
                || (addressed == Addressed.TRANSACTION && reason == RejectionReason.TRANSACTION_NOT_FOUND);
        return missing ? 404 : 422;
    }

    private static Answer refused(Outcome.Refused refused) {
        String why = switch (refused.cause()) {
            case OVERLOADED -> "the ledger has as many commands waiting as it takes";
            case NO_WRITER -> "no process may write to the ledger at present";
            case STORAGE -> "the database refused to store it";
            case STOPPING -> "the ledger is shutting down";
        };
        Answer answer = problem(
                Problem.of(
                                503,
                                refused.cause().name(),
                                title(refused.cause().name()),
                                why + "; nothing was done: send it again with the same key")
                        .with("retry", "LATER_WITH_SAME_KEY"),
                false);
        long seconds = Math.max(1, Math.ceilDiv(refused.retryAfterMs(), 1_000));
        return new Answer(
                answer.status, answer.mediaType, answer.body, answer.location, answer.replayed, Optional.of(seconds));
    }

    private static Problem unknown(Outcome.Unknown unknown) {
        return Problem.of(
                        504,
                        "OUTCOME_UNKNOWN",
                        "Outcome unknown",
                        unknown.why() + "; it may or may not have been done: send it again with the same key to learn"
                                + " which, it cannot happen twice")
                .with("retry", "NOW_WITH_SAME_KEY");
    }

    /** {@code INSUFFICIENT_FUNDS} as {@code Insufficient funds}. */
    static String title(String code) {
        return code.charAt(0)
                + code.substring(1).toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
