package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is kept of a payment, names and messages included.
 *
 * @param view with its events
 * @param parties who pays and gets, what it is called by, and when it settles
 * @param waited how long it had lain there before it was received; counts against its time
 * @param version of the message, such as {@code pacs.008.001.08}
 * @param message as it was received, XML or JSON
 * @param answer as it was given; null before
 * @param answeredAt when it was first answered
 * @param risk how likely fraud is; null when that was not asked
 * @param reservation the liquidity service's reference
 * @param followUp what that service has to be told yet; null when it knows all
 * @param review whom it is assigned to; null when nobody
 * @param related payments with the same reference or ids: originals, reversals, requests for cancellation, conflicts
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PaymentDossier(
        PaymentView view,
        Parties parties,
        Duration waited,
        String version,
        byte[] message,
        byte @Nullable [] answer,
        @Nullable Instant answeredAt,
        @Nullable Risk risk,
        @Nullable String reservation,
        @Nullable String followUp,
        @Nullable Review review,
        List<PaymentView> related) {
    /** What the message says of the payment besides its amount and accounts. */
    public record Parties(
            @Nullable String debtorName,
            @Nullable String creditorName,
            @Nullable String instructionId,
            @Nullable String transactionId,
            LocalDate businessDate,
            @Nullable LocalDate settlementDate,
            String priority) {}

    /**
     * How likely fraud was held to be.
     *
     * @param score 0 to 1
     */
    public record Risk(
            double score, @Nullable String level, @Nullable String decision) {}

    /**
     * Somebody is to look at it.
     *
     * @param by who has assigned it
     */
    public record Review(String assignee, String note, String by, Instant at) {}

    public PaymentDossier {
        related = List.copyOf(related);
    }
}
