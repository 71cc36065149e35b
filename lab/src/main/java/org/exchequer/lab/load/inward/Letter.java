package org.exchequer.lab.load.inward;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.exchequer.lab.check.inward.InwardEvidence.Words;

/**
 * A message that a bank sends, as often as it likes: always the same bytes.
 *
 * @param key by which the lab knows it
 * @param kind e.g. {@code pacs.008}
 * @param members of the JSON form, for others that are about it
 * @param asked what the history records of it
 * @param bytes as sent
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Letter(String key, String kind, Map<String, String> members, Map<String, String> asked, byte[] bytes) {
    static Letter of(String key, String kind, Map<String, String> members, byte[] bytes, Map<String, String> recorded) {
        Map<String, String> asked = new HashMap<>(recorded);
        asked.put(Words.KEY, key);
        asked.put(Words.DIGEST, sha256(bytes));
        return new Letter(key, kind, Map.copyOf(members), Map.copyOf(asked), bytes);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The JSON form of these members. */
    static byte[] json(Map<String, String> members) {
        StringBuilder text = new StringBuilder("{");
        members.forEach((name, value) -> text.append(text.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":\"")
                .append(value)
                .append('"'));
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
