package org.exchequer.iso20022;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of reading a message. */
public sealed interface Reading {
    /** A message without a finding. */
    record Read(Instruction instruction) implements Reading {}

    /**
     * A message that can be answered, but not carried out.
     *
     * @param known what an answer needs, as far as it could be read
     * @param findings at least one, at most {@value Draft#MAX_FINDINGS}, in the order of the message
     */
    record Invalid(Known known, List<Finding> findings) implements Reading {}

    /** Bytes that are no message which could be answered: not well-formed, too large, or of an unknown kind. */
    record Unreadable(Finding finding) implements Reading {}

    /**
     * What is known of a message that is not carried out; a value is only here when its form was right.
     *
     * @param type what it asks for
     * @param version e.g. {@code pacs.008.001.08}
     */
    record Known(
            MessageType type,
            String version,
            @Nullable String messageId,
            @Nullable String instructionId,
            @Nullable String endToEndId,
            @Nullable String transactionId,
            @Nullable String uetr,
            @Nullable String instructingBic,
            @Nullable String instructedBic) {}
}
