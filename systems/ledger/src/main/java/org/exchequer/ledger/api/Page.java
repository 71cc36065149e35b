package org.exchequer.ledger.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a longer list.
 *
 * @param items in the list's order
 * @param next cursor that continues after the last item, or null when there was nothing more at the time of asking
 */
public record Page<T>(List<T> items, @Nullable String next) {
    /** Items on a page, at most. */
    public static final int MAX_LIMIT = 1_000;

    /** @throws FieldError when no page can have so many items */
    public static int requireLimit(int limit) {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new FieldError("limit", "must be 1 to " + MAX_LIMIT);
        }
        return limit;
    }
}
