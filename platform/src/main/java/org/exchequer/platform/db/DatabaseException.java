package org.exchequer.platform.db;

/** A system's part of the database cannot be set up. The message is for people; it never has a password. */
public final class DatabaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseException(String message, Throwable cause) {
        super(message, cause);
    }
}
