package org.exchequer.inward.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.exchequer.iso20022.Answer.Subject;
import org.exchequer.iso20022.Finding;
import org.exchequer.iso20022.Instruction;
import org.exchequer.iso20022.MessageType;
import org.exchequer.iso20022.Reading;
import org.jspecify.annotations.Nullable;

/**
 * A message that can be answered: read without a finding, or with.
 *
 * @param type what it asks for
 * @param version e.g. {@code pacs.008.001.08}
 * @param subject what an answer names again
 * @param instruction the message; null when it has findings
 * @param findings what is wrong with it, at least one when there is no instruction
 * @param key the same for the same message sent again, 32 bytes: a hash of kind, sender and ids
 * @param digest of its bytes, 32 bytes: two messages with one key and different digests are not the same
 */
public record Intake(
        MessageType type,
        String version,
        Subject subject,
        @Nullable Instruction instruction,
        List<Finding> findings,
        byte[] key,
        byte[] digest) {
    private static final char SEPARATOR = '\n';

    /** Of a message without a finding. */
    public static Intake of(Instruction read, byte[] message) {
        String ids = ids(
                read.type(),
                read.instructingBic(),
                read.messageId(),
                read.instructionId(),
                read.transactionId(),
                read.endToEndId());
        return new Intake(
                read.type(),
                read.version(),
                Subject.of(read),
                read,
                List.of(),
                sha256(ids.getBytes(StandardCharsets.UTF_8)),
                sha256(message));
    }

    /** Of a message with findings. It is the same again only when its bytes are: its ids may be what is wrong. */
    public static Intake of(Reading.Invalid invalid, byte[] message) {
        Reading.Known known = invalid.known();
        byte[] digest = sha256(message);
        return new Intake(known.type(), known.version(), Subject.of(known), null, invalid.findings(), digest, digest);
    }

    /** The bank that pays: who sends a transfer, who gets a direct debit; null for what cannot be read as either. */
    public @Nullable String payingBic() {
        if (instruction == null) {
            return null;
        }
        return type == MessageType.PACS_003 ? instruction.instructedBic() : instruction.instructingBic();
    }

    /** Ids hold no line feed: the reader has checked them against the schema. */
    private static String ids(MessageType type, @Nullable String... parts) {
        StringBuilder ids = new StringBuilder(type.id());
        for (String part : parts) {
            ids.append(SEPARATOR).append(part == null ? "" : part);
        }
        return ids.toString();
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
