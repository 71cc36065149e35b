package org.exchequer.inward.partner;

import org.exchequer.inward.partner.AccountInfo.Source;

/** One core banking system. */
public interface CoreBanking {
    Source source();

    /** Whether it keeps accounts in this currency. */
    boolean holds(String currency);

    /**
     * Asks for an account; waits on the calling (virtual) thread.
     *
     * @param number 1 to 34 letters, digits, or {@code - . / _}; anything else is answered {@link NotFound} unasked
     * @param currency ISO 4217 code of the payment
     * @param deadlineNanos of the ticker that the system was made with
     */
    Reply<Lookup> account(String number, String currency, long deadlineNanos);

    /** Whether it was not well, and a call would show that it is again: nothing else does. */
    default boolean due(String currency) {
        return false;
    }

    /** What few of its answers take longer than, in nanoseconds; 0 until that is known. */
    default long usualNanos() {
        return 0;
    }

    /** What it says of an account. */
    sealed interface Lookup {}

    /** There is one. */
    record Found(AccountInfo account) implements Lookup {}

    /** It says that it has none of that number. */
    record NotFound(String number) implements Lookup {}
}
