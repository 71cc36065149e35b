package org.exchequer.exchange.core;

/**
 * Where each order is, by its id. Open addressing with linear probing; what is removed leaves no mark, as those
 * behind it move up. Four bytes for a place: the ids are where the orders are, and are looked at only when five bits
 * of their hashes are the same, so that finding an order costs little more than reading it. Takes memory only when it
 * grows. Ids are the exchange's own: who could choose them could choose such as meet in one place.
 */
final class OrderIndex {
    static final int NONE = -1;

    private static final int SMALLEST = 1 << 10;
    /** 2^64 divided by the golden ratio: ids that follow each other fall far apart. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private static final int TAG_BITS = 5;
    private static final int PLACE_BITS = Integer.SIZE - TAG_BITS;
    private static final int PLACE = (1 << PLACE_BITS) - 1;
    /** One more than the number of an order, and a tag; 0 for nothing. */
    private int[] entries = new int[SMALLEST];

    private int shift = Long.numberOfLeadingZeros(SMALLEST) + 1;
    private int size;

    int size() {
        return size;
    }

    /**
     * Where an order is; {@link #NONE} when there is none of this id.
     *
     * @param orders with the id of order n at {@code n << Shelves.LONGS}
     */
    int get(long id, long[] orders) {
        int[] in = entries;
        long hash = hash(id);
        int tag = tag(hash);
        int at = (int) (hash >>> shift);
        while (true) {
            int entry = in[at];
            if (entry == 0) {
                return NONE;
            }
            if ((entry & ~PLACE) == tag) {
                int place = place(entry);
                if (orders[place] == id) {
                    return place;
                }
            }
            at = at + 1 & in.length - 1;
        }
    }

    /** Where an order is most likely, without looking at it; {@link #NONE} when there is surely none. */
    int guess(long id) {
        int entry = entries[(int) (hash(id) >>> shift)];
        return entry == 0 ? NONE : place(entry);
    }

    /** @param id not here yet, and {@linkplain #reserve room} for it */
    void put(long id, int place) {
        size++;
        set(entries, hash(id), place);
    }

    /** Makes room for one more, if there is none. */
    void reserve(long[] orders) {
        if (size == entries.length >> 2) {
            int[] from = entries;
            entries = new int[from.length * 2];
            shift--;
            for (int entry : from) {
                if (entry != 0) {
                    set(entries, hash(orders[place(entry)]), place(entry));
                }
            }
        }
    }

    private void set(int[] in, long hash, int place) {
        int at = (int) (hash >>> shift);
        while (in[at] != 0) {
            at = at + 1 & in.length - 1;
        }
        in[at] = tag(hash) | (place >> Shelves.LONGS) + 1;
    }

    /** Where the order was; {@link #NONE} when there is none of this id. */
    int remove(long id, long[] orders) {
        int place = get(id, orders);
        if (place == NONE) {
            return NONE;
        }
        int[] in = entries;
        int mask = in.length - 1;
        long hash = hash(id);
        int wanted = tag(hash) | (place >> Shelves.LONGS) + 1;
        int at = (int) (hash >>> shift);
        while (in[at] != wanted) {
            at = at + 1 & mask;
        }
        size--;
        int gap = at;
        while (true) {
            at = at + 1 & mask;
            int next = in[at];
            if (next == 0) {
                in[gap] = 0;
                return place;
            }
            int home = (int) (hash(orders[place(next)]) >>> shift);
            // It may move to the gap when its home is not behind that, in the order of probing.
            if ((at - home & mask) >= (at - gap & mask)) {
                in[gap] = next;
                gap = at;
            }
        }
    }

    private static long hash(long id) {
        return id * SPREAD;
    }

    /** Of bits that do not say where it is at home, in all but the largest tables. */
    private static int tag(long hash) {
        return (int) hash & ~PLACE;
    }

    private static int place(int entry) {
        return (entry & PLACE) - 1 << Shelves.LONGS;
    }
}
