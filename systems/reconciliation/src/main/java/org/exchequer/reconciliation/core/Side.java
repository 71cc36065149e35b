package org.exchequer.reconciliation.core;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.exchequer.reconciliation.api.Line;

/** The lines of one side in their order, and which of them are still open. */
final class Side {
    final Line[] lines;
    /** Indices of lines, by reference, then amount, then order: what a rule looks through. */
    final int[] byReference;

    private final boolean[] taken;

    /** @throws IllegalArgumentException when two lines have the same id */
    Side(String name, Collection<Line> given) {
        lines = given.toArray(Line[]::new);
        Arrays.parallelSort(lines, Line.ORDER);
        Set<String> ids = HashSet.newHashSet(lines.length);
        for (Line line : lines) {
            if (!ids.add(line.id())) {
                throw new IllegalArgumentException(name + ": two lines have the id " + line.id());
            }
        }
        taken = new boolean[lines.length];
        byReference = sorted(true);
    }

    /** Indices of the lines, by reference where asked for, then by amount, then in order. */
    private int[] sorted(boolean reference) {
        Integer[] order = new Integer[lines.length];
        Arrays.setAll(order, i -> i);
        Arrays.parallelSort(order, (a, b) -> {
            int byReference = reference ? lines[a].reference().compareTo(lines[b].reference()) : 0;
            int byAmount = byReference != 0 ? byReference : Long.compare(lines[a].amount(), lines[b].amount());
            return byAmount != 0 ? byAmount : Integer.compare(a, b);
        });
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    /** Indices of the lines, by amount, then in order. */
    int[] byAmount() {
        return sorted(false);
    }

    int size() {
        return lines.length;
    }

    boolean isOpen(int line) {
        return !taken[line];
    }

    void take(int line) {
        taken[line] = true;
    }

    String reference(int line) {
        return lines[line].reference();
    }
}
