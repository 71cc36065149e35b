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
        2.448, -1.553, -5.077, -1, -3.65, -1.107, -3.019, -1.2, -0.5, -2.013, -1.223, -0.3, -0.8, -1.2
    };

    private Model() {}

    static double[] coefficients() {
        return COEFFICIENTS.clone();
    }
}
