package org.exchequer.reconciliation.api;

import java.util.ArrayList;
import java.util.List;

/**
 * When lines belong together. Rules are tried one after the other, each on what the ones before have left.
 *
 * @param name as shown in reports
 * @param shape how many lines of each side
 * @param sameReference whether all must have the same reference, and one at all
 * @param tolerance by how much the amounts may differ, in minor units, 0 or more
 * @param windowDays by how many days their dates may differ, 0 to 366
 */
public record Rule(String name, Shape shape, boolean sameReference, long tolerance, int windowDays) {
    /** The widest window: a leap year. */
    public static final int MOST_DAYS = 366;

    /** How many lines of each side belong together. */
    public enum Shape {
        ONE_TO_ONE,
        /** Several of ours are one of theirs, e.g. payments and the bank's entry for the file of them. */
        MANY_TO_ONE,
        /** One of ours is several of theirs, e.g. a receivable paid in instalments. */
        ONE_TO_MANY
    }

    /**
     * The usual rules, strictest first: a line for a line by reference, amount and date, then within the window, then
     * within the tolerance; several lines of ours that are one of theirs, and the other way round.
     *
     * @param byAmount whether lines that are left also match by amount and date alone, whatever their references
     */
    public static List<Rule> usual(long tolerance, int windowDays, boolean byAmount) {
        List<Rule> rules = new ArrayList<>();
        rules.add(new Rule("reference, amount, date", Shape.ONE_TO_ONE, true, 0, 0));
        if (windowDays > 0) {
            rules.add(new Rule("reference, amount", Shape.ONE_TO_ONE, true, 0, windowDays));
        }
        if (tolerance > 0) {
            rules.add(new Rule("reference, amount within tolerance", Shape.ONE_TO_ONE, true, tolerance, windowDays));
        }
        rules.add(new Rule("reference, several of ours", Shape.MANY_TO_ONE, true, tolerance, windowDays));
        rules.add(new Rule("reference, several of theirs", Shape.ONE_TO_MANY, true, tolerance, windowDays));
        if (byAmount) {
            rules.add(new Rule("amount", Shape.ONE_TO_ONE, false, 0, windowDays));
        }
        return List.copyOf(rules);
    }

    /** @throws IllegalArgumentException naming the field and its rule */
    public Rule {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: must not be blank");
        }
        if (tolerance < 0) {
            throw new IllegalArgumentException("tolerance: must be 0 or more");
        }
        if (windowDays < 0 || windowDays > MOST_DAYS) {
            throw new IllegalArgumentException("windowDays: must be 0 to " + MOST_DAYS);
        }
        if (shape != Shape.ONE_TO_ONE && !sameReference) {
            throw new IllegalArgumentException(
                    "sameReference: must be true where several lines are one: sums alone agree by chance");
        }
    }
}
