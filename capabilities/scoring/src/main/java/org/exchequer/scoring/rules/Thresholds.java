package org.exchequer.scoring.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.datasketches.tdigest.TDigestDouble;
import org.exchequer.scoring.features.Feature;
import org.exchequer.scoring.rules.Parameter.Adaptive;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that follow the traffic: each the quantile of what was observed, recomputed every {@link #EVERY}
 * observations over the last one to two {@link #GENERATION}s, and loosened or tightened by what reviewers say of hits.
 * Three bounds keep whoever makes traffic from moving a threshold at will: the parameter's own, a fifth of its value a
 * step, and a factor of two for feedback.
 */
final class Thresholds {
    /** Observations before a threshold first moves, and between two steps. */
    static final int EVERY = 1_000;

    static final int GENERATION = 50_000;

    /** Feedbacks a rule's factor waits for. */
    static final int FEEDBACKS = 50;

    /** Share of false alarms in percent above which a rule is loosened; below half of it, it is tightened. */
    static final int MOST_FALSE_PERCENT = 80;

    private static final double STEP = 0.2;
    private static final double REVIEW_STEP = 1.1;
    private static final double MOST_FACTOR = 2;

    private static final class Followed {
        final int rule;
        final int place;
        final Parameter parameter;
        final Adaptive adaptive;
        TDigestDouble current = new TDigestDouble();

        @Nullable
        TDigestDouble before;

        Followed(int rule, int place, Parameter parameter, Adaptive adaptive) {
            this.rule = rule;
            this.place = place;
            this.parameter = parameter;
            this.adaptive = adaptive;
        }
    }

    private final List<Followed> followed = new ArrayList<>();
    private final int[] fine;
    private final int[] wrong;
    private final double[] factors;
    private int observed;
    /** Replaced as a whole, so that a reader sees one step of all thresholds. */
    private volatile long[][] values;

    Thresholds(List<Rule> rules) {
        values = new long[rules.size()][];
        fine = new int[values.length];
        wrong = new int[values.length];
        factors = new double[values.length];
        for (int rule = 0; rule < values.length; rule++) {
            List<Parameter> parameters = rules.get(rule).parameters();
            values[rule] = parameters.stream().mapToLong(Parameter::standard).toArray();
            factors[rule] = 1;
            for (int place = 0; place < parameters.size(); place++) {
                Adaptive adaptive = parameters.get(place).adaptive();
                if (adaptive != null) {
                    followed.add(new Followed(rule, place, parameters.get(place), adaptive));
                }
            }
        }
    }

    synchronized void observe(Subject subject) {
        for (Followed each : followed) {
            float value = subject.of(each.adaptive.feature());
            if (!Float.isNaN(value)) {
                // Of amounts the number itself, not its logarithm.
                boolean size = each.adaptive.feature() == Feature.AMOUNT_LOG;
                each.current.update(size ? subject.event().baseMinor() : value);
            }
        }
        observed++;
        if (observed % EVERY == 0) {
            step();
        }
        if (observed == GENERATION) {
            observed = 0;
            for (Followed each : followed) {
                each.before = each.current;
                each.current = new TDigestDouble();
            }
        }
    }

    private void step() {
        long[][] next = new long[values.length][];
        for (int rule = 0; rule < next.length; rule++) {
            next[rule] = values[rule].clone();
        }
        for (Followed each : followed) {
            TDigestDouble all = new TDigestDouble();
            all.merge(each.current);
            if (each.before != null) {
                all.merge(each.before);
            }
            if (all.getTotalWeight() >= EVERY) {
                double quantile = all.getQuantile((double) each.adaptive.quantile() / Adaptive.WHOLE);
                double now = next[each.rule][each.place];
                double wish = Math.clamp(
                        quantile * factors[each.rule], now - Math.max(1, now * STEP), now + Math.max(1, now * STEP));
                next[each.rule][each.place] =
                        Math.clamp(Math.round(wish), each.parameter.least(), each.parameter.most());
            }
        }
        values = next;
    }

    /** What a reviewer found: whether a hit was fraud. */
    synchronized void feedback(int rule, boolean fraud) {
        if (fraud) {
            fine[rule]++;
        } else {
            wrong[rule]++;
        }
        int all = fine[rule] + wrong[rule];
        if (all == FEEDBACKS) {
            int percent = 100 * wrong[rule] / all;
            if (percent > MOST_FALSE_PERCENT) {
                factors[rule] = Math.min(MOST_FACTOR, factors[rule] * REVIEW_STEP);
            } else if (percent < MOST_FALSE_PERCENT / 2) {
                factors[rule] = Math.max(1 / MOST_FACTOR, factors[rule] / REVIEW_STEP);
            }
            fine[rule] = 0;
            wrong[rule] = 0;
        }
    }

    long[][] values() {
        return values;
    }

    /** Of the parameters that follow the traffic, in the order of rules and parameters, as {@link RuleBook#merged}. */
    static long[] followed(List<Rule> rules, long[][] values) {
        long[] followed = new long
                [rules.stream().mapToInt(rule -> rule.parameters().size()).sum()];
        int count = 0;
        for (int rule = 0; rule < values.length; rule++) {
            for (int place = 0; place < values[rule].length; place++) {
                if (follows(rules.get(rule), place)) {
                    followed[count++] = values[rule][place];
                }
            }
        }
        return java.util.Arrays.copyOf(followed, count);
    }

    /** Whether a parameter follows the traffic at all. */
    static boolean follows(Rule rule, int place) {
        return rule.parameters().get(place).adaptive() != null;
    }
}
