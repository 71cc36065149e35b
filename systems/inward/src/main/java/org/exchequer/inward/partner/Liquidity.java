package org.exchequer.inward.partner;

import java.util.List;
import java.util.UUID;
import org.exchequer.kernel.Money;

/**
 * Whether a bank's position covers what it sends. A reservation is made once for each payment, however often it is
 * asked for: after {@link Reply.Late} or {@link Reply.Unreachable}, ask again, or {@link #cancel}.
 */
public interface Liquidity {
    /**
     * Reserves an amount of a bank's position.
     *
     * @param payment the same payment gets the same reservation
     * @param agentBic BIC of the bank that pays, 8 or 11 characters
     * @param amount more than zero
     */
    Reply<Decision> reserve(UUID payment, String agentBic, Money amount, long deadlineNanos);

    /** What was reserved is used up: the payment is carried out. */
    Reply<State> confirm(String reference, long deadlineNanos);

    /** Most references of {@link #confirmAll}. */
    int MOST_CONFIRMED = 200;

    /**
     * The same of several reservations in one call, each by itself.
     *
     * @param references 1 to {@link #MOST_CONFIRMED}
     * @return as many states, in that order
     */
    Reply<List<State>> confirmAll(List<String> references, long deadlineNanos);

    /** What was reserved is free again: the payment is not carried out. */
    Reply<State> release(String reference, long deadlineNanos);

    /**
     * Ends whatever was reserved for a payment whose reference never came, and lets nothing be reserved for it from
     * then on: a request that was still under way comes too late.
     */
    Reply<State> cancel(UUID payment, long deadlineNanos);

    /** What is decided. */
    sealed interface Decision {}

    /**
     * It is reserved.
     *
     * @param reference of the reservation, 1 to 50 characters
     * @param available what the bank's position still holds
     */
    record Approved(String reference, Money available) implements Decision {}

    /** It is not. */
    record Declined(Reason reason, String text) implements Decision {}

    /** Why not. */
    enum Reason {
        /** The position does not cover it. */
        INSUFFICIENT,
        /** No such bank, or it has no position in that currency. */
        NO_POSITION,
        /** The payment was cancelled before. */
        CANCELLED,
        /** The payment has a reservation already, of another bank or amount. */
        ANOTHER_RESERVATION
    }

    /** Where a reservation stands after a call. */
    enum State {
        CONFIRMED,
        RELEASED,
        /** There is none. */
        UNKNOWN
    }
}
