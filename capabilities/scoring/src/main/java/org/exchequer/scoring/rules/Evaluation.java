package org.exchequer.scoring.rules;

import java.util.List;

/**
 * What the rules say of a payment.
 *
 * @param hits rules that hit, in order of priority
 * @param action what the first of them asks for, {@link Action#PASS} if none hit
 * @param score how much the hits say together, 0 to 1: 1 less the product of what each leaves open
 * @param allowed whether an allow list silenced every rule outside {@link Category#AML}
 * @param version of the settings that were used
 * @param followed of the parameters that can follow the traffic, in the order of rules and parameters, the values that
 *     the traffic asked for then: with them, the settings and the lists a replay gives the same answer
 */
public record Evaluation(
        List<Hit> hits, Action action, double score, boolean allowed, long version, List<Long> followed) {
    public Evaluation {
        hits = List.copyOf(hits);
        followed = List.copyOf(followed);
    }

    /**
     * A rule that hit, or a deny list that names somebody.
     *
     * @param rule its id
     * @param category what it is about
     * @param priority its place among the others
     * @param severity how much it says, in thousandths
     * @param action what it asks for
     * @param sentence why it hit
     */
    public record Hit(String rule, Category category, int priority, int severity, Action action, String sentence) {}

    static double score(List<Hit> hits) {
        double open = 1;
        for (Hit hit : hits) {
            open *= 1 - hit.severity() / (double) Rule.MOST_SEVERITY;
        }
        return 1 - open;
    }
}
