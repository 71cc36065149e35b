package org.exchequer.prooflog;

/** The log cannot be used as it was asked to; the message says why, and at which position when there is one. */
public class ProofLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProofLogException(String message) {
        super(message);
    }

    public ProofLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
