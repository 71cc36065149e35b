package org.exchequer.scoring.graph;

/**
 * What the graph knew of a payment when it came: of the payments that arrived before it and happened within the window
 * that ends with it.
 *
 * @param payerFanOut accounts the payer paid
 * @param payerFanIn accounts that paid the payer
 * @param payeeFanOut accounts the payee paid
 * @param payeeFanIn accounts that paid the payee
 * @param scatterGather the most accounts, the payer among them, that one source paid and that paid the payee, counting
 *     this payment; 0 if nobody paid the payer
 * @param cycleLength payments of the shortest cycle that this one closes, 0 if none is seen
 * @param temporalCycleLength the same where each payment is later than the one before
 * @param capped whether a bound of {@link GraphSettings} was met, so that what is said is a lower bound
 */
public record GraphFacts(
        int payerFanOut,
        int payerFanIn,
        int payeeFanOut,
        int payeeFanIn,
        int scatterGather,
        int cycleLength,
        int temporalCycleLength,
        boolean capped) {
    /** Of a payment to oneself. */
    static final GraphFacts NONE = new GraphFacts(0, 0, 0, 0, 0, 0, 0, false);
}
