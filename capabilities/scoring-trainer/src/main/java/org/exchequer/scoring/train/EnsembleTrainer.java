package org.exchequer.scoring.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.exchequer.scoring.model.AnomalyForest;
import org.exchequer.scoring.model.Bins;
import org.exchequer.scoring.model.Calibration;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Member;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Schema;
import org.exchequer.scoring.model.Score;
import org.exchequer.scoring.model.Sequence;
import org.exchequer.scoring.model.Stack;

/**
 * Trains a whole ensemble from payments in the order of time: members on the first seven tenths, the stack on what
 * follows, the calibration on the last part. Each sees only what came after the data of those it judges, as in service;
 * figures come from a later window that none of them has seen.
 */
public final class EnsembleTrainer {
    private static final double MEMBERS_SHARE = 0.70;
    private static final double STACK_SHARE = 0.15;
    private static final double PENALTY = 1;
    private static final int FOREST_POINTS = 2_048;
    private static final int FOREST_TREES = 50;
    private static final int FOREST_SAMPLE = 256;
    private static final int EXPLAINED = 1_000;
    private static final int LEAST_EXAMPLES = 100;

    private EnsembleTrainer() {}

    /**
     * @param history in the order of time, of one schema
     * @param later a window after it, for the figures in the model's file
     * @throws TrainingException if there is too little to learn from
     */
    public static Ensemble train(Plan plan, List<Example> history, List<Example> later) {
        if (history.size() < LEAST_EXAMPLES || later.isEmpty()) {
            throw new TrainingException("needs " + LEAST_EXAMPLES + " examples or more, and a later window");
        }
        int membersEnd = (int) (history.size() * MEMBERS_SHARE);
        int stackEnd = (int) (history.size() * (MEMBERS_SHARE + STACK_SHARE));
        List<Example> first = history.subList(0, membersEnd);
        Schema features = first.getFirst().sample().features().schema();
        Schema events = first.getFirst().sample().history().schema();
        List<Member> members = new ArrayList<>();
        plan.groups().forEach((name, group) -> members.add(trees(name, group, first, plan.trees())));
        if (plan.behaviour().epochs() > 0) {
            List<Sequence> histories =
                    first.stream().map(each -> each.sample().history()).toList();
            members.add(new Member.Behaviour("behaviour", GruTrainer.fit(histories, labels(first), plan.behaviour())));
        }
        if (!plan.usual().isEmpty()) {
            members.add(forest(plan, first));
        }
        List<Example> second = history.subList(membersEnd, stackEnd);
        Stack stack = StackFit.fit(scores(members, second), labels(second), PENALTY);
        List<Example> third = history.subList(stackEnd, history.size());
        double[] margins = margins(stack, members, third);
        Calibration calibration = Isotonic.fit(margins, labels(third));
        List<Bins> bins = new ArrayList<>();
        for (int i = 0; i < features.size(); i++) {
            bins.add(Bins.of(column(first, i)));
        }
        long others =
                members.stream().filter(each -> !(each instanceof Member.Trees)).count();
        Ensemble.Parts parts = new Ensemble.Parts(
                plan.name(),
                plan.version(),
                plan.trained(),
                features,
                events,
                members,
                stack,
                calibration,
                bins,
                Bins.of(narrow(margins)),
                Collections.nCopies((int) (features.size() + others), 0.0),
                Map.of());
        return measured(parts, later);
    }

    private static Member trees(String name, List<String> group, List<Example> rows, BoostedTrees.Settings settings) {
        Schema schema = rows.getFirst().sample().features().schema();
        int[] places = group.stream().mapToInt(schema::place).toArray();
        float[][] columns = new float[rows.size()][places.length];
        for (int i = 0; i < columns.length; i++) {
            for (int j = 0; j < places.length; j++) {
                columns[i][j] = rows.get(i).sample().features().at(places[j]);
            }
        }
        try (BoostedTrees fit = BoostedTrees.fit(columns, labels(rows), settings)) {
            return new Member.Trees(name, fit.trees(places, schema.size()));
        }
    }

