package org.exchequer.scoring.model;

import java.util.List;

/**
 * What an ensemble says about one payment, with its reasons: {@code base} plus all points is {@code margin}.
 *
 * @param model name and version of the ensemble, e.g. {@code payments@4}
 * @param probability of fraud, calibrated
 * @param interval of it, 90 %
 * @param margin before calibration, in log odds: ranks payments whose probabilities are equal
 * @param members what each model said
 * @param base the margin of a payment of which nothing is known
 * @param contributions of every feature in the schema's order, then of every member that is no tree model
 */
public record Score(
        String model,
        double probability,
        Calibration.Interval interval,
        double margin,
        List<MemberScore> members,
        double base,
        List<Contribution> contributions) {

    /**
     * @param score in the member's own measure
     * @param weight in the stack
     */
    public record MemberScore(String member, double score, double weight) {}

    /**
     * @param what feature or member
     * @param value of the feature, {@code NaN} if it is missing; a member's score
     * @param points what it moved the margin by, in log odds
     */
    public record Contribution(String what, float value, double points) {}
}
