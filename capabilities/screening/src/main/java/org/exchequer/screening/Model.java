package org.exchequer.screening;

import org.exchequer.screening.match.Feature;

/**
 * The fitted numbers, in the order of {@link Feature}: found by {@code org.exchequer.screening.quality.CrossValidation},
 * which {@code bench screening} runs again.
 */
final class Model {
    static final String VERSION = "names-1";
    static final double THRESHOLD = 0.6;
    private static final double[] COEFFICIENTS = {
        2.450, -1.586, -5.094, -1, -3.931, -1.35, -3.0, -1.2, -0.5, -2.002, -1.199, -0.3
    };

    private Model() {}

    static double[] coefficients() {
        return COEFFICIENTS.clone();
    }
}
