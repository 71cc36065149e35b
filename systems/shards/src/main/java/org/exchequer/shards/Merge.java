package org.exchequer.shards;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.shards.api.Shard;
import org.jspecify.annotations.Nullable;

/**
 * Lists over all shards as one. A cursor is one of each shard's own, joined by commas: {@code -} where its beginning is
 * meant, {@code .} where it has ended.
 */
final class Merge {
    private static final String BEGINNING = "-";
    private static final String END = ".";
    private static final int MOST_CHARACTERS = 4_000;
    private static final int TRIES = 10;

    private Merge() {}

    /** One shard's page. */
    @FunctionalInterface
    interface Fetch<T> {
        Page<T> page(Ledger ledger, @Nullable String cursor, int limit);
    }

    /** Makes an item what it is outside. */
    @FunctionalInterface
    interface Globalized<T> {
        T of(int shard, T item);
    }

    /**
     * The next items over all shards.
     *
     * @param order of the whole list; that of each shard's, too
     * @param global the item as it is known outside
     */
    static <T> Page<T> page(
            List<Shard> shards,
            @Nullable String cursor,
            int limit,
            Fetch<T> fetch,
            Comparator<T> order,
            Globalized<T> global) {
        String[] places = places(cursor, shards.size());
        List<Page<T>> pages = new ArrayList<>();
        for (Shard shard : shards) {
            pages.add(
                    places[shard.index()].equals(END)
                            ? new Page<>(List.of(), null)
                            : fetch.page(shard.ledger(), inner(places[shard.index()]), limit));
        }
        int[] taken = new int[shards.size()];
        List<T> items = new ArrayList<>();
        for (int next = first(pages, taken, order);
                next >= 0 && items.size() < limit;
                next = first(pages, taken, order)) {
            items.add(global.of(next, pages.get(next).items().get(taken[next]++)));
        }
        boolean rest = false;
        for (Shard shard : shards) {
            int i = shard.index();
            places[i] = place(shard, places[i], pages.get(i), taken[i], fetch);
            rest |= !places[i].equals(END);
        }
        return new Page<>(items, rest ? String.join(",", places) : null);
    }

    /** The shard whose next item comes first; -1 when all pages are used up. */
    private static <T> int first(List<Page<T>> pages, int[] taken, Comparator<T> order) {
        int first = -1;
        for (int i = 0; i < taken.length; i++) {
            List<T> items = pages.get(i).items();
            if (taken[i] < items.size()
                    && (first < 0
                            || order.compare(
                                            items.get(taken[i]),
                                            pages.get(first).items().get(taken[first]))
                                    < 0)) {
                first = i;
            }
        }
        return first;
    }

    /**
     * Where a shard's list goes on. A shard gives a cursor for the end of a page only, so what was taken is asked for
     * again as a page of that length; items that have come in front of it meanwhile make it longer.
     */
    private static <T> String place(Shard shard, String from, Page<T> page, int taken, Fetch<T> fetch) {
        if (from.equals(END) || (taken == page.items().size() && page.next() == null)) {
            return END;
        }
        if (taken == 0) {
            return from;
        }
        if (taken == page.items().size()) {
            return String.valueOf(page.next());
        }
        T last = page.items().get(taken - 1);
        int length = taken;
        for (int tries = 0; tries < TRIES && length <= Page.MAX_LIMIT; tries++) {
            Page<T> again = fetch.page(shard.ledger(), inner(from), length);
            int at = again.items().indexOf(last);
            if (at == again.items().size() - 1) {
                return again.next() == null ? END : again.next();
            }
            length = at < 0 ? Math.max(length + 1, Math.min(2 * length, Page.MAX_LIMIT)) : at + 1;
        }
        throw new LedgerUnavailableException("the list grows faster than it is read; ask again for fewer at once");
    }

    private static @Nullable String inner(String place) {
        return place.equals(BEGINNING) ? null : place;
    }

    private static String[] places(@Nullable String cursor, int shards) {
        String[] places = cursor == null ? new String[0] : cursor.split(",", -1);
        if (places.length > shards || (cursor != null && cursor.length() > MOST_CHARACTERS)) {
            throw new FieldError("cursor", "must be the value of 'next' from the page before of this list");
        }
        String[] all = Arrays.copyOf(places, shards);
        // Shards that were added since the page before begin at their beginning.
        Arrays.fill(all, places.length, shards, BEGINNING);
        return all;
    }
}
