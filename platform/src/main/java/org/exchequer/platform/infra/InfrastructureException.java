package org.exchequer.platform.infra;

/** Embedded infrastructure cannot be set up or does not come up. The message is for people and says what to look at. */
public final class InfrastructureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InfrastructureException(String message) {
        super(message);
    }

    InfrastructureException(String message, Throwable cause) {
        super(message, cause);
    }
}
