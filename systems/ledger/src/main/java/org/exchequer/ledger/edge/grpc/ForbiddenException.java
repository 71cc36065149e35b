package org.exchequer.ledger.edge.grpc;

/** The caller is known and may not give this command; the message says who may. */
final class ForbiddenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForbiddenException(String message) {
        super(message);
    }
}
