package org.exchequer.lab.linear;

/**
 * One operation on the object.
 *
 * @param operation what was asked and answered, as the model understands it
 * @param invokedAt when it was asked: a place in the history
 * @param returnedAt when its answer came; {@link #OPEN} when none did: it may have happened at any time since, or never
 * @param hint where it probably stands in the order, e.g. a position that the object itself reported; {@link #OPEN} for
 *     no idea. Hints decide only what is tried first, never the answer
 * @param text one line for people
 */
public record Call<O>(O operation, long invokedAt, long returnedAt, long hint, String text) {
    public static final long OPEN = Long.MAX_VALUE;

    public Call {
        if (returnedAt <= invokedAt) {
            throw new IllegalArgumentException("returns at " + returnedAt + ", before it was asked: " + text);
        }
    }

    /** Whether it has no answer. */
    public boolean open() {
        return returnedAt == OPEN;
    }

    /** The same call without an answer. */
    public Call<O> opened(O unanswered, String newText) {
        return new Call<>(unanswered, invokedAt, OPEN, hint, newText);
    }
}
