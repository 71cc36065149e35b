package org.exchequer.exchange.core;

import static org.exchequer.exchange.core.Terms.BUY;
import static org.exchequer.exchange.core.Terms.DECREMENT;
import static org.exchequer.exchange.core.Terms.FILL_OR_KILL;
import static org.exchequer.exchange.core.Terms.HIDDEN;
import static org.exchequer.exchange.core.Terms.IMMEDIATE_OR_CANCEL;
import static org.exchequer.exchange.core.Terms.POST_ONLY;
import static org.exchequer.exchange.core.Terms.SELF_TRADE;
import static org.exchequer.exchange.core.Terms.SELL;
import static org.exchequer.exchange.core.Terms.TIME_IN_FORCE;

import java.util.Arrays;
import org.exchequer.exchange.core.BookEvents.Reason;

/**
 * The orders of one instrument that wait, and their matching: by price, then what is shown before what is hidden,
 * then by time. For one thread. Deterministic: the same calls give the same events.
 *
 * <p>An order is eight longs in one array, which is a line of the cache, and so is a price level. Orders of a level are
 * linked by their places. Nothing is allocated unless the arrays grow.
 *
 * <p>Prices of the buying side are kept as keys that are smaller for better prices, so that both sides are handled by
 * the same code: {@code key = price} for selling, {@code key = price ^ Ladder.MAX} for buying.
 */
public final class Book {
    /** No order, or no level. */
    public static final int NONE = -1;

    /** The largest price; buying at it, as selling at 0, is at any price. */
    public static final long MAX_PRICE = Ladder.MAX;
    /** The largest quantity: with it no sum over four million orders overflows. */
    public static final long MAX_QUANTITY = (1L << 40) - 1;

    /** What became of an order that came. */
    public enum Outcome {
        /** It waits, as a whole or with what is left of it. */
        RESTS,
        /** It is executed as a whole. */
        FILLED,
        /** What was left is given up, as it must not wait, or as it met an own order; the event says why. */
        KILLED,
        /** Nothing was done: it could not be executed at once as it must be, FOK or with its minimum. */
        NOT_FILLABLE,
        /** Nothing was done: it must not be executed at once, and would be. */
        WOULD_TRADE
    }

    private static final int LONGS = 3;
    private static final long EMPTY = -1L;
    private static final long HIGH = 0xFFFFFFFF00000000L;
    private static final long LOW = 0xFFFFFFFFL;

    // An order.
    private static final int ID = 0;
    private static final int KEY = 1;
    /** What is left of it, seen or not. */
    private static final int OPEN = 2;
    /** The part that is seen. */
    private static final int SHOWN = 3;
    /** Neighbours in its queue: the one before and the one behind. */
    private static final int LINKS = 4;
    /** Its level and its terms. */
    private static final int PLACE = 5;

    private static final int OWNER = 6;
    /** How much an iceberg order shows at once; 0 for all others. */
    private static final int PEAK = 7;

    // A level. KEY as above.
    private static final int QUANTITY_SHOWN = 0;
    private static final int QUANTITY_HIDDEN = 2;
    /** First and last of what is seen, and of what is not. */
    private static final int QUEUE_SHOWN = 3;

    private static final int QUEUE_HIDDEN = 4;
    private static final int COUNT = 5;

    private final BookEvents events;
    private final OrderIndex index = new OrderIndex();
    private final Ladder[] ladders = {new Ladder(), new Ladder()};
    private final int[] best = {NONE, NONE};
    private long[] orders = new long[64 << LONGS];
    private long[] levels = new long[64 << LONGS];
    private int ordersUsed;
    private int levelsUsed;
    private int freeOrder = NONE;
    private int freeLevel = NONE;
    /** Whether the order that came last was stopped by an own one. */
    private boolean stopped;

    public Book(BookEvents events) {
        this.events = events;
    }

