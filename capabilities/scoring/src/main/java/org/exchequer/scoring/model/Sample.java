package org.exchequer.scoring.model;

/**
 * What a payment is scored by.
 *
 * @param features of the payment now
 * @param history of its account before; may be empty
 */
public record Sample(Vector features, Sequence history) {}
