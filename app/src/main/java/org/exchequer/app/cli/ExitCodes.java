package org.exchequer.app.cli;

/** What the program's exit code means; from BSD's {@code sysexits.h} where it has one. */
public final class ExitCodes {
    public static final int OK = 0;
    /** The command was understood and did not succeed. */
    public static final int FAILED = 1;
    /** The command line is wrong. */
    public static final int USAGE = 64;
    /** A file cannot be read, or is of another format. */
    public static final int NO_INPUT = 66;
    /** What the command needs is not there: no running program, no JDK, no database. */
    public static final int UNAVAILABLE = 69;
    /** A bug. */
    public static final int SOFTWARE = 70;
    /** The data directory cannot be made, read or written. */
    public static final int CANNOT_CREATE = 73;
    /** Somebody else has it: the data directory is in use, or the port. Try again when they are done. */
    public static final int IN_USE = 75;
    /** It is not known whether it was done; the same command with the same key tells, and does nothing twice. */
    public static final int OUTCOME_UNKNOWN = 76;
    /** The token does not hold, or its roles do not allow this. */
    public static final int NO_PERMISSION = 77;
    /** The environment holds a wrong setting. */
    public static final int CONFIG = 78;

    /** The program is still starting: ask again in a moment. */
    public static final int STARTING = 79;

    /** For {@code help}. */
    static final String[] LIST = {
        " 0:done",
        " 1:not done, or not ready",
        "64:wrong command line",
        "66:a file cannot be read",
        "69:not available: nothing runs here, no JDK, no database",
        "70:a bug",
        "73:the data directory cannot be used",
        "75:the data directory or the port is in use",
        "76:not known whether it was done: run it again with the same --key",
        "77:the token or its roles do not allow this",
        "78:a wrong setting in the environment",
        "79:the program is still starting: ask again in a moment",
    };

    private ExitCodes() {}
}
