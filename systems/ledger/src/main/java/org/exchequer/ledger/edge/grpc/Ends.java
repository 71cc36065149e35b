package org.exchequer.ledger.edge.grpc;

import io.grpc.Status;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;

/** What the end of a call means for a command that was sent and brought no outcome. */
final class Ends {
    /** The server takes no more on a stream whose token has run out: a new stream needs a new token. */
    static final String TOKEN_EXPIRED = "TOKEN_EXPIRED";

    static final Outcome NOT_TAKEN = new Outcome.Refused(Cause.NO_WRITER, 500);

    private Ends() {}

    /**
     * Refused when the server said that it took nothing more than it answered, else unknown.
     *
     * @param reason the server's own, or empty when the end comes from elsewhere
     * @throws InvalidCommandException when this client may not call, or is not understood
     */
    static Outcome of(Status status, String reason) {
        return switch (reason) {
            case "STOPPING", NodeRpc.NOT_THE_WRITER, NodeRpc.WRONG_EPOCH, "NOT_READY", TOKEN_EXPIRED -> NOT_TAKEN;
            case "RATE_LIMITED", "TOO_MANY_STREAMS" -> new Outcome.Refused(Cause.OVERLOADED, 1_000);
            case "UNAUTHENTICATED", "FORBIDDEN", "MALFORMED_MESSAGE", "INVALID_FIELD" ->
                throw new InvalidCommandException(reason, String.valueOf(status.getDescription()));
            default ->
                new Outcome.Unknown("the call ended before the outcome came: " + status.getCode()
                        + "; ask again with the same key");
        };
    }
}
