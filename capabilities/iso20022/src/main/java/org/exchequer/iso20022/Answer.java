package org.exchequer.iso20022;

import java.time.Instant;
import java.time.LocalDate;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/** What is said to a message. Every part is given: two answers with equal parts are equal byte for byte. */
public sealed interface Answer {
    /** The answer's own message id, 1 to 35 characters. */
    String messageId();

    /** When it was made; written in UTC with milliseconds. */
    Instant created();

    /** What it answers. */
    Subject subject();

    /**
     * Status of a payment or reversal, as a pacs.002.
     *
     * @param status of the external payment transaction statuses, 1 to 4 characters, e.g. {@code ACSC}, {@code RJCT}
     * @param reason of the external status reasons, 1 to 4 characters; with {@code RJCT}
     * @param text to the reason; longer than 105 characters is cut
     * @param accepted when the payment was accepted
     */
    record Status(
            String messageId,
            Instant created,
            Subject subject,
            String status,
            @Nullable String reason,
            @Nullable String text,
            @Nullable Instant accepted)
            implements Answer {}

    /**
     * Money sent back, as a pacs.004 settled through the clearing system.
     *
     * @param amount what is returned, greater than zero
     * @param settlementDate when
     * @param reason of the external return reasons, 1 to 4 characters
     * @param text to the reason; longer than 105 characters is cut
     */
    record Return(
            String messageId,
            Instant created,
            Subject subject,
            Money amount,
            LocalDate settlementDate,
            String reason,
            @Nullable String text)
            implements Answer {}

    /**
     * Answer to a request for cancellation, as a camt.029.
     *
     * @param confirmation {@code CNCL} cancelled, {@code RJCR} rejected, {@code PDCR} pending
     * @param reason of the external cancellation rejections, 1 to 4 characters; with {@code RJCR}
     * @param text to the reason; longer than 105 characters is cut
     */
    record Resolution(
            String messageId,
            Instant created,
            Subject subject,
            Confirmation confirmation,
            @Nullable String reason,
            @Nullable String text)
            implements Answer {}

    /** How a request for cancellation ended. */
    enum Confirmation {
        CNCL("ACCR"),
        RJCR("RJCR"),
        PDCR("PDCR");

        private final String status;

        Confirmation(String status) {
            this.status = status;
        }

        /** The status of the one transaction. */
        String status() {
            return status;
        }
    }

    /**
     * What of the answered message the answer names again.
     *
     * @param messageId of the message; for a camt.029 that of the original payment, as for the following
     * @param definition the message's, e.g. {@code pacs.008.001.08}
     * @param from BIC of the one who answers
     * @param to BIC of the one who is answered
     */
    record Subject(
            @Nullable String messageId,
            @Nullable String definition,
            @Nullable String instructionId,
            @Nullable String endToEndId,
            @Nullable String transactionId,
            @Nullable String uetr,
            @Nullable String from,
            @Nullable String to) {

        /** Of a message that was read: its own ids, or those of the payment a cancellation is about. */
        public static Subject of(Instruction read) {
            Original original = read.original();
            if (read.type() == MessageType.CAMT_056 && original != null) {
                return new Subject(
                        original.messageId(),
                        original.messageType(),
                        original.instructionId(),
                        original.endToEndId(),
                        original.transactionId(),
                        original.uetr(),
                        read.instructedBic(),
                        read.instructingBic());
            }
            return new Subject(
                    read.messageId(),
                    read.version(),
                    read.instructionId(),
                    original != null ? original.endToEndId() : read.endToEndId(),
                    original != null ? original.transactionId() : read.transactionId(),
                    original != null ? original.uetr() : read.uetr(),
                    read.instructedBic(),
                    read.instructingBic());
        }

        /** Of a message that is refused for its findings. */
        public static Subject of(Reading.Known known) {
            return new Subject(
                    known.messageId(),
                    known.version(),
                    known.instructionId(),
                    known.endToEndId(),
                    known.transactionId(),
                    known.uetr(),
                    known.instructedBic(),
                    known.instructingBic());
        }
    }
}
