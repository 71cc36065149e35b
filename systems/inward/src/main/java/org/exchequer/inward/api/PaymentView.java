package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * A payment as it stands in the database: while it is being worked on, as it was received. Without names.
 *
 * @param type {@code PACS_008}, {@code PACS_003}, {@code PACS_007} or {@code CAMT_056}
 * @param took from the receipt to the first answer; null before it
 * @param compliant whether that was in time
 * @param answerStatus {@code ACCC}, {@code ACSC}, {@code RJCT} or {@code PDNG}; null before an answer
 * @param reasonCode of the ISO 20022 external status reasons, with the place and the rule after it
 * @param fallbacks stages that did with less
 * @param transaction of the ledger
 * @param conditions what it was decided under
 * @param events each change of its state: its time ledger; empty in lists
 */
public record PaymentView(
        UUID id,
        String type,
        State state,
        Status status,
        boolean done,
        Instant receivedAt,
        String door,
        String node,
        @Nullable Duration took,
        @Nullable Boolean compliant,
        @Nullable String messageId,
        @Nullable String endToEndId,
        @Nullable String uetr,
        @Nullable Money amount,
        @Nullable String instructingBic,
        @Nullable String instructedBic,
        @Nullable String debtorAccount,
        @Nullable String creditorAccount,
        @Nullable String answerStatus,
        @Nullable String reasonCode,
        @Nullable String reasonPath,
        @Nullable String reasonText,
        List<String> fallbacks,
        boolean emergency,
        @Nullable Long transaction,
        @Nullable UUID original,
        Conditions conditions,
        List<PaymentEvent> events) {
    /**
     * What held when it was received.
     *
     * @param revision of the configuration; 0 before any
     * @param experiments it was in
     * @param measures numbers of the orders that were in force for it
     */
    public record Conditions(long revision, List<String> experiments, List<Long> measures) {
        public Conditions {
            experiments = List.copyOf(experiments);
            measures = List.copyOf(measures);
        }
    }

    public PaymentView {
        fallbacks = List.copyOf(fallbacks);
        events = List.copyOf(events);
    }

    /** The same with its events. */
    public PaymentView with(List<PaymentEvent> all) {
        return new PaymentView(
                id,
                type,
                state,
                status,
                done,
                receivedAt,
                door,
                node,
                took,
                compliant,
                messageId,
                endToEndId,
                uetr,
                amount,
                instructingBic,
                instructedBic,
                debtorAccount,
                creditorAccount,
                answerStatus,
                reasonCode,
                reasonPath,
                reasonText,
                fallbacks,
                emergency,
                transaction,
                original,
                conditions,
                all);
    }
}
