package org.exchequer.scoring.model;

/** What was given to be scored does not fit what the model was trained on. Names the feature and the rule. */
public final class InvalidSampleException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public InvalidSampleException(String message) {
        super(message);
    }
}
