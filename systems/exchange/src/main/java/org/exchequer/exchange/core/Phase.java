package org.exchequer.exchange.core;

/** What a market does with orders. */
public enum Phase {
    /** Orders come and are not executed: they wait for the auction with which the phase ends. */
    CALL,
    /** Orders are executed as they come. */
    CONTINUOUS,
    /** No orders come; those that wait can be cancelled or made smaller. */
    HALTED,
    /** Nothing comes, and nothing changes. */
    CLOSED
}
