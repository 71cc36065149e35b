package org.exchequer.scoring.registry;

import java.nio.ByteBuffer;
import org.exchequer.scoring.model.Sha256;

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
        long first = ByteBuffer.wrap(Sha256.of(candidate + '\n' + key)).getLong();
        return (int) Long.remainderUnsigned(first, 100);
    }
}
