package org.exchequer.scoring.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Vector;

/**
 * Made-up payments for tests and for measuring how long scoring takes. Three kinds of fraud are planted: one that the
 * features of the payment show, one that its network shows, and one that only the order of the account's earlier
 * payments shows (small ones that try a card, then a large one). They say nothing about real fraud.
 */
public final class MadePayments {
    /** Features of each group; each group has some that mean nothing. */
    public static final Map<String, List<String>> GROUPS =
            Map.of("transaction", names("tx_", 20), "network", names("net_", 12), "entity", names("ent_", 10));

    public static final Schema FEATURES = Schema.of(
            "made-1",
            Stream.of("transaction", "network", "entity")
                    .flatMap(group -> GROUPS.getOrDefault(group, List.of()).stream())
                    .toList());

    public static final Schema EVENTS = Schema.of("made-events-1", List.of("size", "gap_hours", "kind"));

    private static final double FRAUD_SHARE = 0.03;
    private static final double MISSING_SHARE = 0.05;

    private final Random random;

    private MadePayments(long seed) {
        this.random = new Random(seed);
    }

    /** The same seed makes the same payments. */
    public static List<Example> of(int count, long seed) {
        MadePayments maker = new MadePayments(seed);
        List<Example> examples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            examples.add(maker.next());
        }
        return examples;
    }

    /** What an ensemble for them is trained by. */
    public static Plan plan(int version, BoostedTrees.Settings trees, GruTrainer.Settings behaviour) {
        Map<String, List<String>> ordered = new java.util.LinkedHashMap<>();
        for (String group : List.of("transaction", "network", "entity")) {
            ordered.put(group, GROUPS.getOrDefault(group, List.of()));
        }
        List<String> usual = FEATURES.names().subList(0, 10);
        return new Plan("made", version, "made-up payments", ordered, trees, behaviour, usual);
    }

    private Example next() {
        boolean fraud = random.nextDouble() < FRAUD_SHARE;
        int kind = fraud ? random.nextInt(3) : -1;
        float[] x = new float[FEATURES.size()];
        for (int i = 0; i < x.length; i++) {
            x[i] = i % 4 == 0 ? random.nextInt(20) : (float) random.nextGaussian();
        }
        if (kind == 0) {
            x[0] += 5 + random.nextInt(10);
            x[1] += 1.5f;
            x[2] -= 1;
        }
        int network = FEATURES.place("net_0");
        if (kind == 1) {
            x[network] += 8;
            x[network + 1] += 2;
        }
        int entity = FEATURES.place("ent_1");
        x[entity] += fraud ? 0.7f : 0;
        for (int i = 0; i < x.length; i++) {
            x[i] = random.nextDouble() < MISSING_SHARE ? Float.NaN : x[i];
        }
        return new Example(new Sample(Vector.of(FEATURES, x), history(kind == 2)), fraud);
    }

    /** Both have the same payments; only of a fraud the small ones come right before the end, one upon the other. */
    private Sequence history(boolean tried) {
        int length = 4 + random.nextInt(Sequence.MOST_EVENTS - 4);
        List<float[]> events = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            events.add(new float[] {(float) (4 + random.nextGaussian()), random.nextFloat() * 48, random.nextInt(3)});
        }
        int small = 2 + random.nextInt(2);
        for (int i = 0; i < small; i++) {
            int place = tried ? length - small + i : random.nextInt(length);
            events.set(place, new float[] {random.nextFloat(), random.nextFloat() * 2, 1});
        }
        return Sequence.of(EVENTS, events);
    }

    private static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
