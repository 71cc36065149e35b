package org.exchequer.screening;

import org.exchequer.screening.match.Feature;

/**
 * The fitted numbers, in the order of {@link Feature}: found by {@code
 * org.exchequer.screening.quality.CrossValidation}, which {@code bench screening} runs again.
 */
final class Model {
    static final String VERSION = "names-1";
    static final double THRESHOLD = 0.65;
    private static final double[] COEFFICIENTS = {
        2.447, -1.582, -5.087, -1, -3.838, -1.364, -3.003, -1.2, -0.5, -2.004, -1.195, -0.3, -0.8
    };

    private Model() {}

    static double[] coefficients() {
        return COEFFICIENTS.clone();
    }
}
