package org.exchequer.exchange.core;

/**
 * What an order asks for, in one int: its side, how long it stays, who may see it, and what becomes of it when it
 * meets an order of its own owner.
 */
public final class Terms {
    public static final int BUY = 0;
    public static final int SELL = 1;

    /** What is not executed at once waits in the book. */
    public static final int REST = 0;
    /** What is not executed at once is cancelled: FIX TimeInForce 3. */
    public static final int IMMEDIATE_OR_CANCEL = 1 << 1;
    /** All of it is executed at once or none: FIX TimeInForce 4. */
    public static final int FILL_OR_KILL = 2 << 1;
    /** Refused when it could be executed at once: FIX ExecInst 6, "participate, don't initiate". */
    public static final int POST_ONLY = 1 << 3;
    /** Not seen in the book; executed after all that is seen at its price. */
    public static final int HIDDEN = 1 << 4;

    /** Orders of one owner may trade with each other. */
    public static final int SELF_TRADE_ALLOWED = 0;
    /** The one that came later is cancelled. */
    public static final int CANCEL_NEWEST = 1 << 5;
    /** The one that waits is cancelled, and the other goes on. */
    public static final int CANCEL_OLDEST = 2 << 5;

    public static final int CANCEL_BOTH = 3 << 5;
    /** Both lose the smaller one's quantity, without a trade; what is left of the later one goes on. */
    public static final int DECREMENT = 4 << 5;

    private static final int SIDE = 1;
    static final int TIME_IN_FORCE = 3 << 1;
    static final int SELF_TRADE = 7 << 5;
    static final int ALL = (1 << 8) - 1;

    private Terms() {}

    /** {@link #BUY} or {@link #SELL}. */
    public static int side(int terms) {
        return terms & SIDE;
    }

    static boolean has(int terms, int flag) {
        return (terms & flag) != 0;
    }

    /** Whether these are terms, and none of them contradicts another. */
    public static boolean valid(int terms) {
        return (terms & ~ALL) == 0
                && (terms & TIME_IN_FORCE) != TIME_IN_FORCE
                && (terms & SELF_TRADE) <= DECREMENT
                && (!has(terms, TIME_IN_FORCE) || !has(terms, POST_ONLY | HIDDEN));
    }
}
