package org.exchequer.screening.quality;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.exchequer.screening.match.Feature;
import org.exchequer.screening.match.NameModel;
import org.exchequer.screening.match.ParsedName;
import org.exchequer.screening.match.TokenWeights;

/**
 * Fits the model to labelled pairs and says how good it is on pairs it was not fitted to.
 *
 * <p>Pairs about the same second name are in the same fold. In each of {@value #FOLDS} folds, {@value #REPEATS}
 * times over, the coefficients are fitted and the threshold is chosen on the other folds only. Five coefficients are
 * pinned, since the pairs have hardly a case that would teach them: how little a single common word says, for one,
 * shows only among thousands of listed names.
 */
public final class CrossValidation {
    public static final int FOLDS = 10;
    public static final int REPEATS = 10;
    private static final double PENALTY = 0.5;
    private static final int STEPS = 20;
    private static final double PLATEAU = 0.005;

    private CrossValidation() {}

    /** Right and wrong answers; a match that is found is right. */
    public record Counts(int found, int falselyFound, int missed) {
        /** Twice what was found, over that and both kinds of error: the harmonic mean of precision and recall. */
        public double f1() {
            return 2.0 * found / (2.0 * found + falselyFound + missed);
        }

        Counts plus(boolean said, boolean match) {
            return new Counts(
                    found + (said && match ? 1 : 0),
                    falselyFound + (said && !match ? 1 : 0),
                    missed + (!said && match ? 1 : 0));
        }
    }

    /**
     * What came out.
     *
     * @param pairs how many
     * @param heldOutF1 with coefficients and threshold from the other folds, mean over repeats
     * @param heldOutF1AtThreshold with coefficients from the other folds, at {@code threshold}
     * @param threshold the highest step of 0.05 whose held-out F1 is within {@value #PLATEAU} of the best: of
     * thresholds that
     *     are as good, the one that alerts on fewest harmless names (after Breiman's one-standard-error rule, 1984)
     * @param heldOutF1BySteps at 0.05, 0.10, ... 0.95
     * @param levenshteinF1 the same of plain edit distance over length, its threshold chosen the same way
     * @param coefficients fitted to all pairs, in the order of {@link Feature}
     */
    public record Result(
            int pairs,
            double heldOutF1,
            double heldOutF1AtThreshold,
            double threshold,
            List<Double> heldOutF1BySteps,
            double levenshteinF1,
            double[] coefficients) {}

    /** Coefficients that are given, {@code NaN} for those that are fitted. */
    private static double[] pinned() {
        double[] pinned = new double[Feature.values().length];
        Arrays.fill(pinned, Double.NaN);
        pinned[Feature.CONTRADICTION.ordinal()] = -1;
        pinned[Feature.THIN.ordinal()] = -1.2;
        pinned[Feature.NUMBER.ordinal()] = -0.5;
        pinned[Feature.INITIAL.ordinal()] = -0.3;
        pinned[Feature.SYLLABLES.ordinal()] = -0.8;
        pinned[Feature.LONE.ordinal()] = -1.2;
        return pinned;
    }

    public static Result run(List<LabelledPair> pairs, TokenWeights weights) {
        NameModel blank = new NameModel(new double[Feature.values().length], weights);
        List<double[]> features = new ArrayList<>();
        List<double[]> distances = new ArrayList<>();
        List<Boolean> matches = new ArrayList<>();
        for (LabelledPair pair : pairs) {
            features.add(
                    blank.features(ParsedName.of(pair.one(), pair.type()), ParsedName.of(pair.other(), pair.type())));
            distances.add(new double[] {levenshtein(pair)});
            matches.add(pair.match());
        }
        double heldOut = 0;
        double levenshtein = 0;
        double[] bySteps = new double[STEPS + 1];
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            int[] folds = folds(pairs, repeat);
            double[] scores = new double[pairs.size()];
            heldOut += heldOut(features, matches, folds, true, scores).f1() / REPEATS;
            levenshtein += heldOut(distances, matches, folds, false, new double[pairs.size()])
                            .f1()
                    / REPEATS;
            for (int step = 1; step < STEPS; step++) {
                bySteps[step] += at((double) step / STEPS, scores, matches).f1() / REPEATS;
            }
        }
        double best = Arrays.stream(bySteps).max().orElse(0);
        int chosen = 1;
        for (int step = 1; step < STEPS; step++) {
            chosen = bySteps[step] >= best - PLATEAU ? step : chosen;
        }
        double[] coefficients = LogisticFit.fit(features, matches, PENALTY, pinned());
        return new Result(
                pairs.size(),
                heldOut,
                bySteps[chosen],
                (double) chosen / STEPS,
                Arrays.stream(bySteps, 1, STEPS).boxed().toList(),
                levenshtein,
                coefficients);
    }

    private static int[] folds(List<LabelledPair> pairs, int repeat) {
        int[] folds = new int[pairs.size()];
        for (int i = 0; i < folds.length; i++) {
            String name = pairs.get(i).other().toLowerCase(Locale.ROOT);
            folds[i] = new Random(31L * name.hashCode() + repeat).nextInt(FOLDS);
        }
        return folds;
    }

    private static Counts heldOut(
            List<double[]> values, List<Boolean> matches, int[] folds, boolean fit, double[] scores) {
        Counts counts = new Counts(0, 0, 0);
        for (int fold = 0; fold < FOLDS; fold++) {
            List<double[]> others = new ArrayList<>();
            List<Boolean> theirs = new ArrayList<>();
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] != fold) {
                    others.add(values.get(i));
                    theirs.add(matches.get(i));
                }
            }
            double[] model = fit ? LogisticFit.fit(others, theirs, PENALTY, pinned()) : new double[0];
            double[] known = others.stream().mapToDouble(x -> score(model, x)).toArray();
            double threshold = bestThreshold(known, theirs);
            for (int i = 0; i < folds.length; i++) {
                if (folds[i] == fold) {
                    scores[i] = score(model, values.get(i));
                    counts = counts.plus(scores[i] >= threshold, matches.get(i));
                }
            }
        }
        return counts;
    }

    private static double score(double[] model, double[] values) {
        return model.length == 0 ? values[0] : LogisticFit.probability(model, values);
    }

    private static double bestThreshold(double[] scores, List<Boolean> matches) {
        double best = 0;
        double bestF1 = -1;
        for (int step = 1; step < 5 * STEPS; step++) {
            double threshold = step / (5.0 * STEPS);
            double f1 = at(threshold, scores, matches).f1();
            if (f1 > bestF1) {
                bestF1 = f1;
                best = threshold;
            }
        }
        return best;
    }

    private static Counts at(double threshold, double[] scores, List<Boolean> matches) {
        Counts counts = new Counts(0, 0, 0);
        for (int i = 0; i < scores.length; i++) {
            counts = counts.plus(scores[i] >= threshold, matches.get(i));
        }
        return counts;
    }

    private static double levenshtein(LabelledPair pair) {
        String one = pair.one().toLowerCase(Locale.ROOT);
        String other = pair.other().toLowerCase(Locale.ROOT);
        int[] last = new int[other.length() + 1];
        Arrays.setAll(last, j -> j);
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int change = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
            }
            last = row;
        }
        return 1 - (double) last[other.length()] / Math.max(1, Math.max(one.length(), other.length()));
    }
}
