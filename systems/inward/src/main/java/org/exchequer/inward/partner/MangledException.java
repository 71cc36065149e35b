package org.exchequer.inward.partner;

/** What a partner answered breaks its own protocol. Becomes {@link Reply.Cause#MANGLED}, and never leaves a client. */
final class MangledException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MangledException(String message) {
        super(message, null, false, false);
    }
}