    /**
     * Brings an order: it is matched, and what is left waits unless its terms say otherwise.
     *
     * @param id not 0, and of no order that waits
     * @param terms valid ones of {@link Terms}
     * @param price 0 to {@link #MAX_PRICE}
     * @param quantity 1 to {@link #MAX_QUANTITY}
     * @param minimum how much must be executed at once, 0 for no such rule
     * @param peak how much is shown at once, 0 for all or, by its terms, nothing
     * @param owner whose it is, for self-trade prevention
     */
    public Outcome enter(long id, int terms, long price, long quantity, long minimum, long peak, long owner) {
        int side = terms & 1;
        long limit = price ^ mask(side ^ 1);
        boolean crosses = crosses(side ^ 1, limit);
        if (crosses && (terms & POST_ONLY) != 0) {
            return Outcome.WOULD_TRADE;
        }
        long atOnce = (terms & TIME_IN_FORCE) == FILL_OR_KILL ? quantity : minimum;
        if (atOnce > 0 && (!crosses || !executable(terms, limit, quantity, atOnce, owner))) {
            return Outcome.NOT_FILLABLE;
        }
        long left = crosses ? match(id, terms, limit, quantity, owner) : quantity;
        if (crosses && stopped) {
            return killed(id, left);
        }
        if (left == 0) {
            return Outcome.FILLED;
        }
        if ((terms & TIME_IN_FORCE) == IMMEDIATE_OR_CANCEL) {
            events.killed(id, left, Reason.NOT_AT_ONCE);
            return Outcome.KILLED;
        }
        rest(id, terms, price, left, peak, owner);
        return Outcome.RESTS;
    }

    /** Brings an order that waits without being matched, as in the call of an auction; not one that must not wait. */
    public int rest(long id, int terms, long price, long quantity, long peak, long owner) {
        int slot = newOrder();
        long[] o = orders;
        o[slot + ID] = id;
        o[slot + KEY] = price ^ mask(terms & 1);
        o[slot + OPEN] = quantity;
        o[slot + OWNER] = owner;
        o[slot + PEAK] = peak;
        o[slot + PLACE] = terms;
        index.put(id, slot);
        queue(slot);
        return slot;
    }

    /** Takes an order out. False when none of this id waits. */
    public boolean cancel(long id) {
        int slot = index.remove(id);
        if (slot == NONE) {
            return false;
        }
        events.removed(slot, id, side(slot), price(slot), orders[slot + SHOWN], orders[slot + OPEN], Reason.CANCELLED);
        unqueue(slot);
        release(slot);
        return true;
    }

    /**
     * Makes an order smaller, which keeps its place; of an iceberg what is not seen goes first.
     *
     * @param open what is to be left, 1 up to less than what is
     * @return false when none of this id waits
     */
    public boolean reduce(long id, long open) {
        int slot = index.get(id);
        if (slot == NONE) {
            return false;
        }
        shrink(slot, orders[slot + OPEN] - open);
        events.reduced(slot, id, side(slot), price(slot), orders[slot + SHOWN], open, Reason.CANCELLED);
        return true;
    }

    /**
     * Changes an order's price, or makes it larger: it is matched as if it came anew, and loses its place.
     *
     * @param id of one that waits
     * @param open what is to be left before it is matched
     * @return {@link Outcome#WOULD_TRADE} leaves it as it was
     */
    public Outcome replace(long id, long price, long open) {
        return replace(index.get(id), id, price, open);
    }

    /** Changes an order's price and nothing else; as {@link #replace}. */
    public Outcome move(long id, long price) {
        int slot = index.get(id);
        return replace(slot, id, price, orders[slot + OPEN]);
    }

    private Outcome replace(int slot, long id, long price, long open) {
        long[] o = orders;
        int terms = (int) o[slot + PLACE];
        int side = terms & 1;
        long limit = price ^ mask(side ^ 1);
        boolean crosses = crosses(side ^ 1, limit);
        if (crosses && (terms & POST_ONLY) != 0) {
            return Outcome.WOULD_TRADE;
        }
        events.removed(slot, id, side, price(slot), o[slot + SHOWN], o[slot + OPEN], Reason.CANCELLED);
        unqueue(slot);
        long left = open;
        if (crosses) {
            left = match(id, terms, limit, open, o[slot + OWNER]);
            if (left == 0 || stopped) {
                index.remove(id);
                release(slot);
                return stopped ? killed(id, left) : Outcome.FILLED;
            }
        }
        o = orders;
        o[slot + KEY] = price ^ mask(side);
        o[slot + OPEN] = left;
        queue(slot);
        return Outcome.RESTS;
    }

    private Outcome killed(long id, long left) {
        if (left > 0) {
            events.killed(id, left, Reason.SELF_TRADE);
        }
        return Outcome.KILLED;
    }

