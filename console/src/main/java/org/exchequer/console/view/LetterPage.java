package org.exchequer.console.view;

import java.util.List;
import java.util.Locale;
import org.exchequer.inward.api.DeadLetter;
import org.exchequer.inward.api.Reasons;
import org.exchequer.inward.api.Resubmission;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as shown.
 *
 * @param text its beginning, escaped
 * @param hex its first bytes, sixteen to a line
 * @param cut whether there is more than is shown as text
 * @param editable the text to edit; null when it is not text, or more than is shown
 */
public record LetterPage(
        Line line,
        String meaning,
        String text,
        String hex,
        boolean cut,
        boolean hexCut,
        @Nullable String editable,
        List<Again> again) {
    private static final int MOST_TEXT = 64 << 10;
    private static final int MOST_HEX = 4 << 10;
    private static final int PER_LINE = 16;

    /** In a list. */
    public record Line(
            String id, String brief, Moment received, String door, String code, String rule, String bytes, int again) {
        public static Line of(DeadLetter letter) {
            String id = letter.id().toString();
            return new Line(
                    id,
                    id.substring(0, 8) + "…" + id.substring(id.length() - 4),
                    Moment.of(letter.receivedAt()),
                    letter.door(),
                    letter.code(),
                    letter.rule(),
                    Amounts.count(letter.bytes()),
                    letter.resubmitted());
        }
    }

    /**
     * Handed in again.
     *
     * @param payment that it became, or null
     * @param letter that it became, or null
     */
    public record Again(
            Moment at,
            String by,
            boolean changed,
            @Nullable String status,
            @Nullable String payment,
            @Nullable String letter) {
        static Again of(Resubmission one) {
            return new Again(
                    Moment.of(one.at()),
                    one.by(),
                    one.changed(),
                    one.answerStatus(),
                    one.payment() == null ? null : one.payment().toString(),
                    one.deadLetter() == null ? null : one.deadLetter().toString());
        }
    }

    public static LetterPage of(DeadLetter letter) {
        boolean cut = letter.message().length > MOST_TEXT;
        return new LetterPage(
                Line.of(letter),
                Reasons.meaning(letter.code()).orElse(""),
                letter.shown(MOST_TEXT),
                hex(letter.message()),
                cut,
                letter.message().length > MOST_HEX,
                cut || !letter.isText() ? null : new String(letter.message(), java.nio.charset.StandardCharsets.UTF_8),
                letter.resubmissions().stream().map(Again::of).toList().reversed());
    }

    /** Offset, bytes, and what of them is ASCII. */
    static String hex(byte[] message) {
        StringBuilder dump = new StringBuilder();
        for (int line = 0; line < Math.min(message.length, MOST_HEX); line += PER_LINE) {
            StringBuilder bytes = new StringBuilder();
            StringBuilder letters = new StringBuilder();
            for (int i = line; i < line + PER_LINE; i++) {
                if (i < message.length) {
                    bytes.append(String.format(Locale.ROOT, "%02x ", message[i]));
                    letters.append(message[i] > ' ' && message[i] < 0x7f ? (char) message[i] : '.');
                } else {
                    bytes.append("   ");
                }
            }
            dump.append(String.format(Locale.ROOT, "%06x  %s %s%n", line, bytes, letters));
        }
        return dump.toString();
    }
}
