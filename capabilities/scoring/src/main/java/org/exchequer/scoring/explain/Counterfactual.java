package org.exchequer.scoring.explain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.exchequer.scoring.model.Decision;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Member;
import org.exchequer.scoring.model.Sample;
import org.exchequer.scoring.model.Vector;

/**
 * What would have had to be otherwise for a payment to be approved: the fewest changes, and of those the least, each in
 * distances of the feature's quartiles.
 *
 * <p>Trees change their answer only at their thresholds, so only values next to one are tried. One change is found
 * exactly. More are built up from the most promising ({@value #BEAM} at a time) and then made as small as they still
 * work; a smaller pair may exist. While searching, the models that are no trees are held still; what is found was
 * scored
 * by the whole ensemble.
 */
public final class Counterfactual {
    private static final int BEAM = 16;
    private static final int MOST_CHANGES = 5;
    private static final int MOST_TRIES = 200_000;

    private final Ensemble ensemble;
    private final List<Lever> levers = new ArrayList<>();

    /**
     * A feature that somebody can change, within a range.
     *
     * @param low least value that makes sense
     * @param high greatest value that makes sense
     */
    public record Actionable(String feature, float low, float high) {
        public Actionable {
            if (!(low <= high)) {
                throw new IllegalArgumentException(feature + ": low must not be above high");
            }
        }
    }

    /**
     * One change.
     *
     * @param from the value, {@code NaN} if it was missing
     * @param to the nearest value that does it
     * @param threshold that it passes: {@code to} lies just below it, or on it
     */
    public record Change(String feature, float from, float to, float threshold) {
        public boolean below() {
            return to < threshold;
        }

        /** E.g. {@code "count 1h had been below 4 (it was 9)"}. */
        public String text() {
            String was = Float.isNaN(from) ? "it was not known" : "it was " + Phrases.number(from);
            return String.format(
                    Locale.ROOT,
                    "%s had been %s %s (%s)",
                    Phrases.name(feature),
                    below() ? "below" : "at least",
                    Phrases.number(threshold),
                    was);
        }
    }

    /**
     * What would have passed.
     *
     * @param effort sum of the changes, each in quartile distances of its feature
     * @param sample that passes
     * @param probability that the model gives it
     */
    public record Found(List<Change> changes, double effort, Sample sample, double probability) {
        public String text() {
            return "Would have been approved if "
                    + String.join(" and ", changes.stream().map(Change::text).toList()) + ".";
        }
    }

    /** A feature with the values to try, and which threshold each stands for. */
    private record Lever(String feature, int place, double unit, List<Step> steps) {}

    private record Step(float value, float threshold) {}

    /** A point of the search. */
    private record State(float[] row, List<Change> changes, double effort, double margin) {
        boolean changed(Lever lever) {
            return changes.stream().anyMatch(each -> each.feature().equals(lever.feature()));
        }
    }

    public Counterfactual(Ensemble ensemble, List<Actionable> actionable) {
        this.ensemble = ensemble;
        for (Actionable each : actionable) {
            int place = ensemble.parts().features().place(each.feature());
            TreeSet<Float> thresholds = new TreeSet<>();
            for (Member member : ensemble.parts().members()) {
                if (member instanceof Member.Trees trees) {
                    for (float threshold : trees.model().thresholds(place)) {
                        thresholds.add(threshold);
                    }
                }
            }
            List<Step> steps = new ArrayList<>();
            for (float threshold : thresholds) {
                for (float value : new float[] {Math.nextDown(threshold), threshold}) {
                    if (value >= each.low() && value <= each.high()) {
                        steps.add(new Step(value, threshold));
                    }
                }
            }
            double unit = ensemble.parts().featureBins().get(place).spread();
            levers.add(new Lever(each.feature(), place, unit, steps));
        }
    }

    /**
     * The smallest change that lets a payment pass, everything else as it was: rules, review, history.
     *
     * @param decision on the sample, by this ensemble
     * @param most features to change, 1 to {@value #MOST_CHANGES}
     * @return empty if it passed anyway or no such change was found
     */
    public Optional<Found> search(Decision decision, Sample sample, int most) {
        if (most < 1 || most > MOST_CHANGES) {
            throw new IllegalArgumentException("most: must be 1 to " + MOST_CHANGES);
        }
        if (!decision.score().model().equals(ensemble.id())) {
            throw new IllegalArgumentException(
                    "decision: was made by " + decision.score().model() + ", not by " + ensemble.id());
        }
        if (Explanation.passes(decision.outcome())) {
            return Optional.empty();
        }
        return new Search(decision, sample).run(most);
    }

    private final class Search {
        private final Decision decision;
        private final Sample sample;
        /** What the models that are no trees say, with their weight. */
        private final double still;

        private int tries;

        Search(Decision decision, Sample sample) {
            this.decision = decision;
            this.sample = sample;
            double sum = ensemble.parts().stack().intercept();
            for (int i = 0; i < ensemble.parts().members().size(); i++) {
                Member member = ensemble.parts().members().get(i);
                if (!(member instanceof Member.Trees)) {
                    sum += ensemble.parts().stack().weight(i) * member.score(sample);
                }
            }
            this.still = sum;
        }

