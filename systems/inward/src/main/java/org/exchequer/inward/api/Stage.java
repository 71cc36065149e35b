package org.exchequer.inward.api;

import java.time.Duration;

/** The parts of a payment's processing, in order. Each has a time budget, which {@code core.Budgets} adapts. */
public enum Stage {
    /** Taken in: waiting in Kafka or for a processor, and reading the message. */
    MESSAGE_RECEIVED(0, 0, 0),
    /** Whether it was seen before. */
    IDEMPOTENCY_CHECK(5, 1, 1),
    /** Rules that need nobody else but a directory of banks. */
    BUSINESS_VALIDATION(150, 10, 2),
    /** Sanctions screening and the fraud score. */
    FRAUD_DETECTION(400, 20, 5),
    /** The accounts, as the core banking systems know them. */
    ACCOUNT_VALIDATION(200, 20, 4),
    /** Whether the paying side's position covers it. */
    LIQUIDITY_CHECK(200, 20, 3),
    /** Reserving and posting in the ledger. */
    PAYMENT_EXECUTION(1_300, 400, 6),
    /** Writing the answer. */
    RESPONSE_GENERATION(80, 10, 1),
    /** Handing the answer over. */
    BROADCAST(50, 20, 1),
    /** Nothing is left to do. */
    COMPLETED(0, 0, 0);

    private final Duration budget;
    private final Duration least;
    private final int priority;

    Stage(long budgetMs, long leastMs, int priority) {
        this.budget = Duration.ofMillis(budgetMs);
        this.least = Duration.ofMillis(leastMs);
        this.priority = priority;
    }

    /** What it is given when nothing was saved or lost before. */
    public Duration budget() {
        return budget;
    }

    /** What it keeps when it lends to others; with less it is not worth starting, and its fallback is used at once. */
    public Duration least() {
        return least;
    }

    /** Who lends to whom when time is short: the lower to the higher, 1 to 6; 0 where there is nothing to lend. */
    public int priority() {
        return priority;
    }
}
