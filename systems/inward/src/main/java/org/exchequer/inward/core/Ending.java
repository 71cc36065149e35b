package org.exchequer.inward.core;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.exchequer.inward.api.PaymentEvent;
import org.exchequer.inward.api.State;
import org.exchequer.inward.api.Status;
import org.exchequer.iso20022.Finding;
import org.jspecify.annotations.Nullable;

/**
 * How a payment stands when it is answered, and all that happened to it until then.
 *
 * @param state terminal, or one in which the outcome is being found out
 * @param answeredAt when the answer was written
 * @param tookNanos since the receipt, waiting before it included
 * @param compliant whether that was in time
 * @param answer the message, as it is sent to everybody who asks the same
 * @param answerStatus e.g. {@code ACCC}, {@code RJCT}
 * @param reason of a refusal
 * @param fallbacks stages that did with less, in order
 * @param emergency whether it was carried out with checks left out
 * @param posted the ledger's transaction, when there is one
 * @param reservation the liquidity service's reference, when one is known
 * @param followUp what the liquidity service has to be told yet
 * @param events since its receipt, in order; some may be stored already
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Ending(
        UUID id,
        State state,
        Status status,
        Instant answeredAt,
        long tookNanos,
        boolean compliant,
        byte[] answer,
        String answerStatus,
        @Nullable Finding reason,
        List<String> fallbacks,
        boolean emergency,
        @Nullable Long posted,
        @Nullable String reservation,
        @Nullable FollowUp followUp,
        List<PaymentEvent> events) {}
