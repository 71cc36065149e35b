package org.exchequer.exchange.core;

/**
 * Orders that wait for a price: buying ones until a trade is at theirs or above, selling ones until one is at theirs or
 * below. Those that wait for the nearest price come first, then by time. They stand on the other side's shelves, where
 * the lowest price is the first for buying ones.
 */
final class Stops extends Shelves {
    private long count;

    /** @param id of no stop order that waits */
    void add(long id, int terms, long trigger, long limit, long quantity, long peak, long owner) {
        readyForOne(terms & 1 ^ 1);
        int slot = take();
        long[] m = memory;
        m[slot + ID] = id;
        m[slot + OPEN] = quantity;
        m[slot + PLACE] = terms ^ 1;
        more[slot + OWNER] = owner;
        more[slot + PEAK] = peak;
        more[slot + LIMIT] = limit;
        more[slot + SINCE] = count++;
        index.put(id, slot);
        queue(slot, trigger ^ mask(side(slot)));
    }

    /** A stop order's place; {@link #NONE} when none of this id waits. */
    int find(long id) {
        return index.get(id, memory);
    }

    /** The place of the next one that a price triggers; {@link #NONE} when it triggers none. */
    int triggered(long price) {
        int buying = NONE;
        int selling = NONE;
        if (best[Terms.SELL] != NONE && memory[best[Terms.SELL] + KEY] <= price) {
            buying = first(best[Terms.SELL] + QUEUE_SHOWN);
        }
        if (best[Terms.BUY] != NONE && (memory[best[Terms.BUY] + KEY] ^ mask(Terms.BUY)) >= price) {
            selling = first(best[Terms.BUY] + QUEUE_SHOWN);
        }
        if (buying == NONE || selling == NONE) {
            return buying == NONE ? selling : buying;
        }
        return more[buying + SINCE] < more[selling + SINCE] ? buying : selling;
    }

    void remove(int slot) {
        index.remove(memory[slot + ID], memory);
        unqueue(slot);
        release(slot);
    }

    long id(int slot) {
        return memory[slot + ID];
    }

    /** As they were given. */
    int terms(int slot) {
        return (int) memory[slot + PLACE] & Terms.ALL ^ 1;
    }

    long trigger(int slot) {
        return price(slot);
    }

    long limit(int slot) {
        return more[slot + LIMIT];
    }

    long quantity(int slot) {
        return memory[slot + OPEN];
    }

    long peak(int slot) {
        return more[slot + PEAK];
    }

    long owner(int slot) {
        return more[slot + OWNER];
    }
}
