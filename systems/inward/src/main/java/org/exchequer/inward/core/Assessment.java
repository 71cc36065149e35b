package org.exchequer.inward.core;

import java.util.List;
import java.util.UUID;
import org.exchequer.scoring.explain.Evidence;
import org.exchequer.scoring.features.Event;
import org.exchequer.scoring.model.Outcome;
import org.exchequer.scoring.rules.Action;
import org.jspecify.annotations.Nullable;

/**
 * How a payment was scored.
 *
 * @param number its place in the order in which payments were seen
 * @param node that scored it
 * @param event the payment under pseudonyms, as features see it
 * @param evidence what the model was given and what it said, with the decision
 * @param refused whether the payment is refused for it
 * @param rules that hit, in order of priority
 * @param ruleAction what the first of them asks for
 * @param ruleVersion of the settings of the rules
 * @param followed what the traffic asked then of the rules' numbers that follow it
 * @param payerBank first eight characters of its BIC; empty when it is not known
 * @param payeeBank of the other
 * @param warm whether models could refuse
 * @param explanation for a person; null for what is approved
 * @param tookNanos to score it
 */
public record Assessment(
        UUID payment,
        long number,
        String node,
        Event event,
        Evidence evidence,
        boolean refused,
        List<String> rules,
        String ruleAction,
        long ruleVersion,
        List<Long> followed,
        String payerBank,
        String payeeBank,
        boolean warm,
        @Nullable String explanation,
        long tookNanos) {

    /** Whether a payment is refused: models refuse only when enough has been seen, rules that block always. */
    public static boolean refuses(Action rules, Outcome decision, boolean warm) {
        return rules == Action.BLOCK || (warm && (decision == Outcome.REJECT || decision == Outcome.EMERGENCY_REVIEW));
    }

    /** How grave a decision is, for people. */
    public static String level(Outcome decision) {
        return switch (decision) {
            case APPROVE -> "LOW";
            case REVIEW -> "MEDIUM";
            case REJECT -> "HIGH";
            case EMERGENCY_REVIEW -> "CRITICAL";
        };
    }
}
