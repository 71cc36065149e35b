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

import org.exchequer.exchange.core.BookEvents.Reason;

/**
 * The orders of one instrument that wait, and their matching: by price, then what is shown before what is hidden,
 * then by time. For one thread. Deterministic: the same calls give the same events.
 *
 * <p>Whoever calls it keeps to the bounds of what is given: {@link Market} does. An order at any price must not wait
 * where orders are executed as they come, as it would be executed at that price.
 */
public final class Book extends Shelves {
    /** What became of an order that came. */
    public enum Outcome {
        /** It waits, as a whole or with what is left of it. */
        RESTS,
        /** Nothing of it is left, as it is executed. */
        FILLED,
        /** What was left is given up, as it must not wait, or as it met an own order; the event says why. */
        KILLED,
        /** Nothing was done: it could not be executed at once as it must be, FOK or with its minimum. */
        NOT_FILLABLE,
        /** Nothing was done: it must not be executed at once, and would be. */
        WOULD_TRADE,
        /** Nothing was done: no order of this id waits. */
        UNKNOWN_ORDER
    }

    private final BookEvents events;
    /** Whether the order that came last was stopped by an own one. */
    private boolean stopped;
    /** For each side the worst price at which it is executed, as a key of the other. */
    private final long[] bounds = {MAX_PRICE, MAX_PRICE};

