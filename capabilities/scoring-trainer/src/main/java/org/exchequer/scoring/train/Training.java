package org.exchequer.scoring.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.scoring.features.Feature;
import org.exchequer.scoring.features.Feature.Group;
import org.exchequer.scoring.generator.Typology;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.stream.PaymentStream;
import org.jspecify.annotations.Nullable;

/** Trains ensembles on made-up payments, and says how good they are on a later time. */
public final class Training {
    private static final int ROUNDS = 120;
    private static final int DEPTH = 5;
    private static final int HIDDEN = 12;
    private static final int EPOCHS = 2;
    private static final int BATCH = 64;
    private static final double LEARNING_RATE = 0.01;

    /** What the forest takes for usual or not: sizes and rates, nothing that names a place or a time. */
    private static final List<Feature> USUAL = List.of(
            Feature.AMOUNT_LOG,
            Feature.AMOUNT_DEVIATION_FROM_AVERAGE,
            Feature.VELOCITY_COUNT_24H,
            Feature.VELOCITY_AMOUNT_24H,
            Feature.COUNTERPARTY_RELATIONSHIP,
            Feature.DORMANCY_PERIOD,
            Feature.RECEIVED_24H,
            Feature.PAYEE_FAN_IN,
            Feature.PAYER_FAN_OUT,
            Feature.SCATTER_GATHER);

    /**
     * Left out, because they would say how the generator draws its numbers rather than what frauds do: hours,
     * digits, and what a sender tells of its own network and behaviour. Nor is any score told to the stream: what
     * is made of earlier scores is unknown.
     */
    private static final Set<Feature> LEFT_OUT = EnumSet.of(
            Feature.WEEKDAY_HOUR_PATTERN,
            Feature.AMOUNT_TRAILING_ZEROS,
            Feature.NETWORK_REPUTATION_SCORE,
            Feature.VPN_PROXY_DETECTION,
            Feature.BEHAVIORAL_BIOMETRICS);

    private Training() {}

    /**
     * How good a model is on frauds of one kind among all harmless payments of the later window.
     *
     * @param kind null for all frauds together
     * @param auc NaN without frauds
     * @param recall1 share of the frauds found at 1 % false positives
     */
    public record Line(@Nullable Typology kind, long frauds, double auc, double recall1, double recall5) {}

    /**
     * Trains one.
     *
     * @param version to give it
     * @param graph whether features of the graph are among what it learns from
     */
    public static Ensemble train(Rows rows, Sight sight, int version, long seed, boolean graph) {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        group(groups, "payment", rows, graph, Group.values());
        group(groups, "transaction", rows, graph, Group.TRANSACTION, Group.ACCOUNT);
        group(groups, "network", rows, graph, Group.NETWORK, Group.GRAPH);
        group(groups, "entity", rows, graph, Group.ENTITY);
        BoostedTrees.Settings trees = BoostedTrees.Settings.usual((int) seed)
                .rounds(ROUNDS)
                .depth(DEPTH)
                .threads(1);
        List<String> usual = USUAL.stream()
                .filter(each -> graph || each.group() != Group.GRAPH)
                .map(Feature::key)
                .toList();
        String trained = rows.history().size() + " made-up payments, seed " + seed + ": " + sight.text();
        Plan plan = new Plan(
                "payments",
                version,
                trained,
                groups,
                trees,
                new GruTrainer.Settings(HIDDEN, EPOCHS, BATCH, LEARNING_RATE, seed),
                usual);
        return EnsembleTrainer.train(plan, rows.history(), rows.later());
    }

    /** Those of the groups that are ever known; without any of them there is no model of that name. */
    private static void group(
            Map<String, List<String>> groups, String name, Rows rows, boolean graph, Group... wanted) {
        List<String> names = new ArrayList<>();
        for (Feature feature : Feature.all()) {
            int place = PaymentStream.FEATURES.place(feature.key());
            boolean known = rows.history().stream()
                    .anyMatch(each -> !each.sample().features().missing(place));
            boolean fits = Arrays.asList(wanted).contains(feature.group()) && !LEFT_OUT.contains(feature);
            if (known && fits && (graph || feature.group() != Group.GRAPH)) {
                names.add(feature.key());
            }
        }
        if (!names.isEmpty()) {
            groups.put(name, names);
        }
    }

    /** All frauds first, then each kind. */
    public static List<Line> judge(Ensemble ensemble, Rows rows) {
        double[] margins = new double[rows.later().size()];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = ensemble.margin(rows.later().get(i).sample());
        }
        List<Line> lines = new ArrayList<>();
        lines.add(line(margins, rows, null));
        for (Typology kind : Typology.values()) {
            lines.add(line(margins, rows, kind));
        }
        return lines;
    }

    private static Line line(double[] margins, Rows rows, @Nullable Typology kind) {
        double[] scores = new double[margins.length];
        boolean[] labels = new boolean[margins.length];
        int count = 0;
        int frauds = 0;
        for (int i = 0; i < margins.length; i++) {
            Typology own = rows.typologies().get(i);
            if (own == null || kind == null || own == kind) {
                scores[count] = margins[i];
                labels[count] = own != null;
                frauds += own != null ? 1 : 0;
                count++;
            }
        }
        double[] kept = Arrays.copyOf(scores, count);
        boolean[] truth = Arrays.copyOf(labels, count);
        return frauds == 0
                ? new Line(kind, 0, Double.NaN, Double.NaN, Double.NaN)
                : new Line(
                        kind,
                        frauds,
                        Quality.auc(kept, truth),
                        Quality.recall(kept, truth, 0.01),
                        Quality.recall(kept, truth, 0.05));
    }
}
