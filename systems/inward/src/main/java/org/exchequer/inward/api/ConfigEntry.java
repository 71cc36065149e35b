package org.exchequer.inward.api;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a configured value. Two people make it apply: one proposes, another approves.
 *
 * @param key a {@link ConfigKey#name}
 * @param version from 1, for each key
 * @param value in the key's unit; null to take away what was said for the same scope before
 * @param from applies from this time on
 * @param until and before this; null for no end
 * @param experiment name of an experiment: it applies to the payments that are chosen for that; null for all
 * @param percentage of payments that are chosen, above 0 to 100
 * @param rollbackOf the version whose value this one brings back
 * @param reason why, in words
 * @param revision its place in the order of approvals; null while it is not approved
 */
public record ConfigEntry(
        String key,
        long version,
        @Nullable BigDecimal value,
        ConfigScope scope,
        Instant from,
        @Nullable Instant until,
        @Nullable String experiment,
        @Nullable BigDecimal percentage,
        @Nullable Long rollbackOf,
        String reason,
        String createdBy,
        Instant createdAt,
        Decision.State state,
        @Nullable Decision decision,
        @Nullable Long revision) {
    /** Whether it applies at a time, once approved. */
    public boolean appliesAt(Instant now) {
        return !now.isBefore(from) && (until == null || now.isBefore(until));
    }
}
