package org.exchequer.prooflog;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The Merkle tree of RFC 9162, section 2.1, with SHA-256: its hashes, its proofs, and whether a proof holds. Stateless;
 * proofs are built from whatever gives out the hashes of complete subtrees. The verifying methods take anything,
 * malformed input included, and answer false; they never throw.
 */
public final class MerkleTree {
    /** Length of every hash, in bytes. */
    public static final int HASH_BYTES = 32;

    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    /** Where proofs get hashes from. */
    @FunctionalInterface
    public interface Nodes {
        /**
         * The hash of the complete subtree over leaves {@code index << height} to {@code ((index + 1) << height) - 1}.
         *
         * @throws IOException when it cannot be read
         */
        byte[] node(int height, long index) throws IOException;
    }

    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    });

    private MerkleTree() {}

    /** SHA-256 of an entry as a leaf. */
    public static byte[] leafHash(byte[] entry) {
        MessageDigest digest = SHA256.get();
        digest.update(LEAF);
        return digest.digest(entry);
    }

    /** SHA-256 of a node over its two children. */
    public static byte[] nodeHash(byte[] left, byte[] right) {
        MessageDigest digest = SHA256.get();
        digest.update(NODE);
        digest.update(left);
        return digest.digest(right);
    }

    /** The root of the tree without leaves: SHA-256 of nothing. */
    public static byte[] emptyRoot() {
        return sha256(new byte[0]);
    }

    static byte[] sha256(byte[] bytes) {
        return SHA256.get().digest(bytes);
    }

    /** The root over the first {@code size} leaves. */
    public static byte[] root(Nodes nodes, long size) throws IOException {
        return size == 0 ? emptyRoot() : range(nodes, 0, size);
    }

    /**
     * Proves that leaf {@code index} is in the tree of {@code size} leaves (PATH of RFC 9162, 2.1.3.1).
     *
     * @throws IndexOutOfBoundsException when {@code index} is not in 0..size-1
     */
    public static List<byte[]> inclusionProof(Nodes nodes, long index, long size) throws IOException {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("leaf " + index + " is not in a tree of " + size);
        }
        List<byte[]> proof = new ArrayList<>();
        long from = 0;
        long to = size;
        while (to - from > 1) {
            long middle = from + split(to - from);
            if (index < middle) {
                proof.add(range(nodes, middle, to));
                to = middle;
            } else {
                proof.add(range(nodes, from, middle));
                from = middle;
            }
        }
        Collections.reverse(proof);
        return proof;
    }

    /**
     * Proves that the tree of {@code newSize} leaves begins with that of {@code oldSize} (PROOF of RFC 9162, 2.1.4.1).
     *
     * @throws IndexOutOfBoundsException when {@code oldSize} is not in 1..newSize: nothing is to be proved of no leaves
     */
    public static List<byte[]> consistencyProof(Nodes nodes, long oldSize, long newSize) throws IOException {
        if (oldSize < 1 || oldSize > newSize) {
            throw new IndexOutOfBoundsException("no proof from " + oldSize + " leaves to " + newSize);
        }
        List<byte[]> proof = new ArrayList<>();
        long from = 0;
        long to = newSize;
        while (to != oldSize) {
            long middle = from + split(to - from);
            if (oldSize <= middle) {
                proof.add(range(nodes, middle, to));
                to = middle;
            } else {
                proof.add(range(nodes, from, middle));
                from = middle;
            }
        }
        if (from > 0) {
            proof.add(range(nodes, from, to));
        }
        Collections.reverse(proof);
        return proof;
    }

    /** Whether the proof shows that the leaf is at {@code index} of the tree of {@code size} leaves with this root. */
    public static boolean verifyInclusion(long index, long size, byte[] leafHash, List<byte[]> proof, byte[] root) {
        if (index < 0 || index >= size || leafHash.length != HASH_BYTES || malformed(proof)) {
            return false;
        }
        long node = index;
        long last = size - 1;
        byte[] hash = leafHash;
        for (byte[] sibling : proof) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                hash = nodeHash(sibling, hash);
                while ((node & 1) == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = nodeHash(hash, sibling);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(hash, root);
    }

    /**
     * As {@link #verifyInclusion}, in the subtree over leaves {@code start} to {@code end - 1} (Merkle Tree
     * Certificates, draft-ietf-plants-merkle-tree-certs, "Subtrees").
     */
    public static boolean verifySubtreeInclusion(
            long index, long start, long end, byte[] leafHash, List<byte[]> proof, byte[] root) {
        return isSubtree(start, end)
                && index >= start
                && verifyInclusion(index - start, end - start, leafHash, proof, root);
    }

    /**
     * Whether the proof shows that the tree of {@code newSize} leaves begins with that of {@code oldSize}. From no
     * leaves nothing is ever shown.
     */
    public static boolean verifyConsistency(
            long oldSize, long newSize, byte[] oldRoot, byte[] newRoot, List<byte[]> proof) {
        return oldSize > 0 && verifySubtreeConsistency(0, oldSize, newSize, oldRoot, newRoot, proof);
    }

    /**
     * Whether the proof shows that the tree of {@code size} leaves has {@code subtree} as the root over its leaves
     * {@code start} to {@code end - 1} (Merkle Tree Certificates, "Subtree Consistency Proofs"; with {@code start} = 0
     * it is RFC 9162, 2.1.4.2).
     */
    public static boolean verifySubtreeConsistency(
            long start, long end, long size, byte[] subtree, byte[] root, List<byte[]> proof) {
        if (start == end && start >= 0 && end <= size) {
            return proof.isEmpty() && Arrays.equals(subtree, emptyRoot());
        }
        if (!isSubtree(start, end) || end > size || malformed(proof)) {
            return false;
        }
        long first = start;
        long node = end - 1;
        long last = size - 1;
        while (first != node && (node == last || (node & 1) == 1)) {
            first >>= 1;
            node >>= 1;
            last >>= 1;
        }
        boolean given = first == node;
        if (!given && proof.isEmpty()) {
            return false;
        }
        byte[] seed = given ? subtree : proof.getFirst();
        byte[] inner = seed;
        byte[] outer = seed;
        for (byte[] sibling : given ? proof : proof.subList(1, proof.size())) {
            if (last == 0) {
                return false;
            }
            if ((node & 1) == 1 || node == last) {
                inner = first < node ? nodeHash(sibling, inner) : inner;
                outer = nodeHash(sibling, outer);
                while ((node & 1) == 0) {
                    first >>= 1;
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                outer = nodeHash(outer, sibling);
            }
            first >>= 1;
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && Arrays.equals(inner, subtree) && Arrays.equals(outer, root);
    }

    /** A subtree begins at a multiple of the smallest power of two that holds it. */
    private static boolean isSubtree(long start, long end) {
        if (start < 0 || end <= start) {
            return false;
        }
        int height = Long.SIZE - Long.numberOfLeadingZeros(end - start - 1);
        return start == 0 || (height < Long.SIZE - 1 && (start & ((1L << height) - 1)) == 0);
    }

    private static boolean malformed(List<byte[]> proof) {
        return proof.size() > Long.SIZE || proof.stream().anyMatch(hash -> hash.length != HASH_BYTES);
    }

    /** The root over leaves {@code from} to {@code to - 1}, a stretch that the recursion of RFC 9162, 2.1.1 meets. */
    private static byte[] range(Nodes nodes, long from, long to) throws IOException {
        long leaves = to - from;
        if (Long.bitCount(leaves) == 1) {
            int height = Long.numberOfTrailingZeros(leaves);
            return nodes.node(height, from >> height);
        }
        long middle = from + split(leaves);
        return nodeHash(range(nodes, from, middle), range(nodes, middle, to));
    }

    /** The largest power of two smaller than {@code leaves}, of which there are two at least. */
    private static long split(long leaves) {
        return Long.highestOneBit(leaves - 1);
    }
}
