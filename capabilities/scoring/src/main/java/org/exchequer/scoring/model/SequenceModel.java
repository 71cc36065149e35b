package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How unlike its owner, or how like a fraud, an account has behaved lately: a small recurrent network over its last
 * events. Thread safe; the same bits on every machine.
 */
public final class SequenceModel {
    private static final double MOST_DEVIATIONS = 5;

    private final Gru gru;
    private final float[] mean;
    private final float[] deviation;
    private final float[] weights;
    private final double[] wide;

    /**
     * @param mean of each number of an event over the training data
     * @param deviation its standard deviation, above 0
     * @param weights as {@link Gru} lays them out
     */
    public SequenceModel(Gru gru, float[] mean, float[] deviation, float[] weights) {
        if (mean.length != gru.inputs() || deviation.length != gru.inputs() || weights.length != gru.weights()) {
            throw new IllegalArgumentException("sequence model: parts do not fit each other");
        }
        for (float each : deviation) {
            if (!(each > 0)) {
                throw new IllegalArgumentException("sequence model: deviations must be above 0");
            }
        }
        this.gru = gru;
        this.mean = mean.clone();
        this.deviation = deviation.clone();
        this.weights = weights.clone();
        this.wide = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            wide[i] = weights[i];
        }
    }

    /** Numbers of an event. */
    public int inputs() {
        return gru.inputs();
    }

    /** Log odds. */
    public double margin(Sequence history) {
        Gru.Step before = new Gru.Step(gru);
        Gru.Step after = new Gru.Step(gru);
        double[] x = new double[gru.inputs()];
        for (int event = 0; event < history.length(); event++) {
            for (int i = 0; i < x.length; i++) {
                x[i] = scaled(history.at(event, i), mean[i], deviation[i]);
            }
            gru.step(wide, x, before.state, after);
            Gru.Step swap = before;
            before = after;
            after = swap;
        }
        return gru.output(wide, before.state);
    }

    /** In deviations from the mean, cut off far out; what is missing is at the mean. */
    public static double scaled(float value, float mean, float deviation) {
        if (Float.isNaN(value)) {
            return 0;
        }
        double scaled = ((double) value - mean) / deviation;
        return Math.clamp(scaled, -MOST_DEVIATIONS, MOST_DEVIATIONS);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(gru.inputs());
        out.writeInt(gru.hidden());
        ModelFile.write(out, mean);
        ModelFile.write(out, deviation);
        ModelFile.write(out, weights);
    }

    static SequenceModel read(DataInputStream in) throws IOException {
        Gru gru = new Gru(in.readInt(), in.readInt());
        float[] mean = ModelFile.floats(in, "sequence mean", gru.inputs());
        float[] deviation = ModelFile.floats(in, "sequence deviation", gru.inputs());
        return new SequenceModel(gru, mean, deviation, ModelFile.floats(in, "sequence weights", gru.weights()));
    }
}
