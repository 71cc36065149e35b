package org.exchequer.scoring.model;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * How one number was spread in training: about ten bins of equal share, and one for what is missing. What comes later
 * is compared with it.
 */
public final class Bins {
    /** So that a bin that is empty on one side does not make the index infinite. */
    private static final double LEAST_SHARE = 1e-4;

    private static final int BINS = 10;
    private static final int MOST_CUTS = 100;

    private final float[] cuts;
    private final double[] shares;
    private final float middle;
    private final float spread;

    private Bins(float[] cuts, double[] shares, float middle, float spread) {
        this.cuts = cuts;
        this.shares = shares;
        this.middle = middle;
        this.spread = spread;
    }

    /** @param values of the training rows, {@code NaN} for missing */
    public static Bins of(float[] values) {
        float[] known = new float[values.length];
        int count = 0;
        for (float value : values) {
            if (!Float.isNaN(value)) {
                known[count++] = value;
            }
        }
        float[] sorted = Arrays.copyOf(known, count);
        Arrays.sort(sorted);
        float[] cuts = new float[BINS - 1];
        int distinct = 0;
        for (int i = 1; i < BINS && count > 0; i++) {
            float cut = sorted[(int) ((long) i * count / BINS)];
            // A value that fills several bins gets one: below it, and it with what lies above.
            if (cut > sorted[0] && (distinct == 0 || cut > cuts[distinct - 1])) {
                cuts[distinct++] = cut;
            }
        }
        cuts = Arrays.copyOf(cuts, distinct);
        float middle = count == 0 ? 0 : sorted[count / 2];
        float quartiles = count == 0 ? 0 : sorted[count * 3 / 4] - sorted[count / 4];
        float range = count == 0 ? 0 : sorted[count - 1] - sorted[0];
        float spread = quartiles > 0 ? quartiles : range > 0 ? range : 1;
        Bins bins = new Bins(cuts, new double[distinct + 2], middle, spread);
        for (float value : values) {
            bins.shares[bins.of(value)] += 1.0 / values.length;
        }
        return bins;
    }

    /** Bins with the one of what is missing, which is the last. */
    public int count() {
        return shares.length;
    }

    /** The bin of a value: below the first cut 0. */
    public int of(float value) {
        if (Float.isNaN(value)) {
            return cuts.length + 1;
        }
        int found = Arrays.binarySearch(cuts, value);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /** The median. */
    public float middle() {
        return middle;
    }

    /** The distance of the quartiles, above 0: the unit in which changes of different features are compared. */
    public float spread() {
        return spread;
    }

    /**
     * The population stability index: Σ (now − then) × ln (now ÷ then). Below 0.1 is usual, above 0.25 a shift; 0 if
     * nothing was counted.
     */
    public double stabilityIndex(long[] counts) {
        long all = Arrays.stream(counts).sum();
        double sum = 0;
        for (int i = 0; i < shares.length && all > 0; i++) {
            double now = Math.max((double) counts[i] / all, LEAST_SHARE);
            double then = Math.max(shares[i], LEAST_SHARE);
            sum += (now - then) * StrictMath.log(now / then);
        }
        return sum;
    }

    void write(DataOutputStream out) throws IOException {
        ModelFile.write(out, cuts);
        ModelFile.write(out, shares);
        out.writeFloat(middle);
        out.writeFloat(spread);
    }

    static Bins read(DataInputStream in) throws IOException {
        float[] cuts = ModelFile.floats(in, "bin cuts", MOST_CUTS);
        double[] shares = ModelFile.doubles(in, "bin shares", MOST_CUTS + 2);
        float middle = in.readFloat();
        float spread = in.readFloat();
        if (shares.length != cuts.length + 2 || !Float.isFinite(middle) || !(spread > 0)) {
            throw new ModelFormatException("bins: parts do not fit each other");
        }
        return new Bins(cuts, shares, middle, spread);
    }
}
