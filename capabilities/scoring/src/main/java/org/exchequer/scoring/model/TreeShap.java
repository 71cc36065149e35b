package org.exchequer.scoring.model;

/**
 * How much each feature moved the margin: exact Shapley values of the path-dependent expectation, by Algorithm 2 of
 * Lundberg, Erion and Lee, "Consistent Individualized Feature Attribution for Tree Ensembles" (2018). For each leaf the
 * path to it is kept as the set of distinct features on it, each with the share of training weight that follows the
 * path when the feature is unknown (zero fraction) and whether this vector follows it (one fraction).
 *
 * <p>Contributions plus {@link #expected} are the margin, up to rounding. Immutable and thread safe.
 */
public final class TreeShap {
    private final TreeModel model;
    private final double expected;

    public TreeShap(TreeModel model) {
        this.model = model;
        double sum = model.base();
        for (int tree = 0; tree < model.trees(); tree++) {
            sum += mean(model.root(tree));
        }
        this.expected = sum;
    }

    /** The margin when nothing is known: the mean over the training weight. */
    public double expected() {
        return expected;
    }

    /** Contribution of each feature of the vector to the margin. */
    public double[] contributions(Vector vector) {
        double[] contributions = new double[vector.schema().size()];
        add(vector.values(), 1, contributions);
        return contributions;
    }

    /** Adds {@code weight} times the contributions to what is there. */
    void add(float[] x, double weight, double[] contributions) {
        Walk walk = new Walk(x, weight, contributions, model.depth());
        for (int tree = 0; tree < model.trees(); tree++) {
            walk.visit(model.root(tree), 0, 0, 1, 1, -1);
        }
    }

    private double mean(int node) {
        if (model.leaf(node)) {
            return model.value(node);
        }
        int left = model.left(node);
        double toLeft = share(left, left + 1);
        return toLeft * mean(left) + (1 - toLeft) * mean(left + 1);
    }

    /** Of the weight of both children, that of the first; sums to one exactly, unlike cover over the parent's. */
    private double share(int one, int other) {
        double cover = model.cover(one);
        return cover / (cover + model.cover(other));
    }

    /** The recursion. Paths of all levels lie one behind the other in the same arrays. */
    private final class Walk {
        private final float[] x;
        private final double scale;
        private final double[] contributions;
        private final int[] feature;
        private final double[] zero;
        private final double[] one;
        private final double[] weight;

        Walk(float[] x, double scale, double[] contributions, int depth) {
            this.x = x;
            this.scale = scale;
            this.contributions = contributions;
            int size = (depth + 2) * (depth + 3) / 2;
            feature = new int[size];
            zero = new double[size];
            one = new double[size];
            weight = new double[size];
        }

        /** @param parent where the parent's path of {@code length} elements begins */
        void visit(int node, int parent, int length, double zeroFraction, double oneFraction, int split) {
            int path = parent + length;
            System.arraycopy(feature, parent, feature, path, length);
            System.arraycopy(zero, parent, zero, path, length);
            System.arraycopy(one, parent, one, path, length);
            System.arraycopy(weight, parent, weight, path, length);
            extend(path, length, zeroFraction, oneFraction, split);
            int last = length;
            if (model.leaf(node)) {
                leaf(path, last, scale * model.value(node));
                return;
            }
            int splitOn = model.feature(node);
            int left = model.left(node);
            boolean goesLeft = model.goesLeft(node, x[splitOn]);
            int hot = goesLeft ? left : left + 1;
            int cold = goesLeft ? left + 1 : left;
            double comingZero = 1;
            double comingOne = 1;
            int seen = 1;
            while (seen <= last && feature[path + seen] != splitOn) {
                seen++;
            }
            if (seen <= last) {
                comingZero = zero[path + seen];
                comingOne = one[path + seen];
                unwind(path, last, seen);
                last--;
            }
            visit(hot, path, last + 1, share(hot, cold) * comingZero, comingOne, splitOn);
            visit(cold, path, last + 1, share(cold, hot) * comingZero, 0, splitOn);
        }

        /** Every feature that this vector does not follow has the same sum, since its zero fraction cancels. */
        private void leaf(int path, int last, double value) {
            double coldSum = Double.NaN;
            for (int i = 1; i <= last; i++) {
                double share;
                if (one[path + i] == 0) {
                    if (Double.isNaN(coldSum)) {
                        coldSum = sumWithout(path, last, i) * zero[path + i];
                    }
                    share = -coldSum;
                } else {
                    share = sumWithout(path, last, i) * (one[path + i] - zero[path + i]);
                }
                contributions[feature[path + i]] += share * value;
            }
        }

        private void extend(int path, int last, double zeroFraction, double oneFraction, int split) {
            feature[path + last] = split;
            zero[path + last] = zeroFraction;
            one[path + last] = oneFraction;
            weight[path + last] = last == 0 ? 1 : 0;
            for (int i = last - 1; i >= 0; i--) {
                weight[path + i + 1] += oneFraction * weight[path + i] * (i + 1) / (last + 1);
                weight[path + i] = zeroFraction * weight[path + i] * (last - i) / (last + 1);
            }
        }

        private void unwind(int path, int last, int index) {
            double oneFraction = one[path + index];
            double zeroFraction = zero[path + index];
            double next = weight[path + last];
            for (int i = last - 1; i >= 0; i--) {
                if (oneFraction == 0) {
                    weight[path + i] = weight[path + i] * (last + 1) / (zeroFraction * (last - i));
                } else {
                    double before = weight[path + i];
                    weight[path + i] = next * (last + 1) / ((i + 1) * oneFraction);
                    next = before - weight[path + i] * zeroFraction * (last - i) / (last + 1);
                }
            }
            int tail = last - index;
            System.arraycopy(feature, path + index + 1, feature, path + index, tail);
            System.arraycopy(zero, path + index + 1, zero, path + index, tail);
            System.arraycopy(one, path + index + 1, one, path + index, tail);
        }

        private double sumWithout(int path, int last, int index) {
            double oneFraction = one[path + index];
            double zeroFraction = zero[path + index];
            double next = weight[path + last];
            double sum = 0;
            for (int i = last - 1; i >= 0; i--) {
                if (oneFraction == 0) {
                    sum += weight[path + i] / (zeroFraction * (last - i));
                } else {
                    double part = next / ((i + 1) * oneFraction);
                    sum += part;
                    next = weight[path + i] - part * zeroFraction * (last - i);
                }
            }
            return sum * (last + 1);
        }
    }
}
