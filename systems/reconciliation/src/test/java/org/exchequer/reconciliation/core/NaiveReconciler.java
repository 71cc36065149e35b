package org.exchequer.reconciliation.core;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.exchequer.reconciliation.api.Line;
import org.exchequer.reconciliation.api.Reconciliation.Match;
import org.exchequer.reconciliation.api.Rule;
import org.exchequer.reconciliation.api.Rule.Shape;

/** The rules word for word: every line against every other. */
final class NaiveReconciler {
    final List<Line> ours;
    final List<Line> theirs;

    NaiveReconciler(List<Line> ours, List<Line> theirs) {
        this.ours = new ArrayList<>(ours.stream().sorted(Line.ORDER).toList());
        this.theirs = new ArrayList<>(theirs.stream().sorted(Line.ORDER).toList());
    }

    List<Match> matches(List<Rule> rules) {
        List<Match> matches = new ArrayList<>();
        for (Rule rule : rules) {
            switch (rule.shape()) {
                case ONE_TO_ONE -> oneToOne(rule, matches);
                case MANY_TO_ONE -> together(rule, ours, theirs, matches);
                case ONE_TO_MANY -> together(rule, theirs, ours, matches);
            }
        }
        return matches;
    }

    private void oneToOne(Rule rule, List<Match> matches) {
        for (Line line : List.copyOf(ours)) {
            theirs.stream()
                    .filter(other -> !rule.sameReference()
                            || !line.reference().isEmpty() && other.reference().equals(line.reference()))
                    .filter(other -> Math.abs(other.amount() - line.amount()) <= rule.tolerance())
                    .filter(other -> days(other, line) <= rule.windowDays())
                    .min(Comparator.comparingLong((Line other) -> Math.abs(other.amount() - line.amount()))
                            .thenComparingLong(other -> days(other, line))
                            .thenComparing(Line.ORDER))
                    .ifPresent(other -> {
                        ours.remove(line);
                        theirs.remove(other);
                        matches.add(new Match(rule, List.of(line), List.of(other)));
                    });
        }
    }

    private static void together(Rule rule, List<Line> many, List<Line> one, List<Match> matches) {
        for (Line line : List.copyOf(one)) {
            List<Line> found = many.stream()
                    .filter(other ->
                            !line.reference().isEmpty() && other.reference().equals(line.reference()))
                    .filter(other -> days(other, line) <= rule.windowDays())
                    .toList();
            long sum = found.stream().mapToLong(Line::amount).sum();
            if (found.size() > 1 && Math.abs(sum - line.amount()) <= rule.tolerance()) {
                many.removeAll(found);
                one.remove(line);
                matches.add(
                        rule.shape() == Shape.MANY_TO_ONE
                                ? new Match(rule, found, List.of(line))
                                : new Match(rule, List.of(line), found));
            }
        }
    }

    private static long days(Line a, Line b) {
        return Math.abs(ChronoUnit.DAYS.between(a.date(), b.date()));
    }
}
