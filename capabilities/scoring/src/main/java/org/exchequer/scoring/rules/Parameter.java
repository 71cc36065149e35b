package org.exchequer.scoring.rules;

import org.exchequer.scoring.features.Feature;
import org.jspecify.annotations.Nullable;

/**
 * A number of a rule that can be set while it runs: whole, so that amounts are exact; shares and ratios are in
 * thousandths.
 *
 * @param name of the number, unique in its rule
 * @param unit what it is counted in
 * @param least smallest value it may have
 * @param most largest value it may have
 * @param standard its value until somebody sets another
 * @param adaptive how it follows the traffic, null if it does not
 */
public record Parameter(
        String name,
        String unit,
        long least,
        long most,
        long standard,
        @Nullable Adaptive adaptive) {
    /**
     * Follows a quantile of what comes, within the parameter's bounds.
     *
     * @param feature what is observed
     * @param quantile share of payments that shall stay below, in hundred-thousandths: 99,900 is 99.9 %
     */
    public record Adaptive(Feature feature, int quantile) {
        /** The quantile 1. */
        public static final int WHOLE = 100_000;

        public Adaptive {
            if (quantile < 1 || quantile >= WHOLE) {
                throw new IllegalArgumentException("quantile must be from 1 to 99999, not " + quantile);
            }
        }
    }

    public Parameter {
        if (least > most || standard < least || standard > most) {
            throw new IllegalArgumentException(name + ": standard must be from least to most");
        }
    }

    static Parameter of(String name, String unit, long least, long most, long standard) {
        return new Parameter(name, unit, least, most, standard, null);
    }

    Parameter following(Feature feature, int quantile) {
        return new Parameter(name, unit, least, most, standard, new Adaptive(feature, quantile));
    }
}
