package org.exchequer.platform.infra;

/** Another living process holds the data directory. The message is one line for people. */
public final class DirectoryInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DirectoryInUseException(String message) {
        super(message);
    }
}
