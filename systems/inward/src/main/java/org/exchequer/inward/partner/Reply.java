package org.exchequer.inward.partner;

/**
 * What came of asking a partner. Whatever a partner does is one of these, never an exception.
 *
 * @param <T> what it answers
 */
public sealed interface Reply<T> {
    /** It answered, and the answer is what was asked for. */
    record Answered<T>(T value) implements Reply<T> {}

    /** No answer by the deadline. What was asked for may have been done. */
    record Late<T>(String why) implements Reply<T> {}

    /** No answer that can be used. {@link Cause#sent()} says whether what was asked for may have been done. */
    record Unreachable<T>(Cause cause, String why) implements Reply<T> {}

    /** Why there is no answer. */
    enum Cause {
        /** A breaker is open, or a person has forced it open: it was not asked. */
        BREAKER_OPEN(false),
        /** As many calls as it is given are under way, and none ended in time: it was not asked. */
        TOO_MANY_CALLS(false),
        /** No connection, or it broke before the answer was whole. */
        CONNECTION(true),
        /** It says that it failed, or that it does not take the request. */
        ERROR(true),
        /** What it answered cannot be read, or is about something else. */
        MANGLED(true);

        private final boolean sent;

        Cause(boolean sent) {
            this.sent = sent;
        }

        /** Whether the request may have reached it. */
        public boolean sent() {
            return sent;
        }
    }
}
