package org.exchequer.exchange.core;

/** What happens in a market, in the order in which it does: in its book, and around it. */
public interface MarketEvents extends BookEvents {
    /** Why the phase changed. */
    enum Cause {
        /** Somebody, or the clock, said so. */
        COMMANDED,
        /** An order would have moved the price further than the range. */
        VOLATILITY
    }

    /** Another phase has begun. */
    default void phase(Phase phase, Cause cause) {}

    /** An auction ended; its trades follow. */
    default void auctioned(long price, long volume, long imbalance) {}

    /** A stop order waits for its price. */
    default void stopRested(long id, int side, long trigger, long limit, long quantity) {}

    /** A stop order's price was reached: it comes to the book now, under its id. */
    default void stopTriggered(long id, int side, long trigger) {}

    /** A stop order was taken out. */
    default void stopRemoved(long id, int side, long trigger, Reason why) {}
}
