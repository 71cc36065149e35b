package org.exchequer.scoring.model;

/**
 * A gated recurrent unit (Cho et al. 2014, with the reset gate after the recurrent product as cuDNN has it) with one
 * output: what training and serving share. Weights lie in one array: for each of update gate, reset gate and candidate
 * the input weights (hidden × inputs), the recurrent weights (hidden × hidden) and the biases; then the output's
 * weights and its bias.
 *
 * @param inputs numbers of one event
 * @param hidden width of the state
 */
public record Gru(int inputs, int hidden) {
    public static final int MOST_HIDDEN = 64;

    public Gru {
        if (inputs < 1 || inputs > Schema.MOST_FEATURES || hidden < 1 || hidden > MOST_HIDDEN) {
            throw new IllegalArgumentException("GRU: must have 1 to " + Schema.MOST_FEATURES + " inputs and 1 to "
                    + MOST_HIDDEN + " hidden, not " + inputs + " and " + hidden);
        }
    }

    /** The gates, in the order of their weights. */
    public static final int UPDATE = 0;

    public static final int RESET = 1;
    public static final int CANDIDATE = 2;

    public int weights() {
        return output() + hidden + 1;
    }

    public int input(int gate) {
        return gate * gate();
    }

    public int recurrent(int gate) {
        return input(gate) + hidden * inputs;
    }

    public int bias(int gate) {
        return recurrent(gate) + hidden * hidden;
    }

    public int output() {
        return 3 * gate();
    }

    private int gate() {
        return hidden * (inputs + hidden + 1);
    }

    /** What one step computed; training goes back over it. */
    public static final class Step {
        public final double[] update;
        public final double[] reset;
        public final double[] candidate;
        /** The recurrent product that the reset gate multiplies. */
        public final double[] memory;

        public final double[] state;

        public Step(Gru gru) {
            update = new double[gru.hidden];
            reset = new double[gru.hidden];
            candidate = new double[gru.hidden];
            memory = new double[gru.hidden];
            state = new double[gru.hidden];
        }
    }

    /** One event: reads {@code before}, fills {@code step}, which must not be {@code before}'s. */
    public void step(double[] w, double[] x, double[] before, Step step) {
        for (int i = 0; i < hidden; i++) {
            double update = logistic(sum(w, UPDATE, i, x, before));
            double reset = logistic(sum(w, RESET, i, x, before));
            double memory = product(w, recurrent(CANDIDATE) + i * hidden, before, hidden);
            double fresh = w[bias(CANDIDATE) + i] + product(w, input(CANDIDATE) + i * inputs, x, inputs);
            double candidate = StrictMath.tanh(fresh + reset * memory);
            step.update[i] = update;
            step.reset[i] = reset;
            step.memory[i] = memory;
            step.candidate[i] = candidate;
            step.state[i] = (1 - update) * candidate + update * before[i];
        }
    }

    /** Log odds after the last event. */
    public double output(double[] w, double[] state) {
        return w[output() + hidden] + product(w, output(), state, hidden);
    }

    private double sum(double[] w, int gate, int i, double[] x, double[] before) {
        return w[bias(gate) + i]
                + product(w, input(gate) + i * inputs, x, inputs)
                + product(w, recurrent(gate) + i * hidden, before, hidden);
    }

    private static double product(double[] w, int from, double[] x, int length) {
        double sum = 0;
        for (int i = 0; i < length; i++) {
            sum += w[from + i] * x[i];
        }
        return sum;
    }

    private static double logistic(double x) {
        return 1 / (1 + StrictMath.exp(-x));
    }
}
