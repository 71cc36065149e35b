package org.exchequer.lab.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a small part of a list that still fails: delta debugging (Zeller and Hildebrandt, "Simplifying and isolating
 * failure-inducing input", 2002). What is left fails, and stops failing whichever single element is left out.
 */
public final class Shrinker {
    private Shrinker() {}

    /**
     * Shrinks.
     *
     * @param fails whether a part fails; true for {@code whole}
     * @param atMost most parts to try
     */
    public static <T> List<T> shrink(List<T> whole, Predicate<List<T>> fails, int atMost) {
        List<T> left = List.copyOf(whole);
        int pieces = 2;
        int tried = 0;
        while (!left.isEmpty() && tried < atMost) {
            pieces = Math.min(pieces, left.size());
            boolean smaller = false;
            for (int piece = 0; piece < pieces && tried < atMost && !smaller; piece++) {
                List<T> less = new ArrayList<>(left.subList(0, left.size() * piece / pieces));
                less.addAll(left.subList(left.size() * (piece + 1) / pieces, left.size()));
                tried++;
                if (fails.test(less)) {
                    left = List.copyOf(less);
                    pieces = Math.max(pieces - 1, 2);
                    smaller = true;
                }
            }
            if (!smaller) {
                if (pieces >= left.size()) {
                    return left;
                }
                pieces *= 2;
            }
        }
        return left;
    }
}
