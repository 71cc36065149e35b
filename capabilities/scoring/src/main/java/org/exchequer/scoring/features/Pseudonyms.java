package org.exchequer.scoring.features;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Turns account numbers, device fingerprints and addresses into 64-bit numbers with a secret key, so that neither the
 * state of features nor a snapshot of it holds personal data. Two of ten million names share a number with a chance of
 * about 3 in a million. One instance per thread.
 */
public final class Pseudonyms {
    private static final int LEAST_KEY_BYTES = 16;

    private final Mac mac;

    /**
     * Takes the secret.
     *
     * @param key at least 16 bytes; another key gives other pseudonyms, so it lives as long as the state does
     */
    public Pseudonyms(byte[] key) {
        if (key.length < LEAST_KEY_BYTES) {
            throw new IllegalArgumentException("key must be at least " + LEAST_KEY_BYTES + " bytes long");
        }
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no HmacSHA256", e);
        }
    }

    /** The pseudonym of a name, never 0; of an empty one {@link Party#UNKNOWN}. */
    public long of(String name) {
        if (name.isEmpty()) {
            return Party.UNKNOWN;
        }
        long number = ByteBuffer.wrap(mac.doFinal(name.getBytes(UTF_8))).getLong();
        return number == Party.UNKNOWN ? 1 : number;
    }
}
