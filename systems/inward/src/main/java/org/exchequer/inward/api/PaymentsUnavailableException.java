package org.exchequer.inward.api;

/** Payments cannot be read now; to be asked again. */
public final class PaymentsUnavailableException extends RuntimeException {
    public PaymentsUnavailableException(Throwable cause) {
        super("payments cannot be read: " + cause.getMessage(), cause);
    }
}
