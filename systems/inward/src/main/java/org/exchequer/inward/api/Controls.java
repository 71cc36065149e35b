package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What people order while something is wrong: each for a while, each on record, and what lets money pass with fewer
 * checks by two of them. All nodes obey within two seconds, also after a restart.
 */
public interface Controls {
    /** The longest that anything may last. */
    Duration LONGEST = Duration.ofHours(1);

    /** What is in force now. */
    List<Measure> inForce();

    /** What waits for a decision, the oldest first. */
    List<Measure> proposed();

    /** All, the newest first. */
    List<Measure> latest(int limit);

    /** Who did what to a measure, in order. */
    List<Act> acts(long id);

    /**
     * One act.
     *
     * @param what {@code PROPOSED}, {@code APPROVED}, {@code REJECTED}, {@code ENDED}
     * @param note the reason that was given, or nothing
     */
    record Act(Instant at, String what, String by, String note) {}

    /** What is to be ordered; see {@link Measure}. */
    record Draft(
            Measure.Kind kind,
            @Nullable String breaker,
            @Nullable String breakerMode,
            @Nullable Integer extensionMs,
            @Nullable UUID payment,
            @Nullable String messageType,
            @Nullable String currency,
            Duration lasts,
            String reason) {}

    /**
     * Orders what one may order alone; proposes what takes two.
     *
     * @throws org.exchequer.ledger.api.FieldError naming the field that breaks a rule
     */
    Outcome order(Draft draft, String by);

    /** Approves or rejects what somebody else has proposed; who did may only reject it. */
    Outcome decide(long id, boolean approve, String by, String reason);

    /** Ends it now. */
    Outcome end(long id, String by, String reason);

    /** All breakers of this node, by name. */
    List<BreakerView> breakers();

    /** How much this node has to do. */
    Load load();

    /**
     * Payments at this moment.
     *
     * @param working are worked on
     * @param waiting wait for a place
     * @param limit may be worked on at once, as it has adapted
     */
    record Load(int working, int waiting, int limit) {}

    /**
     * A breaker of this node.
     *
     * @param name {@code partner}, {@code partner/operation} or {@code partner/operation/resource}
     * @param state {@code CLOSED}, {@code OPEN}, {@code HALF_OPEN}, {@code FORCED_OPEN}, {@code FORCED_CLOSED}
     * @param failureShare of the calls looked at, 0 to 1; below 0 when they are too few to judge
     * @param failureThreshold share that opens it now
     * @param slowShare of the calls looked at; below 0 when they are too few
     * @param slowAfter a call that takes longer is slow now
     * @param average time of an answered call
     * @param calls since the start, of which {@code failures} failed; {@code refused} were not let through
     */
    record BreakerView(
            String name,
            String state,
            double failureShare,
            double failureThreshold,
            double slowShare,
            Duration slowAfter,
            Duration average,
            long calls,
            long failures,
            long refused) {}

    /** What became of it. */
    sealed interface Outcome {
        /** It is as asked for. */
        record Done(Measure measure) implements Outcome {}

        /** Nothing was done. */
        record NotDone(Why why, String detail) implements Outcome {}
    }

    /** Why nothing was done. */
    enum Why {
        /** There is no such measure. */
        MEASURE_NOT_FOUND,
        /** It was approved or rejected before. */
        ALREADY_DECIDED,
        /** Whoever proposed it may withdraw it, but not approve it. */
        APPROVER_IS_AUTHOR,
        /** It is not in force. */
        NOT_IN_FORCE,
        /** The same is in force or proposed already; end or reject that first. */
        ALREADY_ORDERED,
        /** There is no such payment. */
        PAYMENT_NOT_FOUND,
        /** The payment has its final answer, or moves no new money. */
        PAYMENT_NOT_PENDING,
        /** The payment's amount is above the cap. */
        ABOVE_CAP
    }
}
