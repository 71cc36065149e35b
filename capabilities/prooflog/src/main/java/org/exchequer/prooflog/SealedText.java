package org.exchequer.prooflog;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a sealed text looks like where only text can stand: {@code sealed:} and the bytes in Base64url (RFC 4648). */
public final class SealedText {
    private static final String PREFIX = "sealed:";
    private static final int LEAST = PREFIX.length() + Math.ceilDiv(SubjectKeys.OVERHEAD * 4, 3);

    private SealedText() {}

    /** Whether a text can be nothing else. No name or label that people give looks so. */
    public static boolean is(String text) {
        if (text.length() < LEAST || !text.startsWith(PREFIX)) {
            return false;
        }
        for (int i = PREFIX.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            boolean digit = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
            if (!digit && c != '-' && c != '_') {
                return false;
            }
        }
        return true;
    }

    /** The most bytes in UTF-8 that a text may have so that it has at most {@code length} characters once sealed. */
    public static int mostBytes(int length) {
        return (length - PREFIX.length()) * 3 / 4 - SubjectKeys.OVERHEAD;
    }

    /**
     * Seals a text; the same text of the same subject becomes the same.
     *
     * @throws SubjectErasedException when the subject was erased
     */
    public static String seal(SubjectKeys keys, String subject, String text) {
        return PREFIX
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(keys.sealAlike(subject, text.getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * The bytes of a sealed text.
     *
     * @throws ProofLogException when it is none
     */
    static byte[] bytes(String sealed) {
        try {
            return Base64.getUrlDecoder().decode(sealed.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            throw new ProofLogException("this text was not sealed here", e);
        }
    }
}
