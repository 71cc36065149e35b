package org.exchequer.scoring.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Whole ensembles with random trees, a random network and a forest: for tests that need one and not a good one. */
public final class MadeEnsemble {
    public static final int FEATURES = 6;
    public static final Schema SCHEMA = schema("made-1");
    public static final Schema EVENTS = Schema.of("made-events-1", List.of("size", "gap"));

    private MadeEnsemble() {}

    public static Schema schema(String version) {
        return Schema.of(
                version, IntStream.range(0, FEATURES).mapToObj(i -> "f" + i).toList());
    }

    /** The seed decides all weights; the version is a name only. */
    public static Ensemble of(int version, long seed) {
        return of(version, seed, SCHEMA, 6, 4);
    }

    public static Ensemble of(int version, long seed, Schema schema, int trees, int depth) {
        Random random = new Random(seed);
        RandomTrees maker = new RandomTrees(random, FEATURES);
        Gru gru = new Gru(EVENTS.size(), 3);
        float[] weights = new float[gru.weights()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian();
        }
        float[] points = new float[200];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) random.nextGaussian();
        }
        AnomalyForest forest = new AnomalyForest(
                new AnomalyForest.Shape(10, 32, seed),
                new int[] {0, 3},
                new float[] {0, 0},
                new float[] {1, 2},
                points);
        List<Member> members = List.of(
                new Member.Trees("transaction", maker.model(trees, depth)),
                new Member.Trees("network", maker.model(trees, depth)),
                new Member.Behaviour("behaviour", new SequenceModel(gru, new float[2], new float[] {1, 1}, weights)),
                new Member.Anomaly("anomaly", forest));
        List<Bins> bins = new ArrayList<>();
        for (int i = 0; i < FEATURES; i++) {
            bins.add(Bins.of(column(i, 5_000, new Random(1))));
        }
        Stack stack = new Stack(0, new double[] {0.7, 0.5, 0.2, 0.1}, new double[] {0, 0, 0.1, 1});
        Calibration calibration = new Calibration(
                new double[] {-6, -2, 0, 2, 6}, new double[] {0, 0.05, 0.4, 0.8, 1}, new double[] {90, 80, 70, 50, 9});
        return Ensemble.of(new Ensemble.Parts(
                "made",
                version,
                "of dice",
                schema,
                EVENTS,
                members,
                stack,
                calibration,
                bins,
                Bins.of(new float[] {-3, -2, -1, 0, 1, 2, 3}),
                Collections.nCopies(FEATURES + 2, 0.5),
                Map.of("auc", 0.5)));
    }

    /** The same without what is no tree model. */
    public static Ensemble treesOnly(Ensemble ensemble) {
        Ensemble.Parts parts = ensemble.parts();
        return Ensemble.of(new Ensemble.Parts(
                parts.name(),
                parts.version(),
                parts.trained(),
                parts.features(),
                parts.events(),
                parts.members().subList(0, 2),
                new Stack(0, new double[] {0.7, 0.5}, new double[2]),
                parts.calibration(),
                parts.featureBins(),
                parts.marginBins(),
                parts.importance().subList(0, FEATURES),
                parts.figures()));
    }

    private static float[] column(int place, int count, Random random) {
        float[] column = new float[count];
        for (int i = 0; i < count; i++) {
            column[i] = row(SCHEMA, random).at(place);
        }
        return column;
    }

    public static Sample sample(Random random) {
        return sample(SCHEMA, random);
    }

    public static Sample sample(Schema schema, Random random) {
        List<float[]> events = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            events.add(new float[] {(float) random.nextGaussian(), random.nextFloat()});
        }
        return new Sample(row(schema, random), Sequence.of(EVENTS, events));
    }

    private static Vector row(Schema schema, Random random) {
        return Vector.of(schema, new RandomTrees(random, FEATURES).row());
    }
}
