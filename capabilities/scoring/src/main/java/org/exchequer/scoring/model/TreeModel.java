package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * Boosted regression trees for a binary answer, as XGBoost trains them, walked in plain Java: no native code where
 * payments are scored. Thread safe.
 *
 * <p>All trees lie in four arrays. Children of a node stand side by side behind it, so that one index says where both
 * are and every walk ends. As in XGBoost, values and thresholds are compared as 32-bit floats ({@code x < threshold}
 * goes left), a missing one goes the way that training found better, and leaves are summed as 32-bit floats in the
 * order of the trees, starting from the base.
 */
public final class TreeModel {
    static final int MOST_DEPTH = 16;
    private static final int MOST_TREES = 5_000;
    private static final int MOST_NODES = 2_000_000;
    private static final int LEAF = -1;

    private final float base;
    private final int[] roots;
    /** Feature × 2, plus 1 if missing goes left; {@value #LEAF} for a leaf. */
    private final int[] split;
    /** Threshold, or what the leaf adds. */
    private final float[] value;
    /** The left child; the right one follows it. */
    private final int[] child;
    /** Weight of the training rows that came here (sum of second derivatives): the path-dependent SHAP's measure. */
    private final float[] cover;

    private final int depth;

    private TreeModel(float base, int[] roots, int[] split, float[] value, int[] child, float[] cover, int depth) {
        this.base = base;
        this.roots = roots;
        this.split = split;
        this.value = value;
        this.child = child;
        this.cover = cover;
        this.depth = depth;
    }

    /** Sum of the leaves that the vector falls into, plus the base: log odds. */
    public float margin(Vector vector) {
        return margin(vector.values());
    }

    float margin(float[] x) {
        float sum = base;
        for (int root : roots) {
            int node = root;
            int code = split[node];
            while (code != LEAF) {
                float v = x[code >> 1];
                boolean left = Float.isNaN(v) ? (code & 1) == 1 : v < value[node];
                node = left ? child[node] : child[node] + 1;
                code = split[node];
            }
            sum += value[node];
        }
        return sum;
    }

    /** The logistic function: odds to probability. The same bits on every machine. */
    public static double probability(double margin) {
        return 1 / (1 + StrictMath.exp(-margin));
    }

    public int trees() {
        return roots.length;
    }

    public int nodes() {
        return split.length;
    }

    /** Splits on the longest path. */
    public int depth() {
        return depth;
    }

    public float base() {
        return base;
    }

    /** Where decisions on a feature change: distinct, ascending. */
    public float[] thresholds(int feature) {
        float[] found = new float[split.length];
        int count = 0;
        for (int node = 0; node < split.length; node++) {
            if (split[node] != LEAF && split[node] >> 1 == feature) {
                found[count++] = value[node];
            }
        }
        Arrays.sort(found, 0, count);
        int distinct = 0;
        for (int i = 0; i < count; i++) {
            if (distinct == 0 || found[i] != found[distinct - 1]) {
                found[distinct++] = found[i];
            }
        }
        return Arrays.copyOf(found, distinct);
    }

    int root(int tree) {
        return roots[tree];
    }

    boolean leaf(int node) {
        return split[node] == LEAF;
    }

    int feature(int node) {
        return split[node] >> 1;
    }

    float value(int node) {
        return value[node];
    }

    float cover(int node) {
        return cover[node];
    }

    int left(int node) {
        return child[node];
    }

    boolean goesLeft(int node, float v) {
        return Float.isNaN(v) ? (split[node] & 1) == 1 : v < value[node];
    }

    void write(DataOutputStream out) throws IOException {
        out.writeFloat(base);
        out.writeInt(roots.length);
        out.writeInt(split.length);
        for (int root : roots) {
            out.writeInt(root);
        }
        for (int node = 0; node < split.length; node++) {
            out.writeShort(split[node]);
            out.writeFloat(value[node]);
            out.writeFloat(cover[node]);
            if (split[node] != LEAF) {
                out.writeInt(child[node]);
            }
        }
    }

    /** Checks everything a walk relies on, so that a file with a right checksum and wrong content is refused too. */
    static TreeModel read(DataInputStream in, int features) throws IOException {
        float base = in.readFloat();
        int trees = ModelFile.count(in, "trees", 1, MOST_TREES);
        int nodes = ModelFile.count(in, "nodes", trees, MOST_NODES);
        int[] roots = new int[trees];
        for (int i = 0; i < trees; i++) {
            roots[i] = in.readInt();
        }
        int[] split = new int[nodes];
        float[] value = new float[nodes];
        int[] child = new int[nodes];
        float[] cover = new float[nodes];
        for (int node = 0; node < nodes; node++) {
            split[node] = in.readShort();
            value[node] = in.readFloat();
            cover[node] = in.readFloat();
            child[node] = split[node] == LEAF ? 0 : in.readInt();
        }
        try {
            return checked(features, base, roots, split, value, child, cover);
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(String.valueOf(e.getMessage()), e);
        }
    }

