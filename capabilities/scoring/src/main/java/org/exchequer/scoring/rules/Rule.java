package org.exchequer.scoring.rules;

import java.util.List;
import org.exchequer.scoring.features.Feature;

/**
 * A rule, as a value.
 *
 * @param id its name in lists, settings and explanations
 * @param category what it is about
 * @param priority 1 is first: of the rules that hit, the one with the smallest number decides; no two share one
 * @param sentence what it looks for
 * @param inputs features it looks at; if one is not known, the rule does not hit and counts as not evaluated
 * @param parameters its numbers
 * @param severity how much a hit says, 1 to 1,000 thousandths
 * @param action what a hit asks for
 * @param check whether it hits, given the parameters' values in their order
 * @param explanation says in a sentence why it hit
 */
public record Rule(
        String id,
        Category category,
        int priority,
        String sentence,
        List<Feature> inputs,
        List<Parameter> parameters,
        int severity,
        Action action,
        Check check,
        Explanation explanation) {
    /** Most of a severity. */
    public static final int MOST_SEVERITY = 1_000;

    /** Decides from what is known; pure. */
    @FunctionalInterface
    public interface Check {
        boolean hits(Subject subject, long[] values);
    }

    /** Says why. */
    @FunctionalInterface
    public interface Explanation {
        String of(Subject subject, long[] values);
    }

    public Rule {
        if (priority < 1) {
            throw new IllegalArgumentException(id + ": priority must be at least 1");
        }
        if (severity < 1 || severity > MOST_SEVERITY) {
            throw new IllegalArgumentException(id + ": severity must be from 1 to " + MOST_SEVERITY);
        }
        inputs = List.copyOf(inputs);
        parameters = List.copyOf(parameters);
    }

    boolean known(Subject subject) {
        for (Feature input : inputs) {
            if (Float.isNaN(subject.of(input))) {
                return false;
            }
        }
        return true;
    }
}
