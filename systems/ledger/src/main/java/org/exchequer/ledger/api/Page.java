package org.exchequer.ledger.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Part of a longer list.
 *
 * @param items in the list's order
 * @param next cursor that continues after the last item, or null when there was nothing more at the time of asking
 */
public record Page<T>(List<T> items, @Nullable String next) {}