    /**
     * Executes orders against each other at one price, by priority, as far as they cross it.
     *
     * @return the quantity that was executed
     */
    public long uncross(long price) {
        long done = 0;
        while (crossesAt(BUY, price) && crossesAt(SELL, price)) {
            int buy = first(best[BUY]);
            int sell = first(best[SELL]);
            long quantity = Math.min(executableNow(buy), executableNow(sell));
            done += quantity;
            long bought = orders[buy + OPEN] - quantity;
            long sold = orders[sell + OPEN] - quantity;
            events.traded(buy, orders[buy + ID], orders[sell + ID], SELL, price, quantity, bought, sold);
            fill(buy, quantity);
            fill(sell, quantity);
        }
        return done;
    }

    private boolean crossesAt(int side, long price) {
        int level = best[side];
        return level != NONE && levels[level + KEY] <= (price ^ mask(side));
    }

    /** Whether the other side's best is at least as good as a limit, given as a key of that side. */
    private boolean crosses(int other, long limit) {
        int level = best[other];
        return level != NONE && levels[level + KEY] <= limit;
    }

    /** Executes what can be; gives what is left, and sets {@link #stopped}. */
    private long match(long id, int terms, long limit, long quantity, long owner) {
        int side = terms & 1;
        int prevention = terms & SELF_TRADE;
        long left = quantity;
        stopped = false;
        while (left > 0) {
            int level = best[side ^ 1];
            if (level == NONE || levels[level + KEY] > limit) {
                break;
            }
            int slot = first(level);
            if (prevention != 0 && orders[slot + OWNER] == owner) {
                left = prevent(slot, id, prevention, left);
                if (stopped) {
                    break;
                }
                continue;
            }
            long done = Math.min(executableNow(slot), left);
            left -= done;
            events.traded(
                    slot,
                    orders[slot + ID],
                    id,
                    side,
                    levels[level + KEY] ^ mask(side ^ 1),
                    done,
                    orders[slot + OPEN] - done,
                    left);
            fill(slot, done);
        }
        return left;
    }

    /** What becomes of two orders of one owner; gives what is left of the one that came. */
    private long prevent(int slot, long taker, int prevention, long left) {
        long open = orders[slot + OPEN];
        long id = orders[slot + ID];
        if (prevention == Terms.CANCEL_NEWEST) {
            stopped = true;
            return left;
        }
        if (prevention == DECREMENT && open > left) {
            shrink(slot, left);
            events.reduced(slot, id, side(slot), price(slot), orders[slot + SHOWN], open - left, Reason.SELF_TRADE);
            events.killed(taker, left, Reason.SELF_TRADE);
            stopped = true;
            return 0;
        }
        events.removed(slot, id, side(slot), price(slot), orders[slot + SHOWN], open, Reason.SELF_TRADE);
        index.remove(id);
        unqueue(slot);
        release(slot);
        if (prevention == DECREMENT) {
            events.killed(taker, open, Reason.SELF_TRADE);
            stopped = open == left;
            return left - open;
        }
        stopped = prevention == Terms.CANCEL_BOTH;
        return left;
    }

    /** Whether so much of an order would be executed at once: less, when it meets orders of its own owner. */
    private boolean executable(int terms, long limit, long quantity, long needed, long owner) {
        int other = terms & 1 ^ 1;
        int prevention = terms & SELF_TRADE;
        long left = quantity;
        long lost = 0;
        for (int level = best[other];
                level != NONE && levels[level + KEY] <= limit && quantity - lost - left < needed && left > 0;
                level = ladders[other].above(levels[level + KEY])) {
            if (prevention == 0) {
                left -= Math.min(left, levels[level + QUANTITY_SHOWN] + levels[level + QUANTITY_HIDDEN]);
                continue;
            }
            for (int queue = QUEUE_SHOWN; queue <= QUEUE_HIDDEN; queue++) {
                long behind = 0;
                for (int slot = head(levels[level + queue]); slot != NONE; slot = (int) orders[slot + LINKS]) {
                    long open = orders[slot + OPEN];
                    if (orders[slot + OWNER] != owner) {
                        // What an iceberg order does not show comes behind all others.
                        long now = queue == QUEUE_SHOWN ? orders[slot + SHOWN] : open;
                        left -= Math.min(left, now);
                        behind += open - now;
                    } else if (prevention == DECREMENT) {
                        lost += Math.min(left, open);
                        left -= Math.min(left, open);
                    } else if (prevention != Terms.CANCEL_OLDEST) {
                        return quantity - lost - left >= needed;
                    }
                }
                left -= Math.min(left, behind);
            }
        }
        return quantity - lost - left >= needed;
    }

