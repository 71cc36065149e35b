package org.exchequer.screening.list;

import java.io.IOException;

/** A list that cannot be read: which one, where, and the rule. The list before it stays in force. */
public final class ListFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    public ListFormatException(String source, String where, String rule) {
        super(source + ", " + where + ": " + rule);
    }

    ListFormatException(String source, String where, String rule, Throwable cause) {
        super(source + ", " + where + ": " + rule, cause);
    }
}
