package org.exchequer.exchange.core;

/**
 * What happens in a book, in the order in which it does. Quantities in the instrument's smallest units, prices in its
 * price units. What is called must not throw, and must not change the book it is told of. Who wants to know nothing
 * of something leaves it out. A slot is where the book keeps an order: the same for as long as the order waits, and
 * valid in the call.
 */
public interface BookEvents {
    /** Why an order leaves the book, or never gets there, without having been executed. */
    enum Reason {
        /** Somebody asked for it. */
        CANCELLED,
        /** It is matched again, as somebody changed it. */
        REPLACED,
        /** What could not be executed at once of an immediate-or-cancel order. */
        NOT_AT_ONCE,
        /** It met an order of its own owner. */
        SELF_TRADE
    }

    /**
     * A trade. When it leaves nothing of what is shown of an iceberg order, and something of it, {@link #refilled}
     * follows.
     *
     * @param slot the maker's
     * @param maker the order that waited; in an auction the buying one
     * @param taker the order that came; in an auction the selling one
     * @param takerSide {@link Terms#BUY} or {@link Terms#SELL}
     * @param makerOpen what is left of the maker; 0 when it is done
     * @param takerOpen what is left of the taker
     */
    default void traded(
            int slot,
            long maker,
            long taker,
            int takerSide,
            long price,
            long quantity,
            long makerOpen,
            long takerOpen) {}

    /** An order waits from now on, behind all others of its price that are shown, or not, as it is. */
    default void rested(int slot, long id, int side, long price, long shown, long open) {}

    /** A new part of an iceberg order is shown, behind all others of its price. */
    default void refilled(int slot, long id, int side, long price, long shown, long open) {}

    /** A waiting order is smaller than before and keeps its place; why: somebody asked, or it met an own order. */
    default void reduced(int slot, long id, int side, long price, long shown, long open, Reason why) {}

    /**
     * A waiting order has another price, or more quantity, and waits behind all others of its price; {@code before}
     * is the price it had. When it is executed in doing so, it is {@link #removed} first and {@link #rested}
     * afterwards.
     */
    default void replaced(int slot, long id, int side, long before, long price, long shown, long open) {}

    /** A waiting order is taken out; {@code open} is what was left of it. */
    default void removed(int slot, long id, int side, long price, long shown, long open, Reason why) {}

    /** So much of an order that came is given up, and does not wait. */
    default void killed(long id, long quantity, Reason why) {}
}
