package org.exchequer.reconciliation.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation;
import org.exchequer.reconciliation.api.Reconciliation.Break;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.exchequer.reconciliation.api.Reconciliation.Match;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.api.Rule.Shape;

/**
 * Compares two sides. Greedy and deterministic: rules in their order; within a rule, the lines of the side that is
 * looked from in the order of date, amount, reference and id, each with the nearest open line of the other side by
 * amount, then date, then order. It does not search for a best assignment: an auditor must be able to follow it by
 * hand.
 *
 * <p>Costs O(n log n) lookups for n lines, where an amount within the tolerance has not very many other dates.
 */
public final class Reconciler {
    /** A reference that more lines share than this identifies nothing: such lines are not added up. */
    public static final int MAX_TOGETHER = 1_000;

    private final Side ours;
    private final Side theirs;
    private final List<Match> matches = new ArrayList<>();

    private Reconciler(Side ours, Side theirs) {
        this.ours = ours;
        this.theirs = theirs;
    }

    /**
     * @param ours lines of our books
     * @param theirs lines of the external statement, with the same sign for the same movement
     * @throws IllegalArgumentException when two lines of a side have the same id
     */
    public static Reconciliation reconcile(Collection<Line> ours, Collection<Line> theirs, List<Rule> rules) {
        Reconciler reconciler = new Reconciler(new Side("ours", ours), new Side("theirs", theirs));
        rules.forEach(reconciler::apply);
        return new Reconciliation(reconciler.matches, new Breaks(reconciler.ours, reconciler.theirs).find());
    }

    private void apply(Rule rule) {
        switch (rule.shape()) {
            case ONE_TO_ONE -> {
                if (rule.sameReference()) {
                    oneToOneByReference(rule);
                } else {
                    oneToOne(rule);
                }
            }
            case MANY_TO_ONE -> together(rule, ours, theirs);
            case ONE_TO_MANY -> together(rule, theirs, ours);
        }
    }

    private void oneToOne(Rule rule) {
        Nearest nearest = new Nearest(theirs, theirs.byAmount(), 0, theirs.size());
        for (int line = 0; line < ours.size(); line++) {
            pair(rule, line, nearest);
        }
    }

    /** Lines of one reference stand together in {@link Side#byReference}, on both sides in the same order. */
    private void oneToOneByReference(Rule rule) {
        Map<String, Nearest> byReference = new HashMap<>();
        for (int[] stretch : stretches(theirs)) {
            byReference.put(
                    theirs.reference(theirs.byReference[stretch[0]]),
                    new Nearest(theirs, theirs.byReference, stretch[0], stretch[1]));
        }
        for (int line = 0; line < ours.size(); line++) {
            Nearest nearest = byReference.get(ours.reference(line));
            if (nearest != null) {
                pair(rule, line, nearest);
            }
        }
    }

    private void pair(Rule rule, int line, Nearest nearest) {
        if (!ours.isOpen(line)) {
            return;
        }
        int found = nearest.find(ours.lines[line], rule.tolerance(), rule.windowDays());
        if (found >= 0) {
            ours.take(line);
            theirs.take(found);
            matches.add(new Match(rule, List.of(ours.lines[line]), List.of(theirs.lines[found])));
        }
    }

    /** Stretches of lines that share a reference, first place and end; lines without one are left out. */
    private static List<int[]> stretches(Side side) {
        List<int[]> stretches = new ArrayList<>();
        int from = 0;
        while (from < side.size()) {
            String reference = side.reference(side.byReference[from]);
            int to = from + 1;
            while (to < side.size() && side.reference(side.byReference[to]).equals(reference)) {
                to++;
            }
            if (!reference.isEmpty()) {
                stretches.add(new int[] {from, to});
            }
            from = to;
        }
        return stretches;
    }

    /** For each open line of one side in order: all open lines of the other with its reference and in its window. */
    private void together(Rule rule, Side many, Side one) {
        Map<String, int[]> byReference = new HashMap<>();
        for (int[] stretch : stretches(many)) {
            if (stretch[1] - stretch[0] <= MAX_TOGETHER) {
                byReference.put(many.reference(many.byReference[stretch[0]]), stretch);
            }
        }
        for (int line = 0; line < one.size(); line++) {
            int[] stretch = byReference.get(one.reference(line));
            if (one.isOpen(line) && stretch != null) {
                addUp(rule, many, stretch, one, line);
            }
        }
    }

