package org.exchequer.lab.linear;

import java.util.Arrays;

/** An immutable set of small numbers. */
final class Bits {
    static final Bits NONE = new Bits(new long[0]);

    private final long[] words;

    private Bits(long[] words) {
        this.words = words;
    }

    boolean has(int bit) {
        int word = bit >> 6;
        return word < words.length && (words[word] & (1L << bit)) != 0;
    }

    Bits with(int bit) {
        int word = bit >> 6;
        long[] copy = Arrays.copyOf(words, Math.max(words.length, word + 1));
        copy[word] |= 1L << bit;
        return new Bits(copy);
    }

    Bits without(int bit) {
        if (!has(bit)) {
            return this;
        }
        long[] copy = words.clone();
        copy[bit >> 6] &= ~(1L << bit);
        int length = copy.length;
        while (length > 0 && copy[length - 1] == 0) {
            length--;
        }
        return new Bits(length == copy.length ? copy : Arrays.copyOf(copy, length));
    }

    int size() {
        int size = 0;
        for (long word : words) {
            size += Long.bitCount(word);
        }
        return size;
    }

    boolean isSubsetOf(Bits other) {
        for (int i = 0; i < words.length; i++) {
            long there = i < other.words.length ? other.words[i] : 0;
            if ((words[i] & ~there) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bits bits && Arrays.equals(words, bits.words);
    }

    @Override
    public int hashCode() {
        long hash = 0;
        for (long word : words) {
            hash = (hash ^ word) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return Long.hashCode(hash);
    }
}
