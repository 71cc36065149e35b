package org.exchequer.screening.match;

import java.util.List;

/**
 * Which words of two names stand for each other.
 *
 * @param pairs in the order of the subject's words
 * @param subjectOnly words of the subject's name without a partner, likewise the other
 */
public record Alignment(List<Pair> pairs, List<Single> subjectOnly, List<Single> listedOnly, boolean reordered) {
    /**
     * Words that stand for each other.
     *
     * @param subject one word, or several joined with {@code +}
     * @param similarity 0.55 to 1
     * @param weight how much the words say, 0 to 1
     */
    public record Pair(String subject, String listed, double similarity, double weight, Token.Kind kind) {}

    /** A word that stands alone. */
    public record Single(String word, double weight, Token.Kind kind) {}
}
