package org.exchequer.inward.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How payments are scored for fraud, why, by what, and how good that is. Scores are 0 to 1. */
public interface Fraud {
    /** Fewest and most payments of a queue. */
    int MOST_WAITING = 500;

    /** Longest note or reason, in characters. */
    int MOST_TEXT = 500;

    /** A system that offers it. */
    interface Source {
        Fraud fraud();

        /** What it is judged by. */
        FraudSettings fraudSettings();
    }

    /** Most accounts of a network. */
    int MOST_NODES = 150;

    /**
     * How one payment was decided.
     *
     * @param model and version; empty for none
     * @param fingerprint SHA-256 of the model's file
     * @param probability that the model gave it
     * @param ruleScore of the rules
     * @param score of both
     * @param level LOW, MEDIUM, HIGH or CRITICAL
     * @param decision APPROVE, REVIEW, REJECT or EMERGENCY_REVIEW
     * @param refused whether the payment was refused for it: not while little has been seen
     * @param rules that hit
     * @param fraud what a person said last; null while nobody has
     */
    record Verdict(
            UUID payment,
            Instant at,
            String model,
            String fingerprint,
            double probability,
            double ruleScore,
            double score,
            String level,
            String decision,
            boolean refused,
            List<String> rules,
            String amount,
            String currency,
            String state,
            long tookMicros,
            @Nullable Boolean fraud) {}

    /** One reason: points in log odds, share of all that moved the score, and a sentence. */
    record Reason(String what, double points, double share, String sentence) {}

    /** A payment that was scored for the same reasons; the distance is in log odds. */
    record Similar(String payment, double distance, double probability, String decision, String label) {}

    /** What a person said. */
    record Said(boolean fraud, @Nullable String note, String by, Instant at) {}

    /**
     * Why.
     *
     * @param text for a person
     * @param base what the score starts from, in log odds: base and all points are the margin
     * @param reasons the strongest first
     * @param rest what all others moved it by
     * @param wouldPass the fewest changes with which it would have been approved; null where it was, or none is known
     * @param replayed SAME when the model gives the same bits again, else what is different
     */
    record Explained(
            Verdict verdict,
            String text,
            double base,
            double margin,
            List<Reason> reasons,
            double rest,
            @Nullable String wouldPass,
            List<Similar> similar,
            List<Said> said,
            String replayed) {}

    /** A version that is installed, and whom it serves: champion, challenger, canary, shadow, previous or empty. */
    record Version(
            String id, String role, int percent, String trained, double auc, double recallAt1, double recallAt5) {}

    /**
     * How far what comes has moved from what a model was trained on.
     *
     * @param index stability index over the last one to two days
     * @param level TOO_FEW, STEADY, WATCH or SHIFTED
     * @param indexHour the same over the last one to two hours
     * @param alarm whether one of them is at the alarm or above it
     */
    record Moved(String what, double index, String level, double indexHour, String levelHour, boolean alarm) {}

    /**
     * How a version does.
     *
     * @param seen payments on this node within the last one to two days
     * @param moved the score and all features: alarms first, then those that moved most
     * @param waiting decisions that are too young to count
     */
    record Service(
            String model,
            long seen,
            List<Moved> moved,
            long caught,
            long missed,
            long falseAlarms,
            long passed,
            long waiting) {}

    /** How much a feature matters to the champion in general. */
    record Importance(String what, double points, double share) {}

    /**
     * What serves.
     *
     * @param warm whether models may refuse by now
     * @param alarm index from which a feature counts as shifted
     * @param shifted what is there, as sentences
     * @param problem why this node does not serve what was approved; null while it does
     */
    record ModelState(
            List<Version> versions,
            List<Service> services,
            List<Importance> importance,
            boolean warm,
            double alarm,
            List<String> shifted,
            @Nullable String problem) {}

    /** Payments of one decision within the last 24 hours. */
    record Count(String decision, long payments, long refused, long frauds, long harmless, double meanMicros) {}

