package org.exchequer.exchange.core;

/**
 * Where each order is, by its id. Open addressing with linear probing; what is removed leaves no mark, as those
 * behind it move up. Takes memory only when it grows.
 */
final class OrderIndex {
    static final int NONE = -1;

    private static final int SMALLEST = 1 << 10;
    /** 2^64 divided by the golden ratio: ids that follow each other fall far apart. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /** Id and place, one after the other, so that both are in one line of the cache; an id of 0 is an empty place. */
    private long[] entries = new long[SMALLEST * 2];

    private int shift = Long.numberOfLeadingZeros(SMALLEST) + 1;
    private int size;

    int size() {
        return size;
    }

    /** The place of an order; {@link #NONE} when there is none of this id. */
    int get(long id) {
        long[] in = entries;
        int mask = in.length - 1;
        int at = home(id);
        while (true) {
            long found = in[at];
            if (found == id) {
                return (int) in[at + 1];
            }
            if (found == 0) {
                return NONE;
            }
            at = at + 2 & mask;
        }
    }

    /** @param id not 0, and not here yet */
    void put(long id, int place) {
        if (++size > entries.length >> 2) {
            grow();
        }
        set(entries, id, place);
    }

    private void set(long[] in, long id, int place) {
        int mask = in.length - 1;
        int at = home(id);
        while (in[at] != 0) {
            at = at + 2 & mask;
        }
        in[at] = id;
        in[at + 1] = place;
    }

    /** Its place until now; {@link #NONE} when there is none of this id. */
    int remove(long id) {
        long[] in = entries;
        int mask = in.length - 1;
        int at = home(id);
        while (in[at] != id) {
            if (in[at] == 0) {
                return NONE;
            }
            at = at + 2 & mask;
        }
        int place = (int) in[at + 1];
        size--;
        int gap = at;
        while (true) {
            at = at + 2 & mask;
            long next = in[at];
            if (next == 0) {
                in[gap] = 0;
                return place;
            }
            // It may move to the gap when its home is not behind that, in the order of probing.
            if ((at - home(next) & mask) >= (at - gap & mask)) {
                in[gap] = next;
                in[gap + 1] = in[at + 1];
                gap = at;
            }
        }
    }

    private int home(long id) {
        return (int) (id * SPREAD >>> shift) << 1;
    }

    private void grow() {
        long[] from = entries;
        long[] to = new long[from.length * 2];
        shift--;
        for (int i = 0; i < from.length; i += 2) {
            if (from[i] != 0) {
                set(to, from[i], (int) from[i + 1]);
            }
        }
        entries = to;
    }
}