    private static TreeModel checked(
            int features, float base, int[] roots, int[] split, float[] value, int[] child, float[] cover) {
        check(Float.isFinite(base), "base", "must be finite");
        int[] level = new int[split.length];
        Arrays.fill(level, -1);
        int deepest = 0;
        for (int i = 0; i < roots.length; i++) {
            check(i == 0 ? roots[0] == 0 : roots[i] > roots[i - 1] && roots[i] < split.length, "root", "out of order");
            level[roots[i]] = 0;
        }
        int tree = 0;
        for (int node = 0; node < split.length; node++) {
            while (tree + 1 < roots.length && roots[tree + 1] <= node) {
                tree++;
            }
            int end = tree + 1 < roots.length ? roots[tree + 1] : split.length;
            String where = "tree " + tree + ", node " + (node - roots[tree]);
            check(level[node] >= 0, where, "nobody's child");
            check(Float.isFinite(value[node]), where, "value must be finite");
            check(cover[node] > 0 && Float.isFinite(cover[node]), where, "cover must be above 0");
            if (split[node] != LEAF) {
                check(split[node] >= 0 && split[node] >> 1 < features, where, "splits on a feature that is not there");
                check(child[node] > node && child[node] + 1 < end, where, "children must stand behind it in its tree");
                check(level[child[node]] < 0 && level[child[node] + 1] < 0, where, "has another's children");
                level[child[node]] = level[node] + 1;
                level[child[node] + 1] = level[node] + 1;
                deepest = Math.max(deepest, level[node] + 1);
            }
        }
        check(deepest <= MOST_DEPTH, "depth", "must be at most " + MOST_DEPTH);
        return new TreeModel(base, roots, split, value, child, cover, deepest);
    }

    private static void check(boolean holds, String where, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(where + ": " + rule);
        }
    }

    public static Builder builder(int features, float base) {
        return new Builder(features, base);
    }

    /** Puts trees together; nodes may come in any order. */
    public static final class Builder {
        private final int features;
        private final float base;
        private int[] roots = new int[0];
        private int[] split = new int[0];
        private float[] value = new float[0];
        private int[] child = new int[0];
        private float[] cover = new float[0];

        private Builder(int features, float base) {
            if (features < 1 || features > Schema.MOST_FEATURES) {
                throw new IllegalArgumentException("features: must be 1 to " + Schema.MOST_FEATURES);
            }
            this.features = features;
            this.base = base;
        }

        /**
         * Adds a tree whose root is its node 0.
         *
         * @param left left child of each node; −1 for a leaf
         * @param right right child of each node
         * @param feature what a node splits on
         * @param values threshold of a node, value of a leaf
         * @param missingLeft whether a missing feature goes left
         * @param covers training weight of each node, above 0
         * @throws IllegalArgumentException if a child is out of range or reached twice
         */
        public Builder tree(
                int[] left, int[] right, int[] feature, float[] values, boolean[] missingLeft, float[] covers) {
            int first = split.length;
            int[] order = new int[left.length];
            int[] newPlace = new int[left.length];
            Arrays.fill(newPlace, -1);
            int count = 1;
            newPlace[0] = 0;
            for (int i = 0; i < count; i++) {
                int node = order[i];
                if (left[node] >= 0) {
                    for (int next : new int[] {left[node], right[node]}) {
                        if (next < 0 || next >= left.length || newPlace[next] >= 0) {
                            throw new IllegalArgumentException("node " + node + ": child out of range or used twice");
                        }
                        newPlace[next] = count;
                        order[count++] = next;
                    }
                }
            }
            roots = Arrays.copyOf(roots, roots.length + 1);
            roots[roots.length - 1] = first;
            split = Arrays.copyOf(split, first + count);
            value = Arrays.copyOf(value, first + count);
            child = Arrays.copyOf(child, first + count);
            cover = Arrays.copyOf(cover, first + count);
            for (int i = 0; i < count; i++) {
                int node = order[i];
                boolean leaf = left[node] < 0;
                split[first + i] = leaf ? LEAF : feature[node] * 2 + (missingLeft[node] ? 1 : 0);
                value[first + i] = values[node];
                child[first + i] = leaf ? 0 : first + newPlace[left[node]];
                cover[first + i] = covers[node];
            }
            return this;
        }

        /** @throws IllegalArgumentException if a walk could not rely on what was given, or no tree was */
        public TreeModel build() {
            check(roots.length >= 1 && roots.length <= MOST_TREES, "trees", "must be 1 to " + MOST_TREES);
            check(split.length <= MOST_NODES, "nodes", "must be at most " + MOST_NODES);
            return checked(features, base, roots, split, value, child, cover);
        }
    }
}
