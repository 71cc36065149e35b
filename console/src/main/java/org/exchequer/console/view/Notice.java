package org.exchequer.console.view;

import java.util.Locale;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.jspecify.annotations.Nullable;

/**
 * What the person at the page is told about a command that was not done, or not certainly.
 *
 * @param level {@code danger} or {@code warning}
 * @param title what happened
 * @param text why, and what to do next
 * @param code the stable code, e.g. {@code INSUFFICIENT_FUNDS}, or null
 * @param field the field at fault as the ledger names it, e.g. {@code legs[1].account}; empty when none is
 * @param status HTTP status that says the same
 * @param decided true when the key now stands for this answer, so that a corrected command needs a new one
 */
public record Notice(
        String level, String title, String text, @Nullable String code, String field, int status, boolean decided) {

    /** A field that breaks a rule; nothing was sent. */
    public static Notice of(FieldError error) {
        return new Notice(
                "danger",
                "Not sent",
                "The field " + error.field() + " " + error.getMessage() + ".",
                null,
                error.field(),
                422,
                false);
    }

    /** What there is to say about an outcome that is not a deed done; null for one that is. */
    public static @Nullable Notice of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Posted posted -> null;
            case Outcome.Held held -> null;
            case Outcome.Released released -> null;
            case Outcome.Proposed proposed -> null;
            case Outcome.Dismissed dismissed -> null;
            case Outcome.DayClosed closed -> null;
            case Outcome.AccountChanged changed -> null;
            case Outcome.Rejected rejected -> of(rejected);
            case Outcome.Refused refused -> of(refused);
            case Outcome.Unknown unknown -> of(unknown);
        };
    }

    /** The ledger said no. */
    private static Notice of(Outcome.Rejected rejected) {
        String next = switch (rejected.reason().retry()) {
            case NEVER -> "";
            case LATER_WITH_NEW_KEY -> " This may change: try again later.";
        };
        boolean reused = rejected.reason() == RejectionReason.IDEMPOTENCY_KEY_REUSED;
        String text = reused
                ? "This form was sent before with other contents, and that command stands. Look it up by the key below."
                        + " Send again only if you mean a second command: the form now carries a new key."
                : rejected.detail() + next;
        return new Notice(
                "danger",
                "Rejected: " + words(rejected.reason()),
                text,
                rejected.reason().name(),
                rejected.field(),
                reused ? 409 : 422,
                true);
    }

    /** The ledger took nothing. */
    private static Notice of(Outcome.Refused refused) {
        String why = switch (refused.cause()) {
            case OVERLOADED -> "The ledger has more work than it can queue.";
            case NO_WRITER -> "No writer holds the ledger at present.";
            case STORAGE -> "The database would not store it.";
            case STOPPING -> "The ledger is shutting down.";
        };
        return new Notice(
                "warning",
                "Not taken, nothing was done",
                why + " Send it again in a moment; the key stays the same, so it cannot happen twice.",
                refused.cause().name(),
                "",
                503,
                false);
    }

    /** The books could not even be read to make a command of the form. */
    public static Notice unavailable() {
        return new Notice(
                "warning",
                "Not sent, nothing was done",
                "The books cannot be read right now; this usually passes in seconds. Send it again in a moment.",
                "LEDGER_UNAVAILABLE",
                "",
                503,
                false);
    }

    /** Nobody knows yet. */
    private static Notice of(Outcome.Unknown unknown) {
        return new Notice(
                "warning",
                "Outcome not known yet",
                "It may or may not have been done (" + unknown.why()
                        + "). Send it again unchanged: with the same key it cannot happen twice, and you will learn"
                        + " which.",
                "OUTCOME_UNKNOWN",
                "",
                504,
                false);
    }

    /** {@code INSUFFICIENT_FUNDS} → {@code insufficient funds}. */
    public static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
