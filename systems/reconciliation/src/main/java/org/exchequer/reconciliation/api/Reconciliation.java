package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import java.util.List;

/**
 * What came of comparing two sides. The same lines and rules give the same, in the same order, whatever order the lines
 * came in.
 *
 * @param matches in the order of rules, then of lines
 * @param breaks what belongs to nothing, in the order of lines
 */
public record Reconciliation(List<Match> matches, List<Break> breaks) {
    /** Lines that belong together. Their sums differ by no more than the rule's tolerance. */
    public record Match(Rule rule, List<Line> ours, List<Line> theirs) {
        /** Theirs minus ours, in minor units. */
        public long difference() {
            return sum(theirs) - sum(ours);
        }
    }

    /** What is the matter with lines that belong to nothing. */
    public enum BreakType {
        /** The same reference on both sides with another amount. */
        AMOUNT("other amount"),
        /** The same reference and amount on both sides, dates too far apart. */
        DATE("other date"),
        /** The very same line is on this side once more. */
        DUPLICATE("duplicate"),
        /** Theirs only. */
        MISSING_HERE("missing here"),
        /** Ours only. */
        MISSING_THERE("missing there");

        private final String words;

        BreakType(String words) {
            this.words = words;
        }

        /** For people, e.g. {@code missing here}. */
        public String words() {
            return words;
        }
    }

    /**
     * Lines that belong to nothing.
     *
     * @param ours none or one
     * @param theirs none or one; there is one in all
     */
    public record Break(BreakType type, List<Line> ours, List<Line> theirs) {
        /** Since when it has been open: the earlier of its dates. */
        public LocalDate since() {
            LocalDate first = (ours.isEmpty() ? theirs : ours).getFirst().date();
            LocalDate second = (theirs.isEmpty() ? ours : theirs).getFirst().date();
            return first.isBefore(second) ? first : second;
        }

        /** Theirs minus ours, in minor units. */
        public long difference() {
            return sum(theirs) - sum(ours);
        }
    }

    /** The sum of amounts, in minor units; an {@link ArithmeticException} when it does not fit 64 bits. */
    public static long sum(List<Line> lines) {
        long sum = 0;
        for (Line line : lines) {
            sum = Math.addExact(sum, line.amount());
        }
        return sum;
    }
}
