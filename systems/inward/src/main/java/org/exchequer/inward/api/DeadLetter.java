package org.exchequer.inward.api;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
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

    /**
     * Its beginning, for people: what is no text, and what a terminal or a page could act on, is escaped.
     *
     * @param most bytes of it
     */
    public String shown(int most) {
        int length = Math.min(message.length, most);
        String text = new String(message, 0, length, StandardCharsets.UTF_8);
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (isSafe(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append("\\u{%x}".formatted(c));
            }
        });
        return shown.toString();
    }

    /** Whether it is text all through, in UTF-8: what is shown is what it is, and can be edited. */
    public boolean isText() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(message))
                    .codePoints()
                    .allMatch(c -> c == '\r' || isSafe(c));
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean isSafe(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> c == '\n' || c == '\t';
            default -> true;
        };
    }
}
