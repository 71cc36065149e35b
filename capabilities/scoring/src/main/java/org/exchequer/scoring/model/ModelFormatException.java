package org.exchequer.scoring.model;

import java.io.IOException;

/** A model file is truncated, altered, of an unknown format, or says what no model can: the message says which. */
public final class ModelFormatException extends IOException {
    private static final long serialVersionUID = 1;

    public ModelFormatException(String message) {
        super(message);
    }

    public ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
