package org.exchequer.exchange.core;

import static org.exchequer.exchange.core.Terms.HIDDEN;

import java.util.Arrays;

/**
 * Where a book keeps its orders and price levels: what is on which level, in which order, and how each is found.
 *
 * <p>What is always needed of an order is four longs of an array, half a line of the cache; a price level is eight.
 * Orders of a level are linked by their places. Nothing is allocated unless the arrays grow.
 *
 * <p>Prices of the buying side are kept as keys that are smaller for better prices, so that both sides are handled by
 * the same code: {@code key = price} for selling, {@code key = price ^ Ladder.MAX} for buying.
 */
abstract sealed class Shelves permits Book, Stops {
    /** No order, or no level. */
    public static final int NONE = -1;

    /** The largest price; buying at it, as selling at 0, is at any price. */
    public static final long MAX_PRICE = Ladder.MAX;
    /** The largest quantity: no sum over all orders that can wait overflows. */
    public static final long MAX_QUANTITY = (1L << 40) - 1;
    /** Orders that can wait at once; whoever calls sees to it. */
    public static final int MOST_ORDERS = 1 << 21;

    /** The logarithm of the longs of an order. */
    static final int LONGS = 2;

    private static final long HIGH = 0xFFFFFFFF00000000L;
    private static final long LOW = 0xFFFFFFFFL;

    // An order.
    static final int ID = 0;
    /** What is left of it, seen or not. */
    static final int OPEN = 1;
    /**
     * Where the links of its neighbours in its queue are: of the one before and the one behind. A queue is a ring that
     * goes through its level, so that nothing has to be asked when an order is linked or unlinked.
     */
    static final int LINKS = 2;
    /** Its level and its terms. */
    static final int PLACE = 3;

    // What is seldom needed of an order.
    static final int OWNER = 0;
    /** How much an iceberg order shows at once; 0 for all others. */
    static final int PEAK = 1;
    /** The part that is seen of an order that is {@link #SPECIAL}; of all others all is. */
    static final int SHOWN = 2;
    /** The limit of a stop order. */
    static final int LIMIT = 2;
    /** Which of the stop orders it was. */
    static final int SINCE = 3;

    /** Among the terms: not all of it is seen. */
    static final int SPECIAL = Terms.ALL + 1;

    // A level, of twice as many longs.
    static final int QUANTITY_SHOWN = 0;
    static final int KEY = 1;
    static final int QUANTITY_HIDDEN = 2;
    /** Links of what is seen and of what is not: of the last and of the first. */
    static final int QUEUE_SHOWN = 3;

    static final int QUEUE_HIDDEN = 4;
    static final int COUNT = 5;
    private static final int LEVEL = 8;

    /** Commands looked at ahead at once. */
    public static final int AHEAD = 16;
    /** Orders that caches hold. */
    private static final int SMALL = 1 << 14;

    private final int[] ahead = new int[AHEAD];
    /** Kept, so that no compiler leaves out the reading. */
    private long readAhead;

    final OrderIndex index = new OrderIndex();
    final Ladder[] ladders = {new Ladder(), new Ladder()};
    final int[] best = {NONE, NONE};
    /** Orders and levels, as they come. */
    long[] memory = new long[64 << LONGS];
    /** Of an order, at the same place. */
    long[] more = new long[64 << LONGS];

    private int used;
    private int freeOrder = NONE;
    private int freeLevel = NONE;

    /** The first order of a queue; {@link #NONE} when it is empty. */
    int first(int queue) {
        int link = (int) memory[queue];
        return link == queue ? NONE : link - LINKS;
    }

    int behind(int slot, int queue) {
        int link = (int) memory[slot + LINKS];
        return link == queue ? NONE : link - LINKS;
    }

    /** The order of a level that is executed next. */
    int next(int level) {
        int shown = first(level + QUEUE_SHOWN);
        return shown == NONE ? first(level + QUEUE_HIDDEN) : shown;
    }

    /** How much of the first order is executed before it is another's turn. */
    long executableNow(int slot) {
        long shown = shown(slot);
        return shown > 0 ? shown : memory[slot + OPEN];
    }

    /** Takes a part of an order away, less than all; what is not seen goes first. */
    void shrink(int slot, long by) {
        int level = level(slot);
        long seen = by;
        if (isSpecial(slot)) {
            long shown = more[slot + SHOWN];
            seen = Math.max(0, by - (memory[slot + OPEN] - shown));
            more[slot + SHOWN] = shown - seen;
            memory[level + QUANTITY_HIDDEN] -= by - seen;
        }
        memory[slot + OPEN] -= by;
        memory[level + QUANTITY_SHOWN] -= seen;
    }

