package org.exchequer.scoring.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.exchequer.scoring.model.TreeModel;

/**
 * Gradient boosting by the native XGBoost. Holds native memory until closed. The model itself is taken out by {@link
 * #trees} and served without native code; {@link #margins} and {@link #contributions} are the library's own answers, to
 * compare with.
 */
public final class BoostedTrees implements AutoCloseable {
    private final Booster booster;
    private final int columns;

    /**
     * How to train.
     *
     * @param rounds trees, 1 or more
     * @param depth splits on the longest path, 1 to 10
     * @param learningRate above 0, at most 1
     * @param rowShare of the rows that each tree sees, above 0, at most 1
     * @param columnShare of the columns that each tree sees, above 0, at most 1
     * @param leastWeight sum of second derivatives in a leaf, at least
     * @param threads 1 gives the same model each time on one machine
     */
    public record Settings(
            int rounds,
            int depth,
            double learningRate,
            double rowShare,
            double columnShare,
            double leastWeight,
            int seed,
            int threads) {
        public static Settings usual(int seed) {
            return new Settings(120, 5, 0.1, 0.8, 0.8, 2, seed, 2);
        }

        public Settings rounds(int other) {
            return new Settings(other, depth, learningRate, rowShare, columnShare, leastWeight, seed, threads);
        }

        public Settings depth(int other) {
            return new Settings(rounds, other, learningRate, rowShare, columnShare, leastWeight, seed, threads);
        }

        public Settings threads(int other) {
            return new Settings(rounds, depth, learningRate, rowShare, columnShare, leastWeight, seed, other);
        }

        Map<String, Object> parameters() {
            Map<String, Object> all = new HashMap<>();
            all.put("objective", "binary:logistic");
            all.put("eval_metric", "logloss");
            all.put("tree_method", "hist");
            all.put("base_score", 0.5);
            all.put("max_depth", depth);
            all.put("eta", learningRate);
            all.put("subsample", rowShare);
            all.put("colsample_bytree", columnShare);
            all.put("min_child_weight", leastWeight);
            all.put("seed", seed);
            all.put("nthread", threads);
            all.put("verbosity", 0);
            return all;
        }
    }

    private BoostedTrees(Booster booster, int columns) {
        this.booster = booster;
        this.columns = columns;
    }

    /**
     * @param rows of equal length, {@code NaN} for missing
     * @throws TrainingException if there is nothing to learn from
     */
    public static BoostedTrees fit(float[][] rows, boolean[] labels, Settings settings) {
        if (rows.length == 0 || rows.length != labels.length) {
            throw new TrainingException(
                    rows.length + " rows with " + labels.length + " labels: need as many, and some");
        }
        float[] numbers = new float[labels.length];
        int positives = 0;
        for (int i = 0; i < labels.length; i++) {
            numbers[i] = labels[i] ? 1 : 0;
            positives += labels[i] ? 1 : 0;
        }
        if (positives == 0 || positives == labels.length) {
            throw new TrainingException("labels: all are the same, there is nothing to tell apart");
        }
        DMatrix data = null;
        try {
            data = matrix(rows);
            data.setLabel(numbers);
            Booster booster = XGBoost.train(data, settings.parameters(), settings.rounds(), Map.of(), null, null);
            return new BoostedTrees(booster, rows[0].length);
        } catch (XGBoostError e) {
            throw new TrainingException("XGBoost could not train", e);
        } finally {
            if (data != null) {
                data.dispose();
            }
        }
    }

    /** The model for vectors of which all columns, and only they, are in use. */
    public TreeModel trees() {
        int[] places = new int[columns];
        Arrays.setAll(places, i -> i);
        return trees(places, columns);
    }

    /**
     * The model for larger vectors.
     *
     * @param places where each column that was trained on stands in the vector
     * @param features of the vector
     */
    public TreeModel trees(int[] places, int features) {
        try {
            return XgboostJson.read(booster.toByteArray("json"), places, features);
        } catch (XGBoostError e) {
            throw new TrainingException("XGBoost could not write its model", e);
        }
    }

    /** Log odds of each row. */
    public float[] margins(float[][] rows) {
        return flat(rows, data -> booster.predict(data, true));
    }

    /** Probability of each row. */
    public float[] probabilities(float[][] rows) {
        return flat(rows, booster::predict);
    }

    /** Of each row the contributions of its columns, then the base. */
    public float[][] contributions(float[][] rows) {
        return ask(rows, data -> booster.predictContrib(data, 0));
    }

    private interface Question {
        float[][] ask(DMatrix data) throws XGBoostError;
    }

    private static float[] flat(float[][] rows, Question question) {
        float[][] answers = ask(rows, question);
        float[] flat = new float[answers.length];
        for (int i = 0; i < flat.length; i++) {
            flat[i] = answers[i][0];
        }
        return flat;
    }

    private static float[][] ask(float[][] rows, Question question) {
        DMatrix data = null;
        try {
            data = matrix(rows);
            return question.ask(data);
        } catch (XGBoostError e) {
            throw new TrainingException("XGBoost could not predict", e);
        } finally {
            if (data != null) {
                data.dispose();
            }
        }
    }

    private static DMatrix matrix(float[][] rows) throws XGBoostError {
        int width = rows[0].length;
        float[] flat = new float[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * width, width);
        }
        return new DMatrix(flat, rows.length, width, Float.NaN);
    }

    @Override
    public void close() {
        booster.dispose();
    }
}
