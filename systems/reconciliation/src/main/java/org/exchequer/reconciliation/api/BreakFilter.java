package org.exchequer.reconciliation.api;

import java.time.LocalDate;
import org.exchequer.reconciliation.api.Reconciliation.BreakType;
import org.jspecify.annotations.Nullable;

/**
 * Which breaks to list; null for all.
 *
 * @param run found by this run
 * @param liveOnly only those that are not settled
 * @param owner whose; empty for those of nobody
 * @param notAfter only those open since this date or earlier
 */
public record BreakFilter(
        @Nullable Long run,
        @Nullable String account,
        boolean liveOnly,
        @Nullable BreakType type,
        @Nullable String owner,
        @Nullable LocalDate notAfter) {
    public static final BreakFilter LIVE = new BreakFilter(null, null, true, null, null, null);
}
