package org.exchequer.inward.api;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which payments; what is null does not matter.
 *
 * @param type as in {@link PaymentView#type}
 * @param account debtor's or creditor's
 * @param bic of the sender or the receiver, the first 1 to 11 characters
 * @param reference message, end-to-end or transaction id, or the UETR, or the payment's own id
 * @param currency with {@code least} and {@code most}, in minor units
 * @param from received at this time or later
 * @param until received before
 * @param reason code of the ISO 20022 external status reasons that it was refused with
 * @param node that took it in
 * @param door it came in by
 * @param fallback a stage that did with less
 * @param riskLevel that it was given
 * @param stage that it stands in, or ended in: with a refusal, what refused it
 * @param reviewer whom it is assigned to for review
 */
public record PaymentFilter(
        @Nullable Status status,
        @Nullable State state,
        @Nullable String type,
        @Nullable String account,
        @Nullable String bic,
        @Nullable String reference,
        @Nullable String currency,
        @Nullable Long least,
        @Nullable Long most,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable Boolean compliant,
        @Nullable String reason,
        @Nullable String node,
        @Nullable String door,
        @Nullable Stage fallback,
        @Nullable String riskLevel,
        @Nullable Stage stage,
        @Nullable String reviewer) {
    /** What {@code riskLevel} may be, the least first. */
    public static final List<String> RISK_LEVELS = List.of("LOW", "MEDIUM", "HIGH", "CRITICAL");
}
