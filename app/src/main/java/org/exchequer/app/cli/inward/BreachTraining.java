package org.exchequer.app.cli.inward;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.exchequer.inward.api.Stage;
import org.exchequer.inward.breach.BreachModel;
import org.exchequer.inward.breach.Moment;
import org.exchequer.inward.breach.sim.Simulation;
import org.exchequer.inward.breach.sim.Simulation.Fate;
import org.exchequer.inward.breach.sim.Simulation.Policy;
import org.exchequer.inward.breach.sim.Simulation.Row;
import org.exchequer.inward.breach.sim.Simulation.Window;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.train.BoostedTrees;
import org.exchequer.scoring.train.EnsembleTrainer;
import org.exchequer.scoring.train.Example;
import org.exchequer.scoring.train.GruTrainer;
import org.exchequer.scoring.train.Plan;
import org.exchequer.scoring.train.Quality;

/** Trains models of breaches on simulated payments, and says how good they are on a later time with other faults. */
final class BreachTraining {
    /** Of a span's rows; many spans with some rows each teach more than few with all. */
    static final double KEPT = 0.08;

    private static final int ROUNDS = 120;
    private static final int DEPTH = 5;
    private static final int BINS = 10;

    private BreachTraining() {}

    /**
     * How good predictions are.
     *
     * @param auc area under the ROC curve
     * @param brier mean squared error of the probabilities
     * @param constant the same for a model that always says the share that missed
     * @param error expected calibration error
     * @param bins predicted beside observed
     */
    record Judgement(
            int rows,
            double share,
            double auc,
            double brier,
            double constant,
            double error,
            List<Quality.Reliability> bins) {}

    /**
     * What became of payments of a later time, and how early they were held to be at risk.
     *
     * @param missed payments that missed their time
     * @param foreseen of these, held to be at risk before
     * @param alarms payments that were held to be at risk
     * @param leadMs how long before, of those foreseen: 10th, 50th and 90th percentile
     * @param unserved payments that were refused for lack of time or of an answer, or were critical before their end
     * @param meanMs from the receipt to the end, the wait before included
     */
    record Warning(
            int payments, int missed, int foreseen, int alarms, List<Double> leadMs, int unserved, double meanMs) {}

    static List<Example> examples(List<Row> rows) {
        return rows.stream()
                .map(row -> new Example(BreachModel.sample(row.features()), row.missed()))
                .toList();
    }

    static List<Row> rows(Window window, long seed, int wanted) {
        return Simulation.rows(window, seed, wanted, KEPT);
    }

    static Ensemble train(List<Row> history, List<Row> later, int version, long seed) {
        return EnsembleTrainer.train(
                new Plan(
                        "breach",
                        version,
                        history.size() + " ends of stages of simulated payments, seed " + seed,
                        Map.of("stage", Moment.SCHEMA.names()),
                        settings(seed),
                        new GruTrainer.Settings(1, 0, 1, 0.01, seed),
                        List.of()),
                examples(history),
                examples(later));
    }

    static BoostedTrees.Settings settings(long seed) {
        return BoostedTrees.Settings.usual((int) seed)
                .rounds(ROUNDS)
                .depth(DEPTH)
                .threads(1);
    }

    static Judgement judge(Ensemble ensemble, List<Row> rows) {
        double[] probabilities = new double[rows.size()];
        boolean[] labels = new boolean[rows.size()];
        int missed = 0;
        for (int i = 0; i < labels.length; i++) {
            probabilities[i] =
                    ensemble.probability(BreachModel.sample(rows.get(i).features()));
            labels[i] = rows.get(i).missed();
            missed += labels[i] ? 1 : 0;
        }
        double share = (double) missed / labels.length;
        return new Judgement(
                labels.length,
                share,
                missed == 0 || missed == labels.length ? Double.NaN : Quality.auc(probabilities, labels),
                Quality.brier(probabilities, labels),
                share * (1 - share),
                Quality.calibrationError(probabilities, labels, BINS),
                Quality.reliability(probabilities, labels, BINS));
    }

    /** Rows by the stage that had ended. */
    static List<Row> after(Stage stage, List<Row> rows) {
        return rows.stream().filter(row -> row.after() == stage).toList();
    }

    /**
     * Lets a model predict for payments of a later time.
     *
     * @param threshold from which probability on a payment is at risk
     * @param acts whether that has consequences
     */
    static Warning watch(BreachModel model, long seed, int spans, double threshold, boolean acts) {
        Policy policy = new Policy(model::probability, threshold, acts);
        List<Fate> fates = Simulation.fates(Window.LATER, seed, spans, policy);
        double[] leads = fates.stream()
                .filter(fate -> fate.foreseenNanos() >= 0)
                .mapToDouble(fate -> fate.foreseenNanos() / 1e6)
                .sorted()
                .toArray();
        List<Double> quantiles = new ArrayList<>();
        for (double share : new double[] {0.1, 0.5, 0.9}) {
            quantiles.add(leads.length == 0 ? Double.NaN : leads[(int) (share * (leads.length - 1))]);
        }
        return new Warning(
                fates.size(),
                count(fates, Fate::missed),
                leads.length,
                count(fates, Fate::foreseen),
                quantiles,
                count(fates, Fate::unserved),
                fates.stream().mapToDouble(Fate::tookNanos).average().orElse(0) / 1e6);
    }

    private static int count(List<Fate> fates, Predicate<Fate> which) {
        return (int) fates.stream().filter(which).count();
    }
}