    /** Grown from harmless payments alone: the frauds known already must not pass for usual. */
    private static Member forest(Plan plan, List<Example> rows) {
        Schema schema = rows.getFirst().sample().features().schema();
        int[] places = plan.usual().stream().mapToInt(schema::place).toArray();
        float[] centre = new float[places.length];
        float[] scale = new float[places.length];
        for (int j = 0; j < places.length; j++) {
            Bins bins = Bins.of(column(rows, places[j]));
            centre[j] = bins.middle();
            scale[j] = bins.spread();
        }
        List<Example> harmless =
                new ArrayList<>(rows.stream().filter(each -> !each.fraud()).toList());
        Collections.shuffle(harmless, new Random(plan.trees().seed()));
        List<Example> chosen = harmless.subList(0, Math.min(harmless.size(), FOREST_POINTS));
        float[] points = new float[chosen.size() * places.length];
        for (int i = 0; i < chosen.size(); i++) {
            for (int j = 0; j < places.length; j++) {
                points[i * places.length + j] =
                        AnomalyForest.scaled(chosen.get(i).sample().features().at(places[j]), centre[j], scale[j]);
            }
        }
        AnomalyForest.Shape shape = new AnomalyForest.Shape(
                FOREST_TREES, FOREST_SAMPLE, plan.trees().seed());
        return new Member.Anomaly("anomaly", new AnomalyForest(shape, places, centre, scale, points));
    }

    /** The same with importance and figures from rows that it has not seen. */
    private static Ensemble measured(Ensemble.Parts parts, List<Example> later) {
        Ensemble ensemble = Ensemble.of(parts);
        double[] margins = new double[later.size()];
        double[] probabilities = new double[later.size()];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = ensemble.margin(later.get(i).sample());
            probabilities[i] = parts.calibration().probability(margins[i]);
        }
        boolean[] labels = labels(later);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("auc", Quality.auc(margins, labels));
        figures.put("recall_at_1_percent", Quality.recall(margins, labels, 0.01));
        figures.put("recall_at_5_percent", Quality.recall(margins, labels, 0.05));
        figures.put("brier", Quality.brier(probabilities, labels));
        figures.put("calibration_error", Quality.calibrationError(probabilities, labels, 10));
        double[][] scores = scores(parts.members(), later);
        for (int j = 0; j < parts.members().size(); j++) {
            double[] own = new double[scores.length];
            for (int i = 0; i < own.length; i++) {
                own[i] = scores[i][j];
            }
            figures.put("auc." + parts.members().get(j).name(), Quality.auc(own, labels));
        }
        double[] importance = new double[parts.importance().size()];
        int step = Math.max(1, later.size() / EXPLAINED);
        int explained = 0;
        for (int i = 0; i < later.size(); i += step) {
            List<Score.Contribution> contributions =
                    ensemble.score(later.get(i).sample()).contributions();
            for (int j = 0; j < importance.length; j++) {
                importance[j] += Math.abs(contributions.get(j).points());
            }
            explained++;
        }
        List<Double> means = new ArrayList<>();
        for (double sum : importance) {
            means.add(sum / explained);
        }
        return Ensemble.of(new Ensemble.Parts(
                parts.name(),
                parts.version(),
                parts.trained(),
                parts.features(),
                parts.events(),
                parts.members(),
                parts.stack(),
                parts.calibration(),
                parts.featureBins(),
                parts.marginBins(),
                means,
                figures));
    }

    static boolean[] labels(List<Example> rows) {
        boolean[] labels = new boolean[rows.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = rows.get(i).fraud();
        }
        return labels;
    }

    private static double[][] scores(List<Member> members, List<Example> rows) {
        double[][] scores = new double[rows.size()][members.size()];
        for (int i = 0; i < scores.length; i++) {
            Sample sample = rows.get(i).sample();
            for (int j = 0; j < members.size(); j++) {
                scores[i][j] = members.get(j).score(sample);
            }
        }
        return scores;
    }

    private static double[] margins(Stack stack, List<Member> members, List<Example> rows) {
        double[][] scores = scores(members, rows);
        double[] margins = new double[scores.length];
        for (int i = 0; i < margins.length; i++) {
            margins[i] = stack.margin(scores[i]);
        }
        return margins;
    }

    private static float[] column(List<Example> rows, int place) {
        float[] column = new float[rows.size()];
        for (int i = 0; i < column.length; i++) {
            column[i] = rows.get(i).sample().features().at(place);
        }
        return column;
    }

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
