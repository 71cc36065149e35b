package org.exchequer.lab.stage;

/** A stage that cannot be set up, or a fault that cannot be made here; the message is one line for people. */
public final class StageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StageException(String message) {
        super(message);
    }

    public StageException(String message, Throwable cause) {
        super(message, cause);
    }
}
