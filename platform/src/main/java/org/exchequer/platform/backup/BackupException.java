package org.exchequer.platform.backup;

/** A backup or a restore that cannot be done; the message is one line for people. */
public final class BackupException extends Exception {
    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }
}