    private boolean boundHit;

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
        boundHit = false;
        if ((terms & POST_ONLY) != 0 && crosses(side ^ 1, price ^ mask(side ^ 1))) {
            return Outcome.WOULD_TRADE;
        }
        long limit = limit(side, price);
        boolean crosses = crosses(side ^ 1, limit);
        long atOnce = (terms & TIME_IN_FORCE) == FILL_OR_KILL ? quantity : minimum;
        if (atOnce > 0 && (!crosses || !executable(terms, limit, quantity, atOnce, owner))) {
            return Outcome.NOT_FILLABLE;
        }
        if (crosses && (terms & TIME_IN_FORCE) == 0) {
            readyForOne(side);
        }
        long left = crosses ? match(id, terms, limit, quantity, owner) : quantity;
        if (crosses && stopped) {
            return killed(id, left);
        }
        if (left == 0) {
            return Outcome.FILLED;
        }
        boundHit = crosses(side ^ 1, price ^ mask(side ^ 1));
        if ((terms & TIME_IN_FORCE) == IMMEDIATE_OR_CANCEL) {
            events.killed(id, left, Reason.NOT_AT_ONCE);
            return Outcome.KILLED;
        }
        rest(id, terms, price, left, peak, owner);
        return Outcome.RESTS;
    }

    /**
     * Sets at which prices orders are executed when they come, from now on. One whose limit is beyond is executed up to
     * there, and what is left then waits, or is given up, as its terms say.
     *
     * @param lowest 0 for no such bound
     * @param highest {@link #MAX_PRICE} for no such bound
     */
    public void bound(long lowest, long highest) {
        bounds[BUY] = highest ^ mask(SELL);
        bounds[SELL] = lowest ^ mask(BUY);
    }

    /** Whether the order that came or was changed last could have been executed further, but for the bounds. */
    public boolean boundHit() {
        return boundHit;
    }

    /** Brings an order that waits without being matched, as in the call of an auction; not one that must not wait. */
    public int rest(long id, int terms, long price, long quantity, long peak, long owner) {
        readyForOne(terms & 1);
        int slot = take();
        long[] o = memory;
        o[slot + ID] = id;
        o[slot + OPEN] = quantity;
        o[slot + PLACE] = (terms & HIDDEN) == 0 && peak == 0 ? terms : terms | SPECIAL;
        more[slot + OWNER] = owner;
        more[slot + PEAK] = peak;
        index.put(id, slot);
        queue(slot, price ^ mask(terms & 1));
        events.rested(slot, id, terms & 1, price, shown(slot), quantity);
        return slot;
    }

    /** Takes an order out. False when none of this id waits. */
    public boolean cancel(long id) {
        int slot = index.remove(id, memory);
        if (slot == NONE) {
            return false;
        }
        events.removed(slot, id, side(slot), price(slot), shown(slot), memory[slot + OPEN], Reason.CANCELLED);
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
        int slot = index.get(id, memory);
        if (slot == NONE) {
            return false;
        }
        shrink(slot, memory[slot + OPEN] - open);
        events.reduced(slot, id, side(slot), price(slot), shown(slot), open, Reason.CANCELLED);
        return true;
    }

    /**
     * Changes an order's price, or makes it larger: it is matched as if it came anew, and loses its place.
     *
     * @param open what is to be left before it is matched
     * @return {@link Outcome#WOULD_TRADE} leaves it as it was
     */
    public Outcome replace(long id, long price, long open) {
        int slot = index.get(id, memory);
        return slot == NONE ? Outcome.UNKNOWN_ORDER : replace(slot, id, price, open);
    }

    /** Changes an order's price and nothing else; as {@link #replace}. */
    public Outcome move(long id, long price) {
        int slot = index.get(id, memory);
        return slot == NONE ? Outcome.UNKNOWN_ORDER : replace(slot, id, price, memory[slot + OPEN]);
    }

    /** Changes an order's price and quantity without matching it, as in the call of an auction; it loses its place. */
    public boolean requeue(long id, long price, long open) {
        int slot = index.get(id, memory);
        if (slot == NONE) {
            return false;
        }
        requeue(slot, id, price, open);
        return true;
    }

    private void requeue(int slot, long id, long price, long open) {
        int side = side(slot);
        long before = price(slot);
        ready(side);
        unqueue(slot);
        memory[slot + OPEN] = open;
        queue(slot, price ^ mask(side));
        events.replaced(slot, id, side, before, price, shown(slot), open);
    }

    /** Takes the order of a side out that would be executed next; there is one. */
    void cancelBest(int side) {
        cancel(memory[next(best[side]) + ID]);
    }

    private Outcome replace(int slot, long id, long price, long open) {
        long place = memory[slot + PLACE];
        int side = (int) place & 1;
        boundHit = false;
        if (crosses(side ^ 1, price ^ mask(side ^ 1))) {
            return (place & POST_ONLY) != 0 ? Outcome.WOULD_TRADE : rematch(slot, price, open);
        }
        requeue(slot, id, price, open);
        return Outcome.RESTS;
    }

    private Outcome rematch(int slot, long price, long open) {
        ready(side(slot));
        long[] o = memory;
        long id = o[slot + ID];
        int terms = (int) o[slot + PLACE];
        int side = terms & 1;
        events.removed(slot, id, side, price(slot), shown(slot), o[slot + OPEN], Reason.REPLACED);
        unqueue(slot);
        long left = match(id, terms, limit(side, price), open, more[slot + OWNER]);
        if (left == 0 || stopped) {
            index.remove(id, o);
            release(slot);
            return stopped ? killed(id, left) : Outcome.FILLED;
        }
        o[slot + OPEN] = left;
        queue(slot, price ^ mask(side));
        boundHit = crosses(side ^ 1, price ^ mask(side ^ 1));
        events.rested(slot, id, side, price, shown(slot), left);
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
            int buy = next(best[BUY]);
            int sell = next(best[SELL]);
            long quantity = Math.min(executableNow(buy), executableNow(sell));
            done += quantity;
            long bought = memory[buy + OPEN] - quantity;
            long sold = memory[sell + OPEN] - quantity;
            events.traded(buy, memory[buy + ID], memory[sell + ID], SELL, price, quantity, bought, sold);
            fill(buy, quantity);
            fill(sell, quantity);
        }
        return done;
    }

    private boolean crossesAt(int side, long price) {
        int level = best[side];
        return level != NONE && memory[level + KEY] <= (price ^ mask(side));
    }

    /** The worst price at which one of a side is executed now, as a key of the other. */
    private long limit(int side, long price) {
        return Math.min(price ^ mask(side ^ 1), bounds[side]);
    }

    /** Whether the other side's best is at least as good as a limit, given as a key of that side. */
    private boolean crosses(int other, long limit) {
        int level = best[other];
        return level != NONE && memory[level + KEY] <= limit;
    }

    /** Executes what can be; gives what is left, and sets {@link #stopped}. */
    private long match(long id, int terms, long limit, long quantity, long owner) {
        int side = terms & 1;
        int prevention = terms & SELF_TRADE;
        long left = quantity;
        stopped = false;
        while (left > 0) {
            int level = best[side ^ 1];
            if (level == NONE || memory[level + KEY] > limit) {
                break;
            }
            int slot = next(level);
            if (prevention != 0 && more[slot + OWNER] == owner) {
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
                    memory[slot + ID],
                    id,
                    side,
                    memory[level + KEY] ^ mask(side ^ 1),
                    done,
                    memory[slot + OPEN] - done,
                    left);
            fill(slot, done);
        }
        return left;
    }

    /** What becomes of two orders of one owner; gives what is left of the one that came. */
    private long prevent(int slot, long taker, int prevention, long left) {
        long open = memory[slot + OPEN];
        long id = memory[slot + ID];
        if (prevention == Terms.CANCEL_NEWEST) {
            stopped = true;
            return left;
        }
        if (prevention == DECREMENT && open > left) {
            shrink(slot, left);
            events.reduced(slot, id, side(slot), price(slot), shown(slot), open - left, Reason.SELF_TRADE);
            events.killed(taker, left, Reason.SELF_TRADE);
            stopped = true;
            return 0;
        }
        events.removed(slot, id, side(slot), price(slot), shown(slot), open, Reason.SELF_TRADE);
        index.remove(id, memory);
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
                level != NONE && memory[level + KEY] <= limit && quantity - lost - left < needed && left > 0;
                level = ladders[other].above(memory[level + KEY])) {
            if (prevention == 0) {
                left -= Math.min(left, memory[level + QUANTITY_SHOWN] + memory[level + QUANTITY_HIDDEN]);
                continue;
            }
            for (int queue = QUEUE_SHOWN; queue <= QUEUE_HIDDEN; queue++) {
                long behind = 0;
                for (int slot = first(level + queue); slot != NONE; slot = behind(slot, level + queue)) {
                    long open = memory[slot + OPEN];
                    if (more[slot + OWNER] != owner) {
                        // What an iceberg order does not show comes behind all others.
                        long now = queue == QUEUE_SHOWN ? shown(slot) : open;
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
    /** Takes what was executed from an order that was the first of its level. */
    private void fill(int slot, long quantity) {
        long[] o = memory;
        long open = o[slot + OPEN] - quantity;
        if (open == 0) {
            index.remove(o[slot + ID], o);
            unqueue(slot);
            release(slot);
            return;
        }
        int level = level(slot);
        long shown = shown(slot);
        o[slot + OPEN] = open;
        if (shown == 0) {
            o[level + QUANTITY_HIDDEN] -= quantity;
            return;
        }
        o[level + QUANTITY_SHOWN] -= quantity;
        if (isSpecial(slot)) {
            more[slot + SHOWN] = shown - quantity;
            if (quantity == shown) {
                refill(slot, level, open);
            }
        }
    }

    /** Shows the next part of an iceberg order. */
    private void refill(int slot, int level, long open) {
        long next = Math.min(more[slot + PEAK], open);
        more[slot + SHOWN] = next;
        memory[level + QUANTITY_SHOWN] += next;
        memory[level + QUANTITY_HIDDEN] -= next;
        unlink(slot);
        link(slot, level + QUEUE_SHOWN);
        events.refilled(slot, memory[slot + ID], side(slot), price(slot), next, open);
    }
}
