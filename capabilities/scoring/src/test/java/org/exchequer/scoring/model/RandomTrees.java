package org.exchequer.scoring.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Trees of any shape, features used more than once on a path included; covers of parents are their children's sum. */
final class RandomTrees {
    private final Random random;
    private final int features;

    private record Node(int left, int right, int feature, float value, boolean missingLeft, float cover) {}

    RandomTrees(Random random, int features) {
        this.random = random;
        this.features = features;
    }

    TreeModel model(int trees, int depth) {
        TreeModel.Builder builder = TreeModel.builder(features, (float) random.nextGaussian());
        for (int tree = 0; tree < trees; tree++) {
            List<Node> nodes = new ArrayList<>();
            grow(nodes, depth);
            int size = nodes.size();
            int[] left = new int[size];
            int[] right = new int[size];
            int[] feature = new int[size];
            float[] value = new float[size];
            boolean[] missingLeft = new boolean[size];
            float[] cover = new float[size];
            // Grown from the leaves; turned round, so that the root is 0.
            for (int i = 0; i < size; i++) {
                Node node = nodes.get(size - 1 - i);
                left[i] = node.left < 0 ? -1 : size - 1 - node.left;
                right[i] = node.right < 0 ? -1 : size - 1 - node.right;
                feature[i] = node.feature;
                value[i] = node.value;
                missingLeft[i] = node.missingLeft;
                cover[i] = node.cover;
            }
            builder.tree(left, right, feature, value, missingLeft, cover);
        }
        return builder.build();
    }

    private int grow(List<Node> nodes, int depth) {
        if (depth == 0 || random.nextInt(6) == 0) {
            nodes.add(new Node(-1, -1, 0, (float) random.nextGaussian(), false, 1 + random.nextInt(50)));
        } else {
            int left = grow(nodes, depth - 1);
            int right = grow(nodes, depth - 1);
            float cover = nodes.get(left).cover + nodes.get(right).cover;
            nodes.add(new Node(
                    left, right, random.nextInt(features), random.nextInt(7) - 3, random.nextBoolean(), cover));
        }
        return nodes.size() - 1;
    }

    float[] row() {
        float[] row = new float[features];
        for (int i = 0; i < features; i++) {
            row[i] = random.nextInt(5) == 0 ? Float.NaN : random.nextInt(9) - 4;
        }
        return row;
    }
}
