package org.exchequer.iso20022;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import org.exchequer.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * One message with one transaction, as read. What a message does not say is {@code null}.
 *
 * @param type what it asks for
 * @param version the message definition as in its namespace, e.g. {@code pacs.008.001.08}
 * @param messageId 1 to 35 characters, as all ids; of a camt.056 the id of its assignment
 * @param created when the message was made; UTC where it gives no offset
 * @param transactions how many it says it carries: always one
 * @param instructionId of a pacs.007 its reversal id, of a camt.056 its cancellation id
 * @param endToEndId the debtor's reference; null for a pacs.007 and camt.056
 * @param transactionId the first agent's reference
 * @param uetr a version 4 UUID in small letters
 * @param amount what is settled between the institutions; null for a camt.056
 * @param settlementDate when
 * @param accepted when the debtor's agent accepted the order; UTC where it gives no offset
 * @param settlementMethod how it is settled; null for a camt.056
 * @param localInstrument code or proprietary
 * @param priority of the instruction, else of the settlement; urgent counts as high
 * @param instructingBic of the sender; null where it is named otherwise than by its BIC
 * @param instructedBic of the receiver; null as above
 * @param debtor null for a pacs.007 and camt.056
 * @param creditor null for a pacs.007 and camt.056
 * @param purpose code or proprietary
 * @param remittance the unstructured lines, joined by one blank
 * @param original what a pacs.007 or camt.056 is about; null for the others
 */
public record Instruction(
        MessageType type,
        String version,
        String messageId,
        OffsetDateTime created,
        int transactions,
        @Nullable String instructionId,
        @Nullable String endToEndId,
        @Nullable String transactionId,
        @Nullable String uetr,
        @Nullable Money amount,
        @Nullable LocalDate settlementDate,
        @Nullable OffsetDateTime accepted,
        @Nullable SettlementMethod settlementMethod,
        @Nullable String localInstrument,
        @Nullable Priority priority,
        @Nullable String instructingBic,
        @Nullable String instructedBic,
        @Nullable Party debtor,
        @Nullable Party creditor,
        @Nullable String purpose,
        @Nullable String remittance,
        @Nullable Original original) {

    /** How urgent; ISO 20022 knows no low one, the JSON form does. */
    public enum Priority {
        HIGH,
        NORMAL,
        LOW
    }

    /** ISO 20022 SettlementMethod1Code. */
    public enum SettlementMethod {
        /** By the instructed agent, on its books. */
        INDA,
        /** By the instructing agent, on its books. */
        INGA,
        /** By a cover payment. */
        COVE,
        /** Through a clearing system. */
        CLRG
    }
}