    /** The order of a level that is executed next. */
    private int first(int level) {
        long shown = levels[level + QUEUE_SHOWN];
        return head(shown == EMPTY ? levels[level + QUEUE_HIDDEN] : shown);
    }

    /** How much of the first order is executed before it is another's turn. */
    private long executableNow(int slot) {
        long shown = orders[slot + SHOWN];
        return shown > 0 ? shown : orders[slot + OPEN];
    }

    /** Takes what was executed from an order that was the first of its level. */
    private void fill(int slot, long quantity) {
        long[] o = orders;
        int level = (int) (o[slot + PLACE] >> 32);
        long open = o[slot + OPEN] - quantity;
        long shown = o[slot + SHOWN];
        if (open == 0) {
            index.remove(o[slot + ID]);
            unqueue(slot);
            release(slot);
            return;
        }
        o[slot + OPEN] = open;
        if (shown == 0) {
            levels[level + QUANTITY_HIDDEN] -= quantity;
        } else if (quantity < shown) {
            o[slot + SHOWN] = shown - quantity;
            levels[level + QUANTITY_SHOWN] -= quantity;
        } else {
            long next = Math.min(o[slot + PEAK], open);
            o[slot + SHOWN] = next;
            levels[level + QUANTITY_SHOWN] += next - shown;
            levels[level + QUANTITY_HIDDEN] -= next;
            unlink(slot, level + QUEUE_SHOWN);
            link(slot, level + QUEUE_SHOWN);
            events.refilled(slot, o[slot + ID], side(slot), price(slot), next, open);
        }
    }

    /** Takes a part of an order away, less than all; what is not seen goes first. */
    private void shrink(int slot, long by) {
        int level = (int) (orders[slot + PLACE] >> 32);
        long shown = orders[slot + SHOWN];
        long hidden = orders[slot + OPEN] - shown;
        long seen = Math.max(0, by - hidden);
        orders[slot + OPEN] -= by;
        orders[slot + SHOWN] = shown - seen;
        levels[level + QUANTITY_SHOWN] -= seen;
        levels[level + QUANTITY_HIDDEN] -= by - seen;
    }

    /** Puts an order at the end of its queue, at the level of its key. */
    private void queue(int slot) {
        long[] o = orders;
        long key = o[slot + KEY];
        int terms = (int) o[slot + PLACE];
        int side = terms & 1;
        int level = best[side];
        if (level == NONE || levels[level + KEY] != key) {
            level = ladders[side].get(key);
            if (level == NONE) {
                level = newLevel(side, key);
            }
        }
        long open = o[slot + OPEN];
        boolean hidden = (terms & HIDDEN) != 0;
        long peak = o[slot + PEAK];
        long shown = hidden ? 0 : peak == 0 ? open : Math.min(peak, open);
        o[slot + SHOWN] = shown;
        o[slot + PLACE] = (long) level << 32 | terms & LOW;
        levels[level + QUANTITY_SHOWN] += shown;
        levels[level + QUANTITY_HIDDEN] += open - shown;
        levels[level + COUNT]++;
        link(slot, level + (hidden ? QUEUE_HIDDEN : QUEUE_SHOWN));
        events.rested(slot, o[slot + ID], side, key ^ mask(side), shown, open);
    }

    /** Takes an order out of its queue, and its level away when it was the last there. */
    private void unqueue(int slot) {
        int level = (int) (orders[slot + PLACE] >> 32);
        int terms = (int) orders[slot + PLACE];
        if (--levels[level + COUNT] == 0) {
            dropLevel(terms & 1, level);
            return;
        }
        long shown = orders[slot + SHOWN];
        levels[level + QUANTITY_SHOWN] -= shown;
        levels[level + QUANTITY_HIDDEN] -= orders[slot + OPEN] - shown;
        unlink(slot, level + ((terms & HIDDEN) != 0 ? QUEUE_HIDDEN : QUEUE_SHOWN));
    }

    private void link(int slot, int queue) {
        long[] o = orders;
        long ends = levels[queue];
        if (ends == EMPTY) {
            levels[queue] = pack(slot, slot);
            o[slot + LINKS] = EMPTY;
        } else {
            int last = (int) ends;
            o[last + LINKS] = o[last + LINKS] & HIGH | slot;
            o[slot + LINKS] = pack(last, NONE);
            levels[queue] = ends & HIGH | slot;
        }
    }

