package org.exchequer.exchange.core;

import java.util.Arrays;

/**
 * The price levels of one side, the best first: a trie of 64 branches at each node over a level's key, with a bit for
 * each branch that is not empty. The next level is found by counting zeros, in one node when it is within 64 ticks; a
 * key is reached through a node for each six bits of it, or at once where the nodes at the bottom were visited
 * lately. So prices near the touch and far from it are in one structure, and neither costs a search. Takes memory
 * only when it grows.
 */
final class Ladder {
    static final int NONE = -1;

    private static final int BITS = 6;
    private static final int BRANCHES = 1 << BITS;
    private static final int LAST = BRANCHES - 1;
    private static final int TALLEST = 8;
    /** Nodes that a level can need: those above, as it gets taller, and those below. */
    private static final int MOST_AT_ONCE = 2 * TALLEST;
    /** The largest key: 48 bits. */
    static final long MAX = (1L << BITS * TALLEST) - 1;

    /** A power of two. */
    private static final int LATELY = 512;

    /** Of each node which branches are not empty; of one that is not used, the next such one. */
    private long[] bits = new long[64];

    /** Of each node its branches: nodes, or at the bottom levels. */
    private int[] branches = new int[64 * BRANCHES];

    private int nodes;
    private int unused = NONE;

    private int root;
    /** Nodes from the root to the bottom, both counted. */
    private int height = 1;
    /**
     * What all keys have before the bits that nodes are for: so there are no more nodes than keys need to be told
     * apart.
     */
    private long prefix;

    /** Nodes at the bottom, each behind its keys without the last six bits. */
    private final long[] lately = new long[LATELY * 2];

    private final int[] path = new int[TALLEST];

    Ladder() {
        root = node();
        Arrays.fill(lately, NONE);
    }

    boolean isEmpty() {
        return bits[root] == 0;
    }

    /** The level of a key; {@link #NONE} when there is none. */
    int get(long key) {
        int leaf = leaf(key);
        if (leaf == NONE || (bits[leaf] >>> key & 1) == 0) {
            return NONE;
        }
        return branches[(leaf << BITS) + (int) (key & LAST)];
    }

    private static int slot(long tag) {
        return ((int) tag & LATELY - 1) << 1;
    }

    private void forget(long tag) {
        if (lately[slot(tag)] == tag) {
            lately[slot(tag)] = NONE;
        }
    }

    /** Takes what memory the next level can need, so that putting it cannot fail. */
    void ready() {
        if (nodes > bits.length - MOST_AT_ONCE) {
            long[] moreBits = Arrays.copyOf(bits, bits.length * 2);
            branches = Arrays.copyOf(branches, moreBits.length * BRANCHES);
            bits = moreBits;
        }
    }

    /** @param key up to {@link #MAX}, and without a level yet; after {@link #ready} */
    void put(long key, int level) {
        if (isEmpty()) {
            begin(key);
        }
        while (key >>> BITS * height != prefix) {
            taller();
        }
        int leaf = leaf(key);
        if (leaf == NONE) {
            leaf = grow(key);
        }
        bits[leaf] |= 1L << key;
        branches[(leaf << BITS) + (int) (key & LAST)] = level;
    }

    /** @param key that has a level */
    void remove(long key) {
        int leaf = leaf(key);
        bits[leaf] &= ~(1L << key);
        if (bits[leaf] == 0 && height > 1) {
            prune(key);
        }
    }

    /** The level with the next larger key; {@link #NONE} when there is none. */
    int above(long key) {
        int leaf = leaf(key);
        if (leaf != NONE) {
            long higher = bits[leaf] & -2L << key;
            if (higher != 0) {
                return branches[(leaf << BITS) + Long.numberOfTrailingZeros(higher)];
            }
        }
        long before = key >>> BITS * height;
        if (before != prefix) {
            return before < prefix ? first() : NONE;
        }
        for (int at = descend(key); at >= 0; at--) {
            int branch = branch(key, at);
            long higher = bits[path[at]] & -2L << branch;
            if (higher != 0) {
                return lowest(branches[(path[at] << BITS) + Long.numberOfTrailingZeros(higher)], at + 1);
            }
        }
        return NONE;
    }

    /** The level with the smallest key; {@link #NONE} when there is none. */
    int first() {
        return isEmpty() ? NONE : lowest(root, 0);
    }

    /** @param at how deep the node is; as deep as the ladder is high, and it is a level */
    private int lowest(int node, int at) {
        int found = node;
        for (int i = at; i < height; i++) {
            found = branches[(found << BITS) + Long.numberOfTrailingZeros(bits[found])];
        }
        return found;
    }

    /** The node at the bottom that a key belongs to; {@link #NONE} when there is none. */
    private int leaf(long key) {
        long tag = key >>> BITS;
        int slot = slot(tag);
        if (lately[slot] == tag) {
            return (int) lately[slot + 1];
        }
        if (key >>> BITS * height != prefix || descend(key) < height - 1) {
            return NONE;
        }
        int leaf = path[height - 1];
        lately[slot] = tag;
        lately[slot + 1] = leaf;
        return leaf;
    }

    private int branch(long key, int at) {
        return (int) (key >>> BITS * (height - 1 - at)) & LAST;
    }

    /** Fills the path to a key as far as there are nodes; gives how deep the last one is. */
    private int descend(long key) {
        int node = root;
        path[0] = node;
        for (int at = 0; at < height - 1; at++) {
            int branch = branch(key, at);
            if ((bits[node] >>> branch & 1) == 0) {
                return at;
            }
            node = branches[(node << BITS) + branch];
            path[at + 1] = node;
        }
        return height - 1;
    }

    /** With the first key after a time without any: the root is a node at the bottom again. */
    private void begin(long key) {
        forget(prefix);
        height = 1;
        prefix = key >>> BITS;
    }

    private void taller() {
        int above = node();
        int branch = (int) prefix & LAST;
        bits[above] = 1L << branch;
        branches[(above << BITS) + branch] = root;
        root = above;
        prefix >>>= BITS;
        height++;
    }

    /** Makes the nodes that are missing on the way to a key; gives that at the bottom. */
    private int grow(long key) {
        int depth = descend(key);
        int node = path[depth];
        for (int at = depth; at < height - 1; at++) {
            int next = node();
            int branch = branch(key, at);
            bits[node] |= 1L << branch;
            branches[(node << BITS) + branch] = next;
            node = next;
        }
        return node;
    }

    /** Gives back the empty nodes on the way to a key, but for the root. */
    private void prune(long key) {
        int depth = descend(key);
        forget(key >>> BITS);
        for (int at = depth; at > 0 && bits[path[at]] == 0; at--) {
            release(path[at]);
            bits[path[at - 1]] &= ~(1L << branch(key, at - 1));
        }
    }

    private int node() {
        if (unused != NONE) {
            int node = unused;
            unused = (int) bits[node];
            bits[node] = 0;
            return node;
        }
        return nodes++;
    }

    private void release(int node) {
        bits[node] = unused;
        unused = node;
    }
}
