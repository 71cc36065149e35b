package org.exchequer.app.cli.inward;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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
            int rows, double share, double auc, double brier, double constant, double error, List<Quality.Reliability> bins) {}

    /**
     * How early payments were held to be at risk.
     *
     * @param missed payments that missed their time
     * @param foreseen of these, held to be at risk before
     * @param alarms payments that were held to be at risk
     * @param right of these, missed their time later
     * @param leadMs how long before, of those foreseen: 10th, 50th and 90th percentile
     */
    record Warning(int payments, int missed, int foreseen, int alarms, int right, List<Double> leadMs) {}

    /** What became of payments. */
    record Served(int payments, int missed, int unserved, double p99Ms) {}

    static List<Example> examples(List<Row> rows) {
        return rows.stream()
                .map(row -> new Example(BreachModel.sample(row.features()), row.missed()))
                .toList();
    }

    static List<Row> rows(Window window, long seed, int wanted) {
        return Simulation.run(window, seed, wanted, Policy.NONE, KEPT).rows();
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
            probabilities[i] = ensemble.probability(BreachModel.sample(rows.get(i).features()));
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

    /** Payments of a later time, of which predictions are made without consequences. */
    static Warning warning(BreachModel model, long seed, int wanted, double threshold) {
        List<Fate> fates = Simulation.run(
                        Window.LATER, seed, wanted, new Policy(model::probability, threshold, false), 1)
                .fates();
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
                count(fates.stream().map(Fate::missed).toArray(Boolean[]::new)),
                leads.length,
                count(fates.stream().map(Fate::foreseen).toArray(Boolean[]::new)),
                leads.length,
                quantiles);
    }

    /** The same payments and partners, with consequences or without. */
    static Served served(BreachModel model, long seed, int wanted, double threshold, boolean acts) {
        List<Fate> fates = Simulation.run(
                        Window.LATER, seed, wanted, new Policy(model::probability, threshold, acts), 1)
                .fates();
        return new Served(
                fates.size(),
                count(fates.stream().map(Fate::missed).toArray(Boolean[]::new)),
                count(fates.stream().map(Fate::unserved).toArray(Boolean[]::new)),
                fates.stream().mapToDouble(Fate::tookNanos).average().orElse(0) / 1e6);
    }

    private static int count(Boolean[] flags) {
        return (int) Arrays.stream(flags).filter(flag -> flag).count();
    }
}
