package org.exchequer.exchange.core;

/** What a market says to a command. The refusals are in the order in which they are looked for: the first holds. */
public enum Verdict {
    /** Done; for an order, it waits as a whole or with what is left of it. */
    DONE,
    /** The order was executed as a whole. */
    FILLED,
    /** What was left of the order is given up; the event says why. */
    KILLED,

    /** The phase does not allow it, for this kind of order or for any. */
    WRONG_PHASE,
    /** An order of this id waits. */
    DUPLICATE_ID,
    /** No order of this id waits. */
    UNKNOWN_ORDER,
    /** The terms contradict each other, or are none. */
    BAD_TERMS,
    /** The quantity is not 1 to the instrument's most. */
    BAD_QUANTITY,
    /** The quantity, the minimum or the part that is shown is no multiple of the lot. */
    OFF_LOT,
    /** The part that is shown is more than the order, or the order is hidden. */
    BAD_PEAK,
    /** The minimum is more than the order, or less than nothing. */
    BAD_MINIMUM,
    /** As many orders wait as may. */
    FULL,
    /** The limit is not above 0, or is too large. */
    BAD_PRICE,
    /** The trigger is not above 0, or is too large. */
    BAD_TRIGGER,
    /** The limit or the trigger is no multiple of the tick. */
    OFF_TICK,
    /** The limit or the trigger is too far from the reference price. */
    OUT_OF_BAND,
    /** It would not be executed at once as it must be. */
    NOT_FILLABLE,
    /** It would be executed at once, and must not be. */
    WOULD_TRADE;

    /** Whether nothing was done. */
    public boolean isRefusal() {
        return ordinal() > KILLED.ordinal();
    }
}