    private void addUp(Rule rule, Side many, int[] stretch, Side one, int line) {
        Line wanted = one.lines[line];
        List<Integer> found = new ArrayList<>();
        for (int place = stretch[0]; place < stretch[1]; place++) {
            int candidate = many.byReference[place];
            long days = Math.abs(
                    many.lines[candidate].date().toEpochDay() - wanted.date().toEpochDay());
            if (many.isOpen(candidate) && days <= rule.windowDays()) {
                found.add(candidate);
            }
        }
        found.sort(Comparator.naturalOrder());
        List<Line> lines = found.stream().map(index -> many.lines[index]).toList();
        if (lines.size() < 2 || !isWithin(rule.tolerance(), lines, wanted.amount())) {
            return;
        }
        found.forEach(many::take);
        one.take(line);
        matches.add(
                rule.shape() == Shape.MANY_TO_ONE
                        ? new Match(rule, lines, List.of(wanted))
                        : new Match(rule, List.of(wanted), lines));
    }

    private static boolean isWithin(long tolerance, List<Line> lines, long amount) {
        try {
            return Math.absExact(Math.subtractExact(Reconciliation.sum(lines), amount)) <= tolerance;
        } catch (ArithmeticException tooLarge) {
            return false; // beyond the range of a long, and so of every tolerance
        }
    }

    /** Names what is the matter with the lines that are left. */
    private static final class Breaks {
        private final Side ours;
        private final Side theirs;
        private final List<Break> breaks = new ArrayList<>();

        Breaks(Side ours, Side theirs) {
            this.ours = ours;
            this.theirs = theirs;
        }

        List<Break> find() {
            duplicates(ours, true);
            duplicates(theirs, false);
            pairs(true);
            pairs(false);
            for (int line = 0; line < ours.size(); line++) {
                if (ours.isOpen(line)) {
                    breaks.add(new Break(BreakType.MISSING_THERE, List.of(ours.lines[line]), List.of()));
                }
            }
            for (int line = 0; line < theirs.size(); line++) {
                if (theirs.isOpen(line)) {
                    breaks.add(new Break(BreakType.MISSING_HERE, List.of(), List.of(theirs.lines[line])));
                }
            }
            breaks.sort(Comparator.comparing((Break each) -> first(each), Line.ORDER)
                    .thenComparing(Break::type)
                    .thenComparing(each -> each.ours().isEmpty()));
            return breaks;
        }

        private static Line first(Break each) {
            return (each.ours().isEmpty() ? each.theirs() : each.ours()).getFirst();
        }

        /** An open line whose twin, with the same reference, date and amount, belongs to something or came before. */
        private void duplicates(Side side, boolean isOurs) {
            for (int[] stretch : stretches(side)) {
                for (int from = stretch[0]; from < stretch[1]; ) {
                    int to = from + 1;
                    while (to < stretch[1] && sameDayAndAmount(side, from, to)) {
                        to++;
                    }
                    boolean another = false;
                    for (int place = from; place < to; place++) {
                        another |= !side.isOpen(side.byReference[place]);
                    }
                    for (int place = from; place < to; place++) {
                        int line = side.byReference[place];
                        if (side.isOpen(line) && another) {
                            side.take(line);
                            List<Line> one = List.of(side.lines[line]);
                            breaks.add(
                                    new Break(BreakType.DUPLICATE, isOurs ? one : List.of(), isOurs ? List.of() : one));
                        }
                        another = true;
                    }
                    from = to;
                }
            }
        }

        private static boolean sameDayAndAmount(Side side, int a, int b) {
            Line first = side.lines[side.byReference[a]];
            Line second = side.lines[side.byReference[b]];
            return first.amount() == second.amount() && first.date().equals(second.date());
        }

        /** Open lines with the same reference, in order: first those of the same amount, then any. */
        private void pairs(boolean sameAmount) {
            Map<String, ArrayDeque<Integer>> open = new HashMap<>();
            for (int line = 0; line < theirs.size(); line++) {
                if (theirs.isOpen(line) && !theirs.reference(line).isEmpty()) {
                    open.computeIfAbsent(key(theirs.lines[line], sameAmount), key -> new ArrayDeque<>())
                            .add(line);
                }
            }
            for (int line = 0; line < ours.size(); line++) {
                if (!ours.isOpen(line) || ours.reference(line).isEmpty()) {
                    continue;
                }
                ArrayDeque<Integer> candidates = open.get(key(ours.lines[line], sameAmount));
                Integer other = candidates == null ? null : candidates.poll();
                if (other != null) {
                    ours.take(line);
                    theirs.take(other);
                    breaks.add(new Break(
                            sameAmount ? BreakType.DATE : BreakType.AMOUNT,
                            List.of(ours.lines[line]),
                            List.of(theirs.lines[other])));
                }
            }
        }

        private static String key(Line line, boolean withAmount) {
            return withAmount ? line.amount() + " " + line.reference() : line.reference();
        }
    }
}