    /** Puts an order at the end of its queue, at the level of a key. */
    void queue(int slot, long key) {
        int terms = (int) memory[slot + PLACE];
        int side = terms & 1;
        int level = ladders[side].get(key);
        if (level == NONE) {
            level = newLevel(side, key);
        }
        long[] m = memory;
        long open = m[slot + OPEN];
        m[slot + PLACE] = (long) level << 32 | terms & LOW;
        m[level + COUNT]++;
        if ((terms & SPECIAL) == 0) {
            m[level + QUANTITY_SHOWN] += open;
            link(slot, level + QUEUE_SHOWN);
        } else {
            boolean hidden = (terms & HIDDEN) != 0;
            long shown = hidden ? 0 : Math.min(more[slot + PEAK], open);
            more[slot + SHOWN] = shown;
            m[level + QUANTITY_SHOWN] += shown;
            m[level + QUANTITY_HIDDEN] += open - shown;
            link(slot, level + (hidden ? QUEUE_HIDDEN : QUEUE_SHOWN));
        }
    }

    /** Takes an order out of its queue, and its level away when it was the last there. */
    void unqueue(int slot) {
        long[] m = memory;
        long place = m[slot + PLACE];
        int level = head(place);
        long count = m[level + COUNT] - 1;
        if (count == 0) {
            dropLevel((int) place & 1, level);
            return;
        }
        long open = m[slot + OPEN];
        m[level + COUNT] = count;
        if ((place & SPECIAL) == 0) {
            m[level + QUANTITY_SHOWN] -= open;
        } else {
            long shown = more[slot + SHOWN];
            m[level + QUANTITY_SHOWN] -= shown;
            m[level + QUANTITY_HIDDEN] -= open - shown;
        }
        unlink(slot);
    }

    /** Puts an order behind the last of a queue. */
    void link(int slot, int queue) {
        long[] m = memory;
        int last = head(m[queue]);
        m[last] = m[last] & HIGH | slot + LINKS;
        m[slot + LINKS] = pack(last, queue);
        m[queue] = m[queue] & LOW | (long) (slot + LINKS) << 32;
    }

    void unlink(int slot) {
        long[] m = memory;
        long links = m[slot + LINKS];
        int before = head(links);
        int behind = (int) links;
        m[before] = m[before] & HIGH | behind;
        m[behind] = m[behind] & LOW | links & HIGH;
    }

    private int newLevel(int side, long key) {
        int level = freeLevel;
        if (level == NONE) {
            level = extend(LEVEL);
        } else {
            freeLevel = (int) memory[level];
        }
        long[] m = memory;
        m[level + KEY] = key;
        m[level + QUANTITY_SHOWN] = 0;
        m[level + QUANTITY_HIDDEN] = 0;
        m[level + QUEUE_SHOWN] = pack(level + QUEUE_SHOWN, level + QUEUE_SHOWN);
        m[level + QUEUE_HIDDEN] = pack(level + QUEUE_HIDDEN, level + QUEUE_HIDDEN);
        m[level + COUNT] = 0;
        ladders[side].put(key, level);
        if (best[side] == NONE || key < m[best[side] + KEY]) {
            best[side] = level;
        }
        return level;
    }

    private void dropLevel(int side, int level) {
        long key = memory[level + KEY];
        if (best[side] == level) {
            best[side] = ladders[side].above(key);
        }
        ladders[side].remove(key);
        memory[level] = freeLevel;
        freeLevel = level;
    }

    /** A place for an order. */
    int take() {
        int slot = freeOrder;
        if (slot == NONE) {
            return extend(1 << LONGS);
        }
        freeOrder = (int) memory[slot + LINKS];
        return slot;
    }

    void release(int slot) {
        memory[slot + ID] = 0;
        memory[slot + LINKS] = freeOrder;
        freeOrder = slot;
    }

    private int extend(int longs) {
        int slot = used;
        used += longs;
        return slot;
    }

    /** @throws IllegalStateException when as many orders wait as can */
    void readyForOne(int side) {
        if (index.size() >= MOST_ORDERS) {
            throw new IllegalStateException("at most " + MOST_ORDERS + " orders can wait");
        }
        ready(side);
    }

    /**
     * Takes what memory an order and its level can need before anything is changed, so that nothing fails half done.
     */
    void ready(int side) {
        if (used > memory.length - (1 << LONGS) - LEVEL) {
            long[] moreMemory = Arrays.copyOf(memory, memory.length * 2);
            more = Arrays.copyOf(more, moreMemory.length);
            memory = moreMemory;
        }
        ladders[side].ready();
        index.reserve(memory);
    }

