package org.exchequer.iso20022;

import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * The payment that a reversal or a request for cancellation is about. At least one of its references is there.
 *
 * @param messageId the message it came in
 * @param messageType that message's definition as it was written, e.g. {@code pacs.008.001.08}
 * @param instructionId its instruction id
 * @param endToEndId its end-to-end id
 * @param transactionId its transaction id
 * @param uetr its unique end-to-end transaction reference, a version 4 UUID in small letters
 * @param amount what was settled
 * @param reasonCode why: a code of the external cancellation or reversal reasons, or a proprietary one
 * @param reasonText further words, joined by one blank
 */
public record Original(
        @Nullable String messageId,
        @Nullable String messageType,
        @Nullable String instructionId,
        @Nullable String endToEndId,
        @Nullable String transactionId,
        @Nullable String uetr,
        @Nullable Money amount,
        @Nullable String reasonCode,
        @Nullable String reasonText) {}