    /** Payments with a score from {@code from} on, a twentieth wide. */
    record Bar(double from, long payments, long frauds, long harmless) {}

    /**
     * The last 24 hours.
     *
     * @param review scores from here on are reviewed
     * @param reject from here on refused
     * @param emergency from here on a person is called at once
     */
    record Overview(
            List<Count> counts,
            List<Bar> histogram,
            double review,
            double reject,
            double emergency,
            long waiting,
            boolean warm) {}

    /**
     * How a rule does.
     *
     * @param on whether it is asked
     * @param evaluations on this node since its start, as are the next three
     * @param flagged payments of the last 30 days that it hit, on all nodes
     * @param frauds of them that people said to be fraud
     * @param harmless or harmless: the precision is frauds of both together
     */
    record RuleLine(
            String rule,
            String category,
            int priority,
            String text,
            String action,
            boolean on,
            long evaluations,
            long unknown,
            long hits,
            double meanNanos,
            long flagged,
            long frauds,
            long harmless,
            List<FraudSettings.Value> numbers) {}

    /**
     * An account in a network.
     *
     * @param id pseudonym
     * @param role PAYER or PAYEE of the payment that was asked for, else OTHER
     * @param score the highest of its payments here
     * @param fraud whether somebody said that one of them was fraud
     */
    record Node(String id, String role, String country, long payments, double score, boolean fraud) {}

    /**
     * Payments from one account to another within 30 days.
     *
     * @param payment the newest of them
     */
    record Edge(String from, String to, long payments, double score, boolean fraud, UUID payment) {}

    /**
     * Whom the parties of a payment paid and were paid by, and whom those did, within 30 days.
     *
     * @param most accounts that it shows
     * @param capped whether there are more than it shows
     */
    record Network(UUID payment, int most, boolean capped, List<Node> nodes, List<Edge> edges) {}

    /** What can be done about which model serves. */
    enum ModelAction {
        /** Makes a version champion. */
        PROMOTE,
        /** Gives a version a share of the accounts. */
        CHALLENGE,
        /** Lets a version score along. */
        SHADOW,
        /** Ends a trial or a shadow. */
        WITHDRAW,
        /** Ends the trial, else brings back the champion before. */
        ROLLBACK
    }

    /**
     * A change of which model serves.
     *
     * @param percent of a challenger
     * @param state PROPOSED, APPROVED, REJECTED or FAILED
     */
    record ModelChange(
            UUID id,
            ModelAction action,
            @Nullable String model,
            @Nullable Integer percent,
            String reason,
            String proposedBy,
            Instant proposedAt,
            String state,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt) {}

    /** What came of a step. */
    sealed interface Step {
        record Done(ModelChange change) implements Step {}

        /** It cannot be. */
        record Refused(String code, String why) implements Step {}
    }

    /** Empty when the payment was never scored: rules alone decided, or it did not come so far. */
    Optional<Explained> explain(UUID payment);

    /** Those of the payments that were scored. */
    Set<UUID> scored(List<UUID> payments);

    /**
     * Notes what became of a payment; the last word counts.
     *
     * @return false when the payment was never scored
     */
    boolean say(UUID payment, boolean fraud, @Nullable String note, String by);

    /** What waits for a person: not approved, and nothing said; the highest scores first. */
    List<Verdict> queue(int limit);

    Overview overview();

    /** Empty when the payment was never scored. */
    Optional<Network> network(UUID payment);

    ModelState models();

    List<RuleLine> rules();

    /** The newest changes. */
    List<ModelChange> changes();

    /**
     * Proposes a change, which another person decides.
     *
     * @param id of the proposal; the same again is the same proposal
     */
    Step propose(
            UUID id, ModelAction action, @Nullable String model, @Nullable Integer percent, String reason, String by);

    /** Decides one; who proposed it may not. */
    Step decide(UUID change, boolean approve, String by);
}
