package org.exchequer.ledger.edge.http;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.web.Problem;
import org.exchequer.platform.web.StrictJson;
import org.jspecify.annotations.Nullable;
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

    /** What the path of a command's door names; a rejection because there is no such thing is 404. */
    enum Addressed {
        NOTHING,
        ACCOUNT,
        TRANSACTION,
        HOLD,
        ADJUSTMENT;

        /** What the door of this command names. */
        static Addressed by(Command command) {
            return switch (command) {
                case Command.ChangeAccount change -> ACCOUNT;
                case Command.Reverse reverse -> TRANSACTION;
                case Command.PostPending post -> HOLD;
                case Command.VoidPending release -> HOLD;
                case Command.DecideAdjustment decide -> ADJUSTMENT;
                case Command.Transfer transfer -> NOTHING;
                case Command.Post post -> NOTHING;
                case Command.Hold hold -> NOTHING;
                case Command.ProposeAdjustment propose -> NOTHING;
                case Command.CloseDay close -> NOTHING;
                case Command.OpenAccount open -> NOTHING;
            };
        }
    }

    static Answer to(Outcome outcome, Addressed addressed) {
        int status = status(outcome, addressed);
        boolean replayed = replayed(outcome);
        return switch (outcome) {
            case Outcome.Posted posted -> {
                Transaction transaction = posted.transaction();
                yield success(
                        status, LedgerJson.transaction(transaction), "/transactions/" + transaction.id(), replayed);
            }
            case Outcome.Held held -> {
                PendingTransaction hold = held.pending();
                yield success(status, LedgerJson.pending(hold), "/holds/" + hold.id(), replayed);
            }
            case Outcome.Released released -> success(status, LedgerJson.released(released), null, replayed);
            case Outcome.Proposed proposed -> {
                Adjustment adjustment = proposed.adjustment();
                yield success(status, LedgerJson.adjustment(adjustment), "/adjustments/" + adjustment.id(), replayed);
            }
            case Outcome.Dismissed dismissed -> success(status, LedgerJson.dismissed(dismissed), null, replayed);
            case Outcome.DayClosed closed -> success(status, LedgerJson.close(closed.close()), null, replayed);
            case Outcome.AccountChanged changed -> {
                String path = "/accounts/" + changed.account().code();
                yield success(status, LedgerJson.account(changed.account()), status == 201 ? path : null, replayed);
            }
            case Outcome.Rejected rejected -> problem(rejected, addressed, replayed);
            case Outcome.Refused refused -> problem(refused, addressed, replayed);
            case Outcome.Unknown unknown -> problem(unknown, addressed, replayed);
        };
    }

    /** The HTTP status of an outcome. */
    static int status(Outcome outcome, Addressed addressed) {
        return switch (outcome) {
            case Outcome.Posted posted -> 201;
            case Outcome.Held held -> 201;
            case Outcome.Proposed proposed -> 201;
            case Outcome.Released released -> 200;
            case Outcome.Dismissed dismissed -> 200;
            case Outcome.DayClosed closed -> 200;
            case Outcome.AccountChanged changed -> addressed == Addressed.NOTHING ? 201 : 200;
            case Outcome.Rejected rejected -> status(rejected.reason(), addressed);
            case Outcome.Refused refused -> 503;
            case Outcome.Unknown unknown -> 504;
        };
    }

    /** Position of the command in the journal; 0 when it has none. */
    static long sequence(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> posted.transaction().id();
            case Outcome.Held held -> held.pending().id();
            case Outcome.Proposed proposed -> proposed.adjustment().id();
            case Outcome.Released released -> released.sequence();
            case Outcome.Dismissed dismissed -> dismissed.sequence();
            case Outcome.DayClosed closed -> closed.close().sequence();
            case Outcome.AccountChanged changed -> changed.sequence();
            case Outcome.Rejected rejected -> rejected.sequence();
            case Outcome.Refused refused -> 0;
            case Outcome.Unknown unknown -> 0;
        };
    }

    static boolean replayed(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> posted.replayed();
            case Outcome.Held held -> held.replayed();
            case Outcome.Proposed proposed -> proposed.replayed();
            case Outcome.Released released -> released.replayed();
            case Outcome.Dismissed dismissed -> dismissed.replayed();
            case Outcome.DayClosed closed -> closed.replayed();
            case Outcome.AccountChanged changed -> changed.replayed();
            case Outcome.Rejected rejected -> rejected.replayed();
            case Outcome.Refused refused -> false;
            case Outcome.Unknown unknown -> false;
        };
    }

    /** What is wrong, or null when nothing is. */
    static @Nullable Problem problem(Outcome outcome, Addressed addressed) {
        return switch (outcome) {
            case Outcome.Rejected rejected -> rejected(rejected, addressed);
            case Outcome.Refused refused -> refused(refused);
            case Outcome.Unknown unknown -> unknown(unknown);
            case Outcome.Posted posted -> null;
            case Outcome.Held held -> null;
            case Outcome.Proposed proposed -> null;
            case Outcome.Released released -> null;
            case Outcome.Dismissed dismissed -> null;
            case Outcome.DayClosed closed -> null;
            case Outcome.AccountChanged changed -> null;
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
            case Outcome.Rejected rejected -> {
                json.put("outcome", "REJECTED")
                        .put("sequence", rejected.sequence())
                        .put("code", rejected.reason().name());
                // No field is at fault where another item of a linked batch is.
                if (!rejected.field().isEmpty()) {
                    json.put("field", Door.field(rejected.field()));
                }
                json.put("detail", rejected.detail())
                        .put("retry", rejected.reason().retry().name());
            }
            case Outcome.Refused refused -> throw new IllegalStateException("not a decided outcome: " + refused);
            case Outcome.Unknown unknown -> throw new IllegalStateException("not a decided outcome: " + unknown);
        }
        return json;
    }

    static Answer success(int status, JsonNode body, @Nullable String location, boolean replayed) {
        Optional<String> path = Optional.ofNullable(location).map(each -> BASE + each);
        return new Answer(status, "application/json", body, path, replayed, Optional.empty());
    }

    private static Answer problem(Outcome outcome, Addressed addressed, boolean replayed) {
        return problem(Objects.requireNonNull(problem(outcome, addressed)), outcome, replayed);
    }

    /** An outcome that is none of success, told by this problem. */
    static Answer problem(Problem problem, Outcome outcome, boolean replayed) {
        JsonNode body = StrictJson.mapper().valueToTree(problem.body());
        return new Answer(
                problem.status(), Problem.MEDIA_TYPE, body, Optional.empty(), replayed, retryAfterSeconds(outcome));
    }

    static Optional<Long> retryAfterSeconds(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused
                ? Optional.of(Math.max(1, Math.ceilDiv(refused.retryAfterMs(), 1_000)))
                : Optional.empty();
    }

    private static Problem rejected(Outcome.Rejected rejected, Addressed addressed) {
        RejectionReason reason = rejected.reason();
        Problem problem = new Problem(
                status(reason, addressed),
                reason.name(),
                title(reason.name()),
                rejected.detail(),
                rejected.field().isEmpty() ? null : Door.field(rejected.field()),
                null,
                Map.of("retry", reason.retry().name()));
        return rejected.sequence() == 0 ? problem : problem.with("sequence", rejected.sequence());
    }

    private static int status(RejectionReason reason, Addressed addressed) {
        if (reason == RejectionReason.IDEMPOTENCY_KEY_REUSED) {
            return 409;
        }
        boolean missing = switch (addressed) {
            case NOTHING -> false;
            case ACCOUNT -> reason == RejectionReason.ACCOUNT_NOT_FOUND;
            case TRANSACTION -> reason == RejectionReason.TRANSACTION_NOT_FOUND;
            case HOLD -> reason == RejectionReason.NOT_PENDING;
            case ADJUSTMENT -> reason == RejectionReason.ADJUSTMENT_NOT_FOUND;
        };
        return missing ? 404 : 422;
    }

    private static Problem refused(Outcome.Refused refused) {
        String why = switch (refused.cause()) {
            case OVERLOADED -> "the ledger has as many commands waiting as it takes";
            case NO_WRITER -> "no process may write to the ledger at present";
            case STORAGE -> "the database refused to store it";
            case STOPPING -> "the ledger is shutting down";
        };
        return Problem.of(
                        503,
                        refused.cause().name(),
                        title(refused.cause().name()),
                        why + "; nothing was done: send it again with the same key")
                .with("retry", "LATER_WITH_SAME_KEY");
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
