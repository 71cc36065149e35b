package org.exchequer.ledger.edge.grpc;

/**
 * The server could make nothing of a command that this client formed, or does not let this client give it: the versions
 * differ, or the client's roles do not fit what it does. The command left no trace.
 */
public final class InvalidCommandException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    InvalidCommandException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** E.g. {@code FORBIDDEN}; the message says what is wrong. */
    public String code() {
        return code;
    }
}
