package org.exchequer.scoring.model;

import com.amazon.randomcutforest.RandomCutForest;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * How far a payment lies from what is usual, whether or not a fraud like it was ever seen: a random cut forest (Guha,
 * Mishra, Roy and Schrijvers 2016) over a sample of ordinary payments.
 *
 * <p>Frozen: it does not learn from what it scores, else the same payment would score otherwise tomorrow. A file holds
 * the sample and the seed, from which the very same forest grows again. Thread safe: scoring only reads.
 */
public final class AnomalyForest {
    /** Bounds memory: the sample, and the time to grow. */
    public static final int MOST_POINTS = 8_192;

    public static final int MOST_DIMENSIONS = 64;
    private static final int MOST_TREES = 200;
    private static final int MOST_SAMPLE = 1_024;
    private static final double FARTHEST = 20;

    private final Shape shape;
    private final int[] places;
    private final float[] centre;
    private final float[] scale;
    private final float[] points;
    private final CutTrees trees;

    /**
     * @param trees 1 to {@value #MOST_TREES}
     * @param sample points that a tree holds, 2 to {@value #MOST_SAMPLE}
     */
    public record Shape(int trees, int sample, long seed) {
        public Shape {
            if (trees < 1 || trees > MOST_TREES || sample < 2 || sample > MOST_SAMPLE) {
                throw new IllegalArgumentException(
                        "anomaly forest: must have 1 to " + MOST_TREES + " trees of 2 to " + MOST_SAMPLE + " points");
            }
        }
    }

    /**
     * @param places of the features it looks at, in the vector
     * @param centre of each, e.g. the median
     * @param scale of each, above 0, e.g. the distance of the quartiles
     * @param points scaled already, one behind the other
     */
    public AnomalyForest(Shape shape, int[] places, float[] centre, float[] scale, float[] points) {
        int width = places.length;
        if (width < 1
                || width > MOST_DIMENSIONS
                || centre.length != width
                || scale.length != width
                || points.length % width != 0
                || points.length / width < 2
                || points.length / width > MOST_POINTS) {
            throw new IllegalArgumentException("anomaly forest: must have 1 to " + MOST_DIMENSIONS
                    + " features and 2 to " + MOST_POINTS + " points, all of one width");
        }
        for (float each : scale) {
            if (!(each > 0)) {
                throw new IllegalArgumentException("anomaly forest: scales must be above 0");
            }
        }
        this.shape = shape;
        this.places = places.clone();
        this.centre = centre.clone();
        this.scale = scale.clone();
        this.points = points.clone();
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(width)
                .numberOfTrees(shape.trees())
                .sampleSize(shape.sample())
                .randomSeed(shape.seed())
                .outputAfter(1)
                .boundingBoxCacheFraction(1)
                .parallelExecutionEnabled(false)
                .build();
        float[] point = new float[width];
        for (int from = 0; from < points.length; from += width) {
            System.arraycopy(points, from, point, 0, width);
            forest.update(point.clone());
        }
        this.trees = new CutTrees(forest);
    }

    /** About 1 for what is usual, above 1.5 for what is rare; the paper's expected displacement, normalised. */
    public double score(Vector vector) {
        float[] point = new float[places.length];
        for (int i = 0; i < places.length; i++) {
            point[i] = scaled(vector.at(places[i]), centre[i], scale[i]);
        }
        return trees.score(point);
    }

    /** In units of the scale, cut off far out; what is missing is at the centre. */
    public static float scaled(float value, float centre, float scale) {
        if (Float.isNaN(value)) {
            return 0;
        }
        return (float) Math.clamp(((double) value - centre) / scale, -FARTHEST, FARTHEST);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(shape.trees());
        out.writeInt(shape.sample());
        out.writeLong(shape.seed());
        out.writeInt(places.length);
        for (int place : places) {
            out.writeInt(place);
        }
        ModelFile.write(out, centre);
        ModelFile.write(out, scale);
        ModelFile.write(out, points);
    }

    static AnomalyForest read(DataInputStream in, int features) throws IOException {
        Shape shape = new Shape(in.readInt(), in.readInt(), in.readLong());
        int[] places = new int[ModelFile.count(in, "anomaly features", 1, MOST_DIMENSIONS)];
        for (int i = 0; i < places.length; i++) {
            places[i] = ModelFile.count(in, "anomaly feature", 0, features - 1);
        }
        return new AnomalyForest(
                shape,
                places,
                ModelFile.floats(in, "anomaly centre", MOST_DIMENSIONS),
                ModelFile.floats(in, "anomaly scale", MOST_DIMENSIONS),
                ModelFile.floats(in, "anomaly points", MOST_POINTS * MOST_DIMENSIONS));
    }
}
