package org.exchequer.prooflog;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** RFC 9162, section 2.1, word for word: the recursive definitions over the list of entries. */
final class NaiveTree {
    private record Range(int from, int to) {}

    private final List<byte[]> entries;
    private final Map<Range, byte[]> known = new HashMap<>();

    NaiveTree(List<byte[]> entries) {
        this.entries = entries;
    }

    static byte[] entry(long i) {
        return ("entry " + i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static NaiveTree of(int size) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            entries.add(entry(i));
        }
        return new NaiveTree(entries);
    }

    byte[] root(int size) {
        return mth(0, size);
    }

    /** MTH(D[from:to]). */
    byte[] mth(int from, int to) {
        byte[] hash = known.get(new Range(from, to));
        if (hash == null) {
            int n = to - from;
            if (n == 0) {
                hash = sha256(new byte[0]);
            } else if (n == 1) {
                hash = sha256(new byte[] {0}, entries.get(from));
            } else {
                int k = split(n);
                hash = sha256(new byte[] {1}, mth(from, from + k), mth(from + k, to));
            }
            known.put(new Range(from, to), hash);
        }
        return hash;
    }

    /** PATH(m, D[0:n]). */
    List<byte[]> path(int m, int n) {
        return path(m, 0, n);
    }

    private List<byte[]> path(int m, int from, int to) {
        int n = to - from;
        if (n == 1) {
            return new ArrayList<>();
        }
        int k = split(n);
        if (m < k) {
            List<byte[]> proof = path(m, from, from + k);
            proof.add(mth(from + k, to));
            return proof;
        }
        List<byte[]> proof = path(m - k, from + k, to);
        proof.add(mth(from, from + k));
        return proof;
    }

    /** PROOF(m, D[0:n]). */
    List<byte[]> proof(int m, int n) {
        return subproof(m, 0, n, true);
    }

    private List<byte[]> subproof(int m, int from, int to, boolean complete) {
        int n = to - from;
        if (m == n) {
            List<byte[]> proof = new ArrayList<>();
            if (!complete) {
                proof.add(mth(from, to));
            }
            return proof;
        }
        int k = split(n);
        if (m <= k) {
            List<byte[]> proof = subproof(m, from, from + k, complete);
            proof.add(mth(from + k, to));
            return proof;
        }
        List<byte[]> proof = subproof(m - k, from + k, to, false);
        proof.add(mth(from, from + k));
        return proof;
    }

    /** The proof that leaves {@code start} to {@code end - 1} of a tree of n hash to the subtree's root. */
    List<byte[]> subtreeProof(int start, int end, int n) {
        return subtreeProof(start, end, 0, n, true);
    }

    private List<byte[]> subtreeProof(int start, int end, int from, int to, boolean complete) {
        if (start == from && end == to) {
            List<byte[]> proof = new ArrayList<>();
            if (!complete) {
                proof.add(mth(from, to));
            }
            return proof;
        }
        int middle = from + split(to - from);
        List<byte[]> proof;
        if (end <= middle) {
            proof = subtreeProof(start, end, from, middle, complete);
            proof.add(mth(middle, to));
        } else if (start >= middle) {
            proof = subtreeProof(start, end, middle, to, complete);
            proof.add(mth(from, middle));
        } else {
            proof = subtreeProof(middle, end, middle, to, false);
            proof.add(mth(from, middle));
        }
        return proof;
    }

    private static int split(int n) {
        int k = 1;
        while (2 * k < n) {
            k *= 2;
        }
        return k;
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(ByteBuffer.wrap(part));
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }
}
