package org.exchequer.exchange.edge.sse;

/** A file is not a tape; the message names the line and the rule. */
public final class SseFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    SseFormatException(String message) {
        super(message);
    }
}
