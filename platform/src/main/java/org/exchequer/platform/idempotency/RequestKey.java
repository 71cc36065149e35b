package org.exchequer.platform.idempotency;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A request as far as its repetition is concerned.
 *
 * @param scope within which the key is unique, e.g. operation and client: {@code payments.initiate/acme}; 1 to 200
 *     characters
 * @param key the idempotency key: 1 to 128 printable ASCII characters
 * @param hash SHA-256 of what makes two requests the same
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RequestKey(String scope, String key, byte[] hash) {
    /** @throws IllegalArgumentException naming the part that breaks a rule above */
    public RequestKey {
        requireText("scope", scope, 200);
        requireText("key", key, 128);
        if (hash.length != 32) {
            throw new IllegalArgumentException("hash: must be a SHA-256, 32 bytes");
        }
    }

    /** With the hash of the request's bytes. */
    public static RequestKey of(String scope, String key, byte[] request) {
        try {
            return new RequestKey(
                    scope, key, MessageDigest.getInstance("SHA-256").digest(request));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static void requireText(String what, String text, int max) {
        if (text.isEmpty() || text.length() > max || !text.chars().allMatch(c -> c >= 0x21 && c <= 0x7e)) {
            throw new IllegalArgumentException(
                    what + ": must have 1 to " + max + " characters, printable ASCII without spaces");
        }
    }
}
