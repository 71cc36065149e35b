package org.exchequer.scoring.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Whom a candidate serves: decided by the key alone, so that a customer stays with one model, on every node and after
 * every restart. Each candidate splits anew, so that it is not always the same customers who try.
 */
public final class Split {
    private Split() {}

    /**
     * 0 to 99: the first 64 bits of SHA-256 over candidate, line feed and key in UTF-8, without sign, modulo 100. A
     * share of n percent serves the buckets below n; so whoever is in a small share stays in a larger one.
     */
    public static int bucket(String candidate, String key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] hash = digest.digest((candidate + '\n' + key).getBytes(StandardCharsets.UTF_8));
            return (int) Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), 100);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
