package org.exchequer.scoring.model;

import com.amazon.randomcutforest.RandomCutForest;
import com.amazon.randomcutforest.Visitor;
import com.amazon.randomcutforest.executor.SamplerPlusTree;
import com.amazon.randomcutforest.tree.AbstractNodeStore;
import com.amazon.randomcutforest.tree.BoundingBox;
import com.amazon.randomcutforest.tree.INodeView;
import com.amazon.randomcutforest.tree.RandomCutTree;
import java.util.List;

/**
 * The trees of a random cut forest that does not grow any more, in arrays. Scores are the library's to the bit, in a
 * fraction of its time: it walks objects, hashes the mass of each leaf, and goes up to the root when the score is known
 * at the first box that the point is in.
 */
final class CutTrees {
    private static final double LN_2 = Math.log(2.0);

    private final int width;
    private final Tree[] trees;
    private final int deepest;

    /** Nodes are counted from 0; a child below 0 is a leaf, its number's complement. */
    private static final class Tree {
        /** Of each node where it is cut, the cut's value as bits, and its children: together, as they are read. */
        private static final int CUT = 4;

        private static final int VALUE = 1;
        private static final int LEFT = 2;
        private static final int RIGHT = 3;

        private final int root;
        private final double mass;
        private final double scale;
        private final int[] cuts;
        /** Of each node the lower ends of its box, then the upper ones. */
        private final float[] boxes;

        private final double[] ranges;
        private final float[] leaves;
        private final int[] masses;
        private int nodes;
        private int ends;
        private int deepest;

        Tree(RandomCutTree grown, int width) {
            int most = grown.getNumberOfLeaves();
            this.mass = grown.getMass();
            this.scale = Math.log(mass + 1);
            this.cuts = new int[most * CUT];
            this.boxes = new float[most * 2 * width];
            this.ranges = new double[most];
            this.leaves = new float[most * width];
            this.masses = new int[most];
            this.root = copy(grown, grown.getRoot(), 0);
        }

        private int copy(RandomCutTree grown, int from, int depth) {
            BoundingBox box = grown.getBox(from);
            int width = box.getDimensions();
            if (grown.isLeaf(from)) {
                int leaf = ends++;
                System.arraycopy(box.getMinValues(), 0, leaves, leaf * width, width);
                masses[leaf] = grown.traverse(box.getMinValues(), (tree, point) -> new MassOfLeaf());
                deepest = Math.max(deepest, depth);
                return ~leaf;
            }
            AbstractNodeStore store = grown.getNodeStore();
            int node = nodes++;
            cuts[node * CUT] = store.getCutDimension(from);
            cuts[node * CUT + VALUE] = Float.floatToRawIntBits((float) store.getCutValue(from));
            System.arraycopy(box.getMinValues(), 0, boxes, node * 2 * width, width);
            System.arraycopy(box.getMaxValues(), 0, boxes, (node * 2 + 1) * width, width);
            ranges[node] = box.getRangeSum();
            cuts[node * CUT + LEFT] = copy(grown, store.getLeftIndex(from), depth + 1);
            cuts[node * CUT + RIGHT] = copy(grown, store.getRightIndex(from), depth + 1);
            return node;
        }

        /** The paper's expected displacement: what lies within a box is not cut off above it either. */
        double score(float[] point, int[] path) {
            int depth = 0;
            int at = root;
            while (at >= 0) {
                path[depth++] = at;
                int cut = at * CUT;
                boolean isLeft = point[cuts[cut]] <= Float.intBitsToFloat(cuts[cut + VALUE]);
                at = cuts[cut + (isLeft ? LEFT : RIGHT)];
            }
            int leaf = ~at;
            if (isAt(leaf, point)) {
                double times = masses[leaf];
                double damped = 1.0 - times / (2 * mass);
                return normal(damped * (1.0 / (depth + Math.log(times + 1.0) / LN_2)));
            }
            double score = 1.0 / (depth + 1);
            while (depth > 0) {
                depth--;
                double outside = outside(path[depth], point);
                if (outside <= 0) {
                    break;
                }
                score = outside * (1.0 / (depth + 1)) + (1 - outside) * score;
            }
            return normal(score);
        }

        private double normal(double score) {
            return score * scale / LN_2;
        }

        private boolean isAt(int leaf, float[] point) {
            int from = leaf * point.length;
            for (int i = 0; i < point.length; i++) {
                if (leaves[from + i] != point[i]) {
                    return false;
                }
            }
            return true;
        }

        /** The probability that a random cut of the node's box and the point would part them. */
        private double outside(int node, float[] point) {
            int low = node * 2 * point.length;
            int high = low + point.length;
            double below = 0;
            double above = 0;
            for (int i = 0; i < point.length; i++) {
                below += Math.max(boxes[low + i] - point[i], 0);
                above += Math.max(point[i] - boxes[high + i], 0);
            }
            double sum = above + below;
            return sum == 0 ? 0 : sum / (ranges[node] + sum);
        }
    }

    /** How often the point of a leaf is in the tree's sample. */
    private static final class MassOfLeaf implements Visitor<Integer> {
        private int mass;

        @Override
        public void acceptLeaf(INodeView leaf, int depth) {
            mass = leaf.getMass();
        }

        @Override
        public void accept(INodeView node, int depth) {
            // Only its leaf is of interest.
        }

        @Override
        public Integer getResult() {
            return mass;
        }
    }

    CutTrees(RandomCutForest forest) {
        this.width = forest.getDimensions();
        this.trees = forest.getComponents().stream()
                .map(component -> new Tree((RandomCutTree) ((SamplerPlusTree<?, ?>) component).getTree(), width))
                .toArray(Tree[]::new);
        this.deepest =
                List.of(trees).stream().mapToInt(tree -> tree.deepest).max().orElse(0);
    }

    /**
     * The mean over all trees.
     *
     * @param point as many features as the forest has
     */
    double score(float[] point) {
        float[] clean = new float[width];
        for (int i = 0; i < width; i++) {
            // Zero may be below zero: comparing by bits, the library would take it for another number.
            clean[i] = point[i] + 0.0f;
        }
        int[] path = new int[deepest];
        double sum = 0;
        for (Tree tree : trees) {
            sum += tree.score(clean, path);
        }
        return sum / trees.length;
    }
}
