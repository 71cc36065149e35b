package org.exchequer.prooflog;

import java.io.IOException;

/** The right edge of a growing Merkle tree: one hash per bit of its size, which is all that appending needs. */
final class Frontier {
    /** Is told each hash of a tile level as soon as its subtree is complete: in order, level by level. */
    @FunctionalInterface
    interface Sink {
        void accept(int level, long index, byte[] hash) throws IOException;
    }

    private final byte[][] peaks = new byte[Long.SIZE][];
    private long size;

    /** The edge of the tree of {@code size} leaves. */
    static Frontier of(MerkleTree.Nodes nodes, long size) throws IOException {
        Frontier frontier = new Frontier();
        frontier.size = size;
        for (int height = 0; height < Long.SIZE - 1; height++) {
            if ((size >> height & 1) == 1) {
                frontier.peaks[height] = nodes.node(height, (size >> height) - 1);
            }
        }
        return frontier;
    }

    long size() {
        return size;
    }

    void push(byte[] leaf, Sink sink) throws IOException {
        sink.accept(0, size, leaf);
        byte[] hash = leaf;
        int height = 0;
        for (long n = size; (n & 1) == 1; n >>= 1) {
            hash = MerkleTree.nodeHash(peaks[height], hash);
            height++;
            if (height % TilePath.HEIGHT == 0) {
                sink.accept(height / TilePath.HEIGHT, size >> height, hash);
            }
        }
        peaks[height] = hash;
        size++;
    }

    byte[] root() {
        if (size == 0) {
            return MerkleTree.emptyRoot();
        }
        int height = Long.numberOfTrailingZeros(size);
        byte[] root = peaks[height];
        for (height++; height < Long.SIZE - 1; height++) {
            if ((size >> height & 1) == 1) {
                root = MerkleTree.nodeHash(peaks[height], root);
            }
        }
        return root;
    }
}
