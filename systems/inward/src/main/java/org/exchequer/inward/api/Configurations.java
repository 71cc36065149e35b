package org.exchequer.inward.api;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How payments are worked on, as it is configured. A value applies to all payments or to those of a scope; of several
 * the one whose scope names most applies, and if two name as much: of node, message type, currency and amounts the one
 * that names the first of these, then the narrower range of amounts, then the one approved last.
 *
 * <p>Every node works by an approved value within two seconds. A payment is worked on by what applied when it was
 * received, and records the revision.
 */
public interface Configurations {
    /** What can be configured. */
    List<ConfigKey> keys();

    /** Revision that this node works by: the number of approvals so far, 0 before any. */
    long revision();

    /** What was approved last for each key, scope and experiment, whether it applies now or will. */
    List<ConfigEntry> approved();

    /** What waits for a decision, the oldest first. */
    List<ConfigEntry> proposed();

    /**
     * All versions of a key, the newest first, at most 1,000.
     *
     * @throws org.exchequer.ledger.api.FieldError when there is no such key
     */
    List<ConfigEntry> history(String key);

    /**
     * A value to be.
     *
     * @param value null to take away what was said for the same scope before
     * @param from null for as soon as it is approved
     */
    record Draft(
            String key,
            @Nullable BigDecimal value,
            ConfigScope scope,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable String experiment,
            @Nullable BigDecimal percentage,
            String reason) {}

    /**
     * Proposes a value.
     *
     * @throws org.exchequer.ledger.api.FieldError naming the field that breaks a rule
     */
    Outcome propose(Draft draft, String by);

    /** Approves or rejects; who proposed it may only reject it. */
    Outcome decide(String key, long version, boolean approve, String by, String reason);

    /** Proposes the value of an earlier version again, for the same scope. */
    Outcome rollBack(String key, long version, String by, String reason);

    /** What became of it. */
    sealed interface Outcome {
        /** It is as asked for. */
        record Done(ConfigEntry entry) implements Outcome {}

        /** Nothing was done. */
        record NotDone(Why why, String detail) implements Outcome {}
    }

    /** Why nothing was done. */
    enum Why {
        /** The key has no such version. */
        VERSION_NOT_FOUND,
        /** It was approved or rejected before. */
        ALREADY_DECIDED,
        /** Whoever proposed it may withdraw it, but not approve it. */
        APPROVER_IS_AUTHOR,
        /** With the values that apply already it makes no sense, such as a warning after the hard limit. */
        CONTRADICTION,
        /** Only what was approved once can be brought back. */
        NOT_APPROVED
    }
}