    static long mask(int side) {
        return MAX_PRICE & side - 1L;
    }

    private static long pack(int high, int low) {
        return (long) high << 32 | low & LOW;
    }

    static int head(long pair) {
        return (int) (pair >> 32);
    }

    int side(int slot) {
        return (int) memory[slot + PLACE] & 1;
    }

    int level(int slot) {
        return head(memory[slot + PLACE]);
    }

    boolean isSpecial(int slot) {
        return (memory[slot + PLACE] & SPECIAL) != 0;
    }

    /** What is seen of an order. */
    long shown(int slot) {
        return isSpecial(slot) ? more[slot + SHOWN] : memory[slot + OPEN];
    }

    long price(int slot) {
        return memory[level(slot) + KEY] ^ mask(side(slot));
    }

    /** Whether it is so large that {@link #ahead} pays. */
    public boolean isLarge() {
        return index.size() >= SMALL;
    }

    /**
     * Reads what is needed for orders that are about to be changed, for all of them at the same time: from a large book
     * each is a walk through memory that no cache has, and one after the other they take longer. Changes nothing.
     *
     * @param ids of orders that wait, or do not
     * @param prices that they are to have, where they are to have another
     * @param count how many, up to {@link #AHEAD}
     */
    public void ahead(long[] ids, long[] prices, int count) {
        long[] m = memory;
        int[] slots = ahead;
        long read = 0;
        for (int i = 0; i < count; i++) {
            slots[i] = Math.max(0, index.guess(ids[i]));
        }
        for (int i = 0; i < count; i++) {
            read += m[slots[i] + PLACE];
        }
        for (int i = 0; i < count; i++) {
            int slot = slots[i];
            if (m[slot + ID] == ids[i] && ids[i] != 0) {
                long links = m[slot + LINKS];
                read += m[head(m[slot + PLACE])] + m[head(links)] + m[(int) links];
                int side = side(slot);
                slots[i] = Math.max(0, ladders[side].get(prices[i] ^ mask(side)));
            } else {
                slots[i] = 0;
            }
        }
        for (int i = 0; i < count; i++) {
            read += m[slots[i] + QUEUE_SHOWN];
        }
        for (int i = 0; i < count; i++) {
            int last = head(m[slots[i] + QUEUE_SHOWN]);
            read += last >= 0 && last < m.length ? m[last] : 0;
        }
        readAhead = read;
    }

    /** How many orders wait. */
    public int size() {
        return index.size();
    }

    /** What is left of an order; 0 when none of this id waits. */
    public long open(long id) {
        int slot = index.get(id, memory);
        return slot == NONE ? 0 : memory[slot + OPEN];
    }

    /** The limit of an order that waits. */
    public long priceOf(long id) {
        return price(index.get(id, memory));
    }

    /** The terms of an order that waits. */
    public int termsOf(long id) {
        return (int) memory[index.get(id, memory) + PLACE] & Terms.ALL;
    }

    /** The best price of a side, of what is seen or not; {@link #NONE} when nobody waits there. */
    public long bestPrice(int side) {
        return best[side] == NONE ? NONE : memory[best[side] + KEY] ^ mask(side);
    }

    /** Takes a price level, the best first; false to see no more. */
    public interface LevelReader {
        boolean level(long price, long shown, long hidden, int orders);
    }

    /** Shows a side's levels, the best first, until the reader has enough. */
    public void read(int side, LevelReader reader) {
        int level = best[side];
        while (level != NONE
                && reader.level(
                        memory[level + KEY] ^ mask(side),
                        memory[level + QUANTITY_SHOWN],
                        memory[level + QUANTITY_HIDDEN],
                        (int) memory[level + COUNT])) {
            level = ladders[side].above(memory[level + KEY]);
        }
    }

    /** Takes an order that waits, in the order in which a side's orders would be executed. */
    public interface OrderReader {
        void order(long id, long price, long shown, long open, int terms, long owner);
    }

    /** Shows all orders of a side, the best first. */
    public void orders(int side, OrderReader reader) {
        for (int level = best[side]; level != NONE; level = ladders[side].above(memory[level + KEY])) {
            for (int queue = QUEUE_SHOWN; queue <= QUEUE_HIDDEN; queue++) {
                for (int slot = first(level + queue); slot != NONE; slot = behind(slot, level + queue)) {
                    reader.order(
                            memory[slot + ID],
                            price(slot),
                            shown(slot),
                            memory[slot + OPEN],
                            (int) memory[slot + PLACE] & Terms.ALL,
                            more[slot + OWNER]);
                }
            }
        }
    }
}