    private void unlink(int slot, int queue) {
        long[] o = orders;
        long links = o[slot + LINKS];
        int before = head(links);
        int behind = (int) links;
        if (before == NONE) {
            levels[queue] = behind == NONE ? EMPTY : levels[queue] & LOW | links << 32;
        } else {
            o[before + LINKS] = o[before + LINKS] & HIGH | links & LOW;
        }
        if (behind != NONE) {
            o[behind + LINKS] = o[behind + LINKS] & LOW | links & HIGH;
        } else if (before != NONE) {
            levels[queue] = levels[queue] & HIGH | before;
        }
    }

    private int newLevel(int side, long key) {
        int level = freeLevel;
        if (level == NONE) {
            level = levelsUsed;
            levelsUsed += 1 << LONGS;
            if (levelsUsed > levels.length) {
                levels = Arrays.copyOf(levels, levels.length * 2);
            }
        } else {
            freeLevel = (int) levels[level + COUNT];
        }
        levels[level + KEY] = key;
        levels[level + QUANTITY_SHOWN] = 0;
        levels[level + QUANTITY_HIDDEN] = 0;
        levels[level + QUEUE_SHOWN] = EMPTY;
        levels[level + QUEUE_HIDDEN] = EMPTY;
        levels[level + COUNT] = 0;
        ladders[side].put(key, level);
        if (best[side] == NONE || key < levels[best[side] + KEY]) {
            best[side] = level;
        }
        return level;
    }

    private void dropLevel(int side, int level) {
        long key = levels[level + KEY];
        if (best[side] == level) {
            best[side] = ladders[side].above(key);
        }
        ladders[side].remove(key);
        levels[level + COUNT] = freeLevel;
        freeLevel = level;
    }

    private int newOrder() {
        int slot = freeOrder;
        if (slot != NONE) {
            freeOrder = (int) orders[slot + LINKS];
            return slot;
        }
        slot = ordersUsed;
        ordersUsed += 1 << LONGS;
        if (ordersUsed > orders.length) {
            orders = Arrays.copyOf(orders, orders.length * 2);
        }
        return slot;
    }

    private void release(int slot) {
        orders[slot + LINKS] = freeOrder;
        freeOrder = slot;
    }

    private static long mask(int side) {
        return side == BUY ? MAX_PRICE : 0;
    }

    private static long pack(int high, int low) {
        return (long) high << 32 | low & LOW;
    }

    private static int head(long pair) {
        return (int) (pair >> 32);
    }

    private int side(int slot) {
        return (int) orders[slot + PLACE] & 1;
    }

    private long price(int slot) {
        return orders[slot + KEY] ^ mask(side(slot));
    }

    /** How many orders wait. */
    public int size() {
        return index.size();
    }

    /** What is left of an order; 0 when none of this id waits. */
    public long open(long id) {
        int slot = index.get(id);
        return slot == NONE ? 0 : orders[slot + OPEN];
    }

    /** The best price of a side, of what is seen or not; {@link #NONE} when nobody waits there. */
    public long bestPrice(int side) {
        return best[side] == NONE ? NONE : levels[best[side] + KEY] ^ mask(side);
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
                        levels[level + KEY] ^ mask(side),
                        levels[level + QUANTITY_SHOWN],
                        levels[level + QUANTITY_HIDDEN],
                        (int) levels[level + COUNT])) {
            level = ladders[side].above(levels[level + KEY]);
        }
    }

    /** Takes an order that waits, in the order in which a side's orders would be executed. */
    public interface OrderReader {
        void order(long id, long price, long shown, long open, int terms, long owner);
    }

    /** Shows all orders of a side, the best first. */
    public void orders(int side, OrderReader reader) {
        for (int level = best[side]; level != NONE; level = ladders[side].above(levels[level + KEY])) {
            for (int queue = QUEUE_SHOWN; queue <= QUEUE_HIDDEN; queue++) {
                for (int slot = head(levels[level + queue]); slot != NONE; slot = (int) orders[slot + LINKS]) {
                    reader.order(
                            orders[slot + ID],
                            price(slot),
                            orders[slot + SHOWN],
                            orders[slot + OPEN],
                            (int) orders[slot + PLACE],
                            orders[slot + OWNER]);
                }
            }
        }
    }
}
