package org.exchequer.lab.check;

import java.util.List;

/**
 * One place where an invariant did not hold.
 *
 * @param summary one sentence
 * @param story the fewest lines that show it, in order, each plain text
 */
public record Violation(String summary, List<String> story) {
    public Violation {
        story = List.copyOf(story);
    }
}
