package org.exchequer.platform.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The traces that an {@link AccessTrail} has kept, for those who look after it. */
public interface AccessEntries {
    /** Entries looked at in one search, at most; what is older is found by going on. */
    int MOST_LOOKED_AT = 100_000;

    /**
     * What to look for.
     *
     * @param caller the token's subject, as it is; empty for anybody
     * @param act what the method and the target, e.g. {@code GET /ledger/api/v1/accounts/1000}, must contain; empty for
     *     anything
     * @param from not before this time; null for no bound
     * @param until before this time; null for no bound
     * @param before only entries before this position
     * @param limit at most so many
     */
    record Query(
            String caller,
            String act,
            @Nullable Instant from,
            @Nullable Instant until,
            long before,
            int limit) {}

    /**
     * A trace as it was kept.
     *
     * @param position in the log, from 0
     */
    record Entry(
            long position, Instant at, String caller, List<String> roles, String method, String target, String from) {
        public Entry {
            roles = List.copyOf(roles);
        }
    }

    /**
     * What was found, newest first.
     *
     * @param next go on before this position; null when nothing older is kept
     */
    record Found(List<Entry> entries, @Nullable Long next) {
        public Found {
            entries = List.copyOf(entries);
        }
    }

    /**
     * Searches from the newest entry backwards.
     *
     * @throws AccessTrail.UnavailableException when the log cannot be used
     */
    Found search(Query query);

    /**
     * The proof bundle of an entry, {@code c2sp.org/tlog-proof@v1}; empty when it is not there, or was purged.
     *
     * @throws AccessTrail.UnavailableException when the log cannot be used
     */
    Optional<String> prove(long position);
}
