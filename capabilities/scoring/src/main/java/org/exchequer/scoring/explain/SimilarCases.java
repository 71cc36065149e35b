package org.exchequer.scoring.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.model.Score;

/**
 * Earlier payments that were scored for the same reasons: nearest in the space of contributions, not of features, so
 * that what the model does not care about does not count. The newest {@code most} are kept, about 4 bytes for each
 * contribution of each. Points of different models do not compare: only cases of the same model are found. Thread safe.
 */
public final class SimilarCases {
    private final int most;
    private final LinkedHashMap<String, Case> cases = new LinkedHashMap<>();

    /** What became of a case. */
    public enum Label {
        UNKNOWN,
        HARMLESS,
        FRAUD
    }

    /**
     * @param distance between the contributions, in log odds; 0 for the very same reasons
     */
    public record Similar(String id, double distance, double probability, Outcome outcome, Label label) {}

    private static final class Case {
        private final String id;
        private final String model;
        private final float[] points;
        private final double probability;
        private final Outcome outcome;
        private Label label = Label.UNKNOWN;

        Case(String id, Decision decision) {
            this.id = id;
            this.model = decision.score().model();
            this.points = points(decision.score());
            this.probability = decision.score().probability();
            this.outcome = decision.outcome();
        }
    }

    /** @param most cases in memory, 1 to 1,000,000 */
    public SimilarCases(int most) {
        if (most < 1 || most > 1_000_000) {
            throw new IllegalArgumentException("most: must be 1 to 1,000,000");
        }
        this.most = most;
    }

    /** The same id again changes nothing. */
    public synchronized void add(String id, Decision decision) {
        cases.putIfAbsent(id, new Case(id, decision));
        if (cases.size() > most) {
            cases.pollFirstEntry();
        }
    }

    /** @return whether the case is still known */
    public synchronized boolean label(String id, boolean fraud) {
        Optional<Case> found = Optional.ofNullable(cases.get(id));
        found.ifPresent(each -> each.label = fraud ? Label.FRAUD : Label.HARMLESS);
        return found.isPresent();
    }

    /** The nearest first; of equally near ones the older. */
    public synchronized List<Similar> nearest(Score score, int count) {
        float[] points = points(score);
        PriorityQueue<Similar> kept = new PriorityQueue<>(
                Comparator.comparingDouble(Similar::distance).reversed());
        for (Case each : cases.values()) {
            if (!each.model.equals(score.model()) || count < 1) {
                continue;
            }
            double distance = distance(points, each.points);
            Similar farthest = kept.peek();
            if (kept.size() < count || (farthest != null && distance < farthest.distance())) {
                kept.add(new Similar(each.id, distance, each.probability, each.outcome, each.label));
                if (kept.size() > count) {
                    kept.remove();
                }
            }
        }
        List<Similar> nearest = new ArrayList<>(kept);
        nearest.sort(Comparator.comparingDouble(Similar::distance));
        return nearest;
    }

    private static float[] points(Score score) {
        float[] points = new float[score.contributions().size()];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) score.contributions().get(i).points();
        }
        return points;
    }

    private static double distance(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            double difference = (double) one[i] - other[i];
            sum += difference * difference;
        }
        return Math.sqrt(sum);
    }
}
