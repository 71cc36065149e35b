package org.exchequer.inward.core;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;

/**
 * A message as it was taken in.
 *
 * @param id of the payment, if the message is new
 * @param intake what it says
 * @param businessDate the day it is settled on
 * @param door it came in by: {@code http}, {@code grpc}, {@code kafka}
 * @param node that took it in
 * @param receivedAt when, by the wall clock
 * @param waitedNanos before it was received
 * @param message its bytes
 * @param under what it is decided under
 */
public record NewPayment(
        UUID id,
        Intake intake,
        LocalDate businessDate,
        String door,
        String node,
        Instant receivedAt,
        long waitedNanos,
        byte[] message,
        Conditions under) {
    /**
     * What a payment is decided under.
     *
     * @param revision of the configuration; 0 before there is any
     * @param experiments that it takes part in
     * @param measures numbers of those that were in force for it
     */
    public record Conditions(long revision, List<String> experiments, List<Long> measures) {
        /** Nothing is configured or ordered. */
        public static final Conditions NONE = new Conditions(0, List.of(), List.of());

        public Conditions {
            experiments = List.copyOf(experiments);
            measures = List.copyOf(measures);
        }
    }
}
