package org.exchequer.screening.match;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.language.DoubleMetaphone;
import org.exchequer.screening.match.Token.Kind;

/**
 * What an index finds a name by, each with how much it says: its words, their sound (Double Metaphone, Philips
 * 2000), their consonants, and their runs of three letters.
 */
public final class IndexTerms {
    private static final double WORD = 3;
    private static final double SOUND = 1;
    private static final double BONES = 1;
    private static final double GRAMS = 2.5;
    private static final int MOST_GRAMS = 24;
    private static final int CODE_LENGTH = 6;

    private final TokenWeights weights;

    public IndexTerms(TokenWeights weights) {
        this.weights = weights;
    }

    /** Terms in a fixed order; the first letter says which kind a term is of. */
    public Map<String, Double> of(ParsedName name) {
        Map<String, Double> terms = new LinkedHashMap<>();
        DoubleMetaphone metaphone = new DoubleMetaphone();
        metaphone.setMaxCodeLen(CODE_LENGTH);
        StringBuilder initials = new StringBuilder();
        for (Token token : name.tokens()) {
            String text = token.text();
            double weight = weights.of(text);
            switch (token.kind()) {
                case TITLE -> {}
                case PARTICLE -> add(terms, "w" + Words.canonical(text), 0.1);
                case INITIAL -> add(terms, "i" + text, 0.2);
                case NUMBER -> add(terms, "w" + text, 0.5);
                case WORD, DESCRIPTOR -> {
                    double says = token.kind() == Kind.WORD ? weight : weight / 2;
                    add(terms, "w" + Words.canonical(text), WORD * says);
                    initials.append(text.charAt(0));
                    if (text.length() > 1) {
                        add(terms, "b" + bones(text), BONES * says);
                        sound(terms, metaphone, text, SOUND * says);
                        grams(terms, text, GRAMS * says);
                    }
                }
            }
        }
        if (initials.length() > 2) {
            add(terms, "w" + initials, 1);
        }
        return terms;
    }

    private static void add(Map<String, Double> terms, String term, double weight) {
        terms.merge(term, weight, Math::max);
    }

    private static void sound(Map<String, Double> terms, DoubleMetaphone metaphone, String text, double weight) {
        String first = metaphone.doubleMetaphone(text, false);
        String second = metaphone.doubleMetaphone(text, true);
        if (first != null && !first.isEmpty()) {
            add(terms, "s" + first, weight);
        }
        if (second != null && !second.isEmpty() && !second.equals(first)) {
            add(terms, "s" + second, weight / 2);
        }
    }

    private static void grams(Map<String, Double> terms, String text, double weight) {
        String padded = "^" + text + "$";
        int count = Math.min(MOST_GRAMS, padded.length() - 2);
        for (int i = 0; i < count; i++) {
            add(terms, "g" + padded.substring(i, i + 3), weight / count);
        }
    }

    /** The consonants: what is left of a word where vowels are not written or not agreed on. */
    static String bones(String text) {
        StringBuilder bones = new StringBuilder();
        char last = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean dropped =
                    TokenSimilarity.vowel(c) || c == 'w' || c == 'y' || c == 'v' && i > 0 || c == 'h' && i > 0;
            if (!dropped && c != last) {
                bones.append(c == 'q' || c == 'c' ? 'k' : c);
            }
            last = c;
        }
        return bones.isEmpty() ? text : bones.toString();
    }
}
