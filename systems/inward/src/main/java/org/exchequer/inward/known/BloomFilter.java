package org.exchequer.inward.known;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;

/**
 * A set of hashes that takes few bits for each: what it does not contain was never added; what it contains may be
 * something else, with the probability it was made for once it holds as many as it was made for. Size and number of
 * bits are those of B. H. Bloom, 1970; positions are drawn from two words of the hash, which changes the probability by
 * nothing that counts (Kirsch and Mitzenmacher, 2006). Safe to use from any thread.
 */
final class BloomFilter {
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] words;
    private final long bits;
    private final int probes;
    private final long expected;
    private final LongAdder added = new LongAdder();

    /**
     * @param expected how many hashes it is made for, at least 1
     * @param falsePositives with which probability, above 0 and below 1, it takes another for one of these
     */
    BloomFilter(int expected, double falsePositives) {
        if (expected < 1 || falsePositives <= 0 || falsePositives >= 1) {
            throw new IllegalArgumentException("expected must be positive, falsePositives between 0 and 1");
        }
        double each = -Math.log(falsePositives) / (Math.log(2) * Math.log(2));
        this.words = new long[Math.toIntExact((long) Math.ceil(expected * each / Long.SIZE))];
        this.bits = (long) words.length * Long.SIZE;
        this.probes = (int) Math.max(1, Math.round(each * Math.log(2)));
        this.expected = expected;
    }

    /** @param hash 16 bytes at least, as if drawn at random: of a cryptographic hash */
    void add(byte[] hash) {
        ByteBuffer parts = ByteBuffer.wrap(hash);
        long first = parts.getLong();
        long second = parts.getLong();
        boolean isNew = false;
        for (int i = 0; i < probes; i++) {
            long bit = bit(first, second, i);
            long mask = 1L << bit;
            int word = (int) (bit >>> 6);
            if (((long) WORDS.getOpaque(words, word) & mask) == 0) {
                isNew |= ((long) WORDS.getAndBitwiseOr(words, word, mask) & mask) == 0;
            }
        }
        if (isNew) {
            added.increment();
        }
    }

    boolean mightContain(byte[] hash) {
        ByteBuffer parts = ByteBuffer.wrap(hash);
        long first = parts.getLong();
        long second = parts.getLong();
        for (int i = 0; i < probes; i++) {
            long bit = bit(first, second, i);
            if (((long) WORDS.getOpaque(words, (int) (bit >>> 6)) & 1L << bit) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether it holds as many as it was made for: with more it errs more often. */
    boolean isFull() {
        return added.sum() >= expected;
    }

    /** Memory of its bits. */
    long bytes() {
        return (long) words.length * Long.BYTES;
    }

    private long bit(long first, long second, int probe) {
        return Math.unsignedMultiplyHigh(first + probe * second, bits);
    }
}