        Optional<Found> run(int most) {
            float[] row = sample.features().toArray();
            List<State> beam =
                    List.of(new State(row, List.of(), 0, decision.score().margin()));
            for (int changes = 1; changes <= most; changes++) {
                List<State> next = new ArrayList<>();
                for (State state : beam) {
                    expand(state, next);
                }
                List<State> passing = next.stream()
                        .filter(each -> passes(each.margin()))
                        .sorted(Comparator.comparingDouble(State::effort))
                        .toList();
                for (State state : passing) {
                    Optional<Found> found = verified(state).map(this::smaller);
                    if (found.isPresent()) {
                        return found;
                    }
                }
                next.sort(Comparator.comparingDouble(State::margin));
                beam = distinct(next);
            }
            return Optional.empty();
        }

        private void expand(State state, List<State> next) {
            for (Lever lever : levers) {
                if (state.changed(lever)) {
                    continue;
                }
                for (Step step : lever.steps()) {
                    float from = state.row()[lever.place()];
                    if (step.value() != from && nearest(from, step) && tries++ < MOST_TRIES) {
                        next.add(changed(state, lever, step, from));
                    }
                }
            }
        }

        /** Above the value a threshold itself, below it what lies just under one: the rest is farther for nothing. */
        private boolean nearest(float from, Step step) {
            boolean below = step.value() < step.threshold();
            return Float.isNaN(from) || (below ? step.value() < from : step.value() > from);
        }

        private State changed(State state, Lever lever, Step step, float from) {
            float[] row = state.row().clone();
            row[lever.place()] = step.value();
            List<Change> changes = new ArrayList<>(state.changes());
            changes.add(new Change(lever.feature(), from, step.value(), step.threshold()));
            return new State(row, changes, state.effort() + effort(lever, from, step.value()), margin(row));
        }

        /** Making known what was missing counts as one quartile distance. */
        private double effort(Lever lever, float from, float to) {
            return Float.isNaN(from) ? 1 : Math.abs((double) to - from) / lever.unit();
        }

        private double margin(float[] row) {
            Vector vector = Vector.of(ensemble.parts().features(), row);
            double sum = still;
            for (int i = 0; i < ensemble.parts().members().size(); i++) {
                if (ensemble.parts().members().get(i) instanceof Member.Trees trees) {
                    sum += ensemble.parts().stack().weight(i) * trees.model().margin(vector);
                }
            }
            return sum;
        }

        private boolean passes(double margin) {
            return passesAt(ensemble.parts().calibration().probability(margin));
        }

        private boolean passesAt(double probability) {
            double blended = decision.blend().blended(probability, decision.rules(), decision.review());
            return Explanation.passes(decision.blend().outcome(blended));
        }

        private Optional<Found> verified(State state) {
            Sample changed = new Sample(Vector.of(ensemble.parts().features(), state.row()), sample.history());
            double probability = ensemble.probability(changed);
            return passesAt(probability)
                    ? Optional.of(new Found(List.copyOf(state.changes()), state.effort(), changed, probability))
                    : Optional.empty();
        }

        /** Each change in turn is made as small as the others let it be, or undone. */
        private Found smaller(Found found) {
            Found best = found;
            for (Change change : found.changes()) {
                List<Change> others = best.changes().stream()
                        .filter(each -> !each.feature().equals(change.feature()))
                        .toList();
                State without = state(others);
                List<State> options = new ArrayList<>(List.of(without));
                for (Lever lever : levers) {
                    if (lever.feature().equals(change.feature())) {
                        for (Step step : lever.steps()) {
                            if (step.value() != change.from() && nearest(change.from(), step)) {
                                options.add(changed(without, lever, step, change.from()));
                            }
                        }
                    }
                }
                double least = best.effort();
                best = options.stream()
                        .filter(each -> each.effort() < least && passes(each.margin()))
                        .sorted(Comparator.comparingDouble(State::effort))
                        .flatMap(each -> verified(each).stream())
                        .findFirst()
                        .orElse(best);
            }
            return best;
        }

        private State state(List<Change> changes) {
            State state = new State(sample.features().toArray(), List.of(), 0, 0);
            for (Change change : changes) {
                for (Lever lever : levers) {
                    if (lever.feature().equals(change.feature())) {
                        state = changed(state, lever, new Step(change.to(), change.threshold()), change.from());
                    }
                }
            }
            return changes.isEmpty()
                    ? new State(state.row(), List.of(), 0, decision.score().margin())
                    : state;
        }

        /** Of each set of features the most promising. */
        private List<State> distinct(List<State> ranked) {
            TreeSet<String> seen = new TreeSet<>();
            List<State> beam = new ArrayList<>();
            for (State state : ranked) {
                String features = state.changes().stream()
                        .map(Change::feature)
                        .sorted()
                        .toList()
                        .toString();
                if (beam.size() < BEAM && seen.add(features)) {
                    beam.add(state);
                }
            }
            return beam;
        }
    }
}
