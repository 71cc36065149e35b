package org.exchequer.inward.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of a payment's state. Times in nanoseconds.
 *
 * @param number 1 and up
 * @param from the state before; null for the first
 * @param to the state from then on
 * @param at when, by the wall clock
 * @param elapsed since the receipt, waiting before it included
 * @param took what the work in {@code from} took
 * @param budget what that was given, of which {@code bonus} had been saved before and {@code borrowed} was lent by
 *     stages to come
 * @param node that worked on it
 * @param thread that worked on it
 * @param breakers that were not closed
 * @param code of the ISO 20022 external status reasons, when it was refused
 * @param reason in words, for a refusal or a fallback
 * @param forecast what was predicted then; null where nothing was
 */
public record PaymentEvent(
        int number,
        @Nullable State from,
        State to,
        Instant at,
        long elapsed,
        long took,
        long budget,
        long bonus,
        long borrowed,
        String node,
        String thread,
        List<String> breakers,
        @Nullable String code,
        @Nullable String reason,
        @Nullable Forecast forecast) {
    /**
     * What was to be expected when a stage had ended.
     *
     * @param probability that the payment misses its time within the next two stages, 0 to 1
     * @param atRisk whether that, or an earlier one, was at least the configured {@code sla.breach_probability}
     */
    public record Forecast(double probability, boolean atRisk) {}

    public PaymentEvent {
        breakers = List.copyOf(breakers);
    }
}
