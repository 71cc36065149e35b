package org.exchequer.inward.api;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody orders for a while, because something is wrong.
 *
 * @param breaker of an override: its name; null for other kinds
 * @param breakerMode {@code FORCED_OPEN} or {@code FORCED_CLOSED}; null for other kinds
 * @param extensionMs of an extension: how much more time; null for other kinds
 * @param payment that is completed by hand; null for other kinds
 * @param messageType that it applies to; null for all
 * @param currency that it applies to; null for all
 * @param lasts from the approval on, at most an hour
 * @param decision null while it waits for one
 * @param endsAt when it ends by itself; null before it is approved
 * @param endedBy who has ended it before that; null when nobody has
 */
public record Measure(
        long id,
        Kind kind,
        @Nullable String breaker,
        @Nullable String breakerMode,
        @Nullable Integer extensionMs,
        @Nullable UUID payment,
        @Nullable String messageType,
        @Nullable String currency,
        Duration lasts,
        String reason,
        String proposedBy,
        Instant proposedAt,
        Decision.State state,
        @Nullable Decision decision,
        @Nullable Instant endsAt,
        @Nullable String endedBy,
        @Nullable Instant endedAt) {
    /** What can be ordered. */
    public enum Kind {
        /**
         * Only what must be done is done: rules in place of models, accounts as they were known last, and no
         * reservation of liquidity. Screening stays. Up to a cap for each payment and for all together.
         */
        EMERGENCY_MODE(true),
        /** Payments have more time. */
        SLA_EXTENSION(false),
        /** A breaker is open or closed, whatever happens. */
        BREAKER_OVERRIDE(false),
        /** Neither models nor rules look at payments, up to the same caps. Screening stays. */
        FRAUD_BYPASS(true),
        /** A payment whose outcome is not known is posted instead of being refused. Screening is done again. */
        FORCED_COMPLETION(true);

        private final boolean fourEyes;

        Kind(boolean fourEyes) {
            this.fourEyes = fourEyes;
        }

        /** Whether another person has to approve it: money passes with fewer checks. */
        public boolean fourEyes() {
            return fourEyes;
        }
    }

    /** Whether it is in force at a time. */
    public boolean holdsAt(Instant now) {
        return state == Decision.State.APPROVED && endedAt == null && endsAt != null && now.isBefore(endsAt);
    }
}
