package org.exchequer.scoring.model;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How the model's probability, the rules' score and a reviewer's score become one, and what follows from it. Values of
 * the configuration, not constants: a bank's appetite for risk is its own.
 *
 * <p>What is not there gives its weight to the others in proportion: without a reviewer's score the model counts 70/95
 * and the rules 25/95. Taking it for 0 would let whatever was not yet reviewed through more easily.
 *
 * @param modelWeight 0 to 1
 * @param ruleWeight 0 to 1
 * @param reviewWeight 0 to 1; the three sum to 1
 * @param approveBelow scores below are approved
 * @param rejectFrom scores from here on are rejected
 * @param emergencyFrom scores from here on call a person at once
 */
public record Blend(
        double modelWeight,
        double ruleWeight,
        double reviewWeight,
        double approveBelow,
        double rejectFrom,
        double emergencyFrom) {
    private static final double ROUNDING = 1e-9;

    public Blend {
        weight("model-weight", modelWeight);
        weight("rule-weight", ruleWeight);
        weight("review-weight", reviewWeight);
        if (Math.abs(modelWeight + ruleWeight + reviewWeight - 1) > ROUNDING) {
            throw new IllegalArgumentException("model-weight, rule-weight and review-weight: must sum to 1");
        }
        if (!(approveBelow >= 0 && approveBelow <= rejectFrom && rejectFrom <= emergencyFrom && emergencyFrom <= 1)) {
            throw new IllegalArgumentException(
                    "approve-below, reject-from and emergency-from: must be 0 to 1, none less than the one before");
        }
    }

    /** 70, 25 and 5 hundredths; approved below 0.1, rejected from 0.7, an emergency from 0.9. */
    public static Blend usual() {
        return new Blend(0.70, 0.25, 0.05, 0.1, 0.7, 0.9);
    }

    /**
     * {@link #usual} with what is given in its place, under the names in the error messages.
     *
     * @throws IllegalArgumentException naming the value and the rule
     */
    public static Blend of(Map<String, Double> values) {
        Blend usual = usual();
        for (String name : values.keySet()) {
            switch (name) {
                case "model-weight",
                        "rule-weight",
                        "review-weight",
                        "approve-below",
                        "reject-from",
                        "emergency-from" -> {}
                default -> throw new IllegalArgumentException(name + ": is no value of a blend");
            }
        }
        return new Blend(
                values.getOrDefault("model-weight", usual.modelWeight),
                values.getOrDefault("rule-weight", usual.ruleWeight),
                values.getOrDefault("review-weight", usual.reviewWeight),
                values.getOrDefault("approve-below", usual.approveBelow),
                values.getOrDefault("reject-from", usual.rejectFrom),
                values.getOrDefault("emergency-from", usual.emergencyFrom));
    }

    /**
     * @param rules 0 to 1, if rules were asked
     * @param review 0 to 1, if a person has scored it
     */
    public Decision decide(Score score, OptionalDouble rules, OptionalDouble review) {
        double blended = blended(score.probability(), rules, review);
        return new Decision(score, rules, review, blended, outcome(blended), this);
    }

    /** The three as one, 0 to 1. */
    public double blended(double probability, OptionalDouble rules, OptionalDouble review) {
        double sum = modelWeight * probability;
        double weights = modelWeight;
        if (rules.isPresent()) {
            sum += ruleWeight * unit("rule score", rules.getAsDouble());
            weights += ruleWeight;
        }
        if (review.isPresent()) {
            sum += reviewWeight * unit("review score", review.getAsDouble());
            weights += reviewWeight;
        }
        return weights > 0 ? sum / weights : probability;
    }

    public Outcome outcome(double blended) {
        if (blended >= emergencyFrom) {
            return Outcome.EMERGENCY_REVIEW;
        }
        if (blended >= rejectFrom) {
            return Outcome.REJECT;
        }
        return blended < approveBelow ? Outcome.APPROVE : Outcome.REVIEW;
    }

    private static void weight(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + ": must be 0 to 1");
        }
    }

    private static double unit(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new InvalidSampleException(what + ": must be 0 to 1");
        }
        return value;
    }
}
