package org.exchequer.inward.api;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A message that could not be read.
 *
 * @param door by which it came
 * @param code of the ISO 20022 external status reasons
 * @param rule that it breaks
 * @param bytes how long it is
 * @param message itself; empty in lists
 * @param resubmissions the first one first; empty in lists, where {@code resubmitted} counts them
 * @param resubmitted how often it was handed in again
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeadLetter(
        UUID id,
        Instant receivedAt,
        String door,
        String code,
        String rule,
        int bytes,
        byte[] message,
        List<Resubmission> resubmissions,
        int resubmitted) {
    public DeadLetter {
        resubmissions = List.copyOf(resubmissions);
    }
}
