package org.exchequer.screening.match;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How much a word says: one that many listed names have says little. The inverse document frequency of Spärck Jones
 * (1972), scaled to {@value #LEAST}..1.
 *
 * <p>Made once from the names of some lists and then kept while lists change, so that a change of a list changes no
 * score between a subject and a party that stayed as it was.
 */
public final class TokenWeights {
    private static final double LEAST = 0.25;

    private final Map<String, Double> weights;

    private TokenWeights(Map<String, Double> weights) {
        this.weights = Map.copyOf(weights);
    }

    /** Every word says the same. */
    public static TokenWeights even() {
        return new TokenWeights(Map.of());
    }

    public static TokenWeights of(Collection<ParsedName> names) {
        Map<String, Integer> frequencies = new HashMap<>();
        for (ParsedName name : names) {
            Set<String> seen = new HashSet<>();
            for (Token token : name.tokens()) {
                String word = Words.canonical(token.text());
                if (seen.add(word)) {
                    frequencies.merge(word, 1, Integer::sum);
                }
            }
        }
        double all = StrictMath.log(1.0 + names.size());
        Map<String, Double> weights = new HashMap<>();
        frequencies.forEach((word, count) -> {
            double idf = (all - StrictMath.log(count)) / all;
            weights.put(word, Math.clamp(idf, LEAST, 1));
        });
        return new TokenWeights(weights);
    }

    /** From {@value #LEAST} to 1; 1 of a word that no list has. */
    public double of(String word) {
        return weights.getOrDefault(Words.canonical(word), 1.0);
    }
}
