package org.exchequer.ledger.store;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Page;
import org.jspecify.annotations.Nullable;

/**
 * Where a list goes on: {@code days~2026-03-31}. It names its list, so that none can be mistaken for that of another
 * list or account. Opaque to callers.
 *
 * @param list e.g. {@code statement-17}, the lines of account number 17
 */
record Cursor(String list) {
    private static final String SEPARATOR = "~";
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    /** The place that a cursor names, or null without one. */
    @Nullable
    String place(@Nullable String cursor, Pattern form) {
        if (cursor == null) {
            return null;
        }
        String start = list + SEPARATOR;
        if (!cursor.startsWith(start)
                || !form.matcher(cursor).region(start.length(), cursor.length()).matches()) {
            throw foreign();
        }
        return cursor.substring(start.length());
    }

    /** The position after which a list in ascending order goes on. */
    long after(@Nullable String cursor) {
        String place = place(cursor, NUMBER);
        return place == null ? 0 : Long.parseLong(place);
    }

    /** The position before which a list in descending order goes on. */
    long before(@Nullable String cursor) {
        String place = place(cursor, NUMBER);
        return place == null ? Long.MAX_VALUE : Long.parseLong(place);
    }

    /** The day before which a list in descending order goes on. */
    LocalDate dayBefore(@Nullable String cursor) {
        String place = place(cursor, Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"));
        try {
            return place == null ? LocalDate.of(9999, 12, 31) : LocalDate.parse(place);
        } catch (DateTimeException noDay) {
            throw foreign();
        }
    }

    /** A page from one item more than fit on it. */
    <T> Page<T> page(List<T> items, int limit, Function<T, Object> place) {
        return items.size() <= limit
                ? new Page<>(items, null)
                : new Page<>(
                        List.copyOf(items.subList(0, limit)), list + SEPARATOR + place.apply(items.get(limit - 1)));
    }

    private static FieldError foreign() {
        return new FieldError("cursor", "must be the value of 'next' from the page before of this list");
    }
}
