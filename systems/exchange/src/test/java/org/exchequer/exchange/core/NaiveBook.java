package org.exchequer.exchange.core;

import static org.exchequer.exchange.core.Terms.BUY;
import static org.exchequer.exchange.core.Terms.SELL;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.exchequer.exchange.core.Book.Outcome;
import org.exchequer.exchange.core.BookEvents.Reason;

/** The rules of {@link Book} as they are written down, by looking through a list of all orders at every step. */
final class NaiveBook {
    private static final class Order {
        final long id;
        final int terms;
        long price;
        long open;
        long shown;
        final long peak;
        final long owner;
        /** When it joined its queue. */
        long since;

        Order(long id, int terms, long price, long open, long peak, long owner) {
            this.id = id;
            this.terms = terms;
            this.price = price;
            this.open = open;
            this.peak = peak;
            this.owner = owner;
        }

        int side() {
            return terms & 1;
        }

        boolean hidden() {
            return (terms & Terms.HIDDEN) != 0;
        }

        long now() {
            return hidden() ? open : shown;
        }

        Order copy() {
            Order copy = new Order(id, terms, price, open, peak, owner);
            copy.shown = shown;
            copy.since = since;
            return copy;
        }
    }

    private static final Comparator<Order> BY_TIME =
            Comparator.comparing(Order::hidden).thenComparing(order -> order.since);

    private final BookEvents events;
    private final List<Order> orders = new ArrayList<>();
    private long time;
    private long lowest;
    private long highest = Book.MAX_PRICE;
    boolean boundHit;

    NaiveBook(BookEvents events) {
        this.events = events;
    }

    private static Comparator<Order> priority(int side) {
        Comparator<Order> byPrice = Comparator.comparing(order -> order.price);
        return (side == BUY ? byPrice.reversed() : byPrice).thenComparing(BY_TIME);
    }

    private Optional<Order> best(int side) {
        return orders.stream().filter(order -> order.side() == side).min(priority(side));
    }

    private Optional<Order> find(long id) {
        return orders.stream().filter(order -> order.id == id).findFirst();
    }

    /** The best of the other side that an order of this price may trade with. */
    private Optional<Order> counterpart(int side, long price) {
        return best(side ^ 1).filter(order -> side == BUY ? order.price <= price : order.price >= price);
    }

    void bound(long low, long high) {
        lowest = low;
        highest = high;
    }

    /** The best of the other side that it trades with now. */
    private Optional<Order> counterpartInBounds(Order order) {
        long price = order.side() == BUY ? Math.min(order.price, highest) : Math.max(order.price, lowest);
        return counterpart(order.side(), price);
    }

    Outcome enter(long id, int terms, long price, long quantity, long minimum, long peak, long owner) {
        boundHit = false;
        boolean killing = (terms & Terms.TIME_IN_FORCE) == Terms.FILL_OR_KILL;
        Order order = new Order(id, terms, price, quantity, peak, owner);
        if ((terms & Terms.POST_ONLY) != 0 && counterpart(order.side(), price).isPresent()) {
            return Outcome.WOULD_TRADE;
        }
        if (tried(order) < (killing ? quantity : minimum)) {
            return Outcome.NOT_FILLABLE;
        }
        return place(order);
    }

    private Outcome place(Order order) {
        boolean stopped = match(order);
        if (stopped) {
            if (order.open > 0) {
                events.killed(order.id, order.open, Reason.SELF_TRADE);
            }
            return Outcome.KILLED;
        }
        if (order.open == 0) {
            return Outcome.FILLED;
        }
        boundHit = counterpart(order.side(), order.price).isPresent();
        if ((order.terms & Terms.TIME_IN_FORCE) == Terms.IMMEDIATE_OR_CANCEL) {
            events.killed(order.id, order.open, Reason.NOT_AT_ONCE);
            return Outcome.KILLED;
        }
        queue(order);
        return Outcome.RESTS;
    }

    /** What would be traded if it came: tried on a copy of everything. */
    private long tried(Order order) {
        long[] traded = new long[1];
        NaiveBook copy = new NaiveBook(new BookEvents() {
            @Override
            public void traded(
                    int slot, long maker, long taker, int side, long price, long quantity, long left, long takerLeft) {
                traded[0] += quantity;
            }
        });
        orders.forEach(each -> copy.orders.add(each.copy()));
        copy.time = time;
        copy.bound(lowest, highest);
        copy.match(order.copy());
        return traded[0];
    }

    void rest(long id, int terms, long price, long quantity, long peak, long owner) {
        queue(new Order(id, terms, price, quantity, peak, owner));
    }

    private void queue(Order order) {
        show(order);
        orders.add(order);
        events.rested(0, order.id, order.side(), order.price, order.shown, order.open);
    }

    private void show(Order order) {
        order.shown = order.hidden() ? 0 : order.peak == 0 ? order.open : Math.min(order.peak, order.open);
        order.since = time++;
    }

    private boolean match(Order order) {
        while (order.open > 0) {
            Order maker = counterpartInBounds(order).orElse(null);
            if (maker == null) {
                return false;
            }
            int prevention = order.terms & Terms.SELF_TRADE;
            if (prevention != Terms.SELF_TRADE_ALLOWED && maker.owner == order.owner) {
                if (prevent(order, maker, prevention)) {
                    return true;
                }
            } else {
                trade(maker, order);
            }
        }
        return false;
    }

    private void trade(Order maker, Order taker) {
        long quantity = Math.min(maker.now(), taker.open);
        taker.open -= quantity;
        events.traded(0, maker.id, taker.id, taker.side(), maker.price, quantity, maker.open - quantity, taker.open);
        take(maker, quantity);
    }

    private void take(Order maker, long quantity) {
        maker.open -= quantity;
        if (maker.open == 0) {
            orders.remove(maker);
        } else if (!maker.hidden()) {
            maker.shown -= quantity;
            if (maker.shown == 0) {
                show(maker);
                events.refilled(0, maker.id, maker.side(), maker.price, maker.shown, maker.open);
            }
        }
    }

    private boolean prevent(Order order, Order maker, int prevention) {
        if (prevention == Terms.CANCEL_NEWEST) {
            return true;
        }
        if (prevention == Terms.DECREMENT) {
            long both = Math.min(order.open, maker.open);
            if (both < maker.open) {
                shrink(maker, both);
                reduced(maker, Reason.SELF_TRADE);
            } else {
                remove(maker, Reason.SELF_TRADE);
            }
            events.killed(order.id, both, Reason.SELF_TRADE);
            order.open -= both;
            return order.open == 0;
        }
        remove(maker, Reason.SELF_TRADE);
        return prevention == Terms.CANCEL_BOTH;
    }

    private static void shrink(Order order, long by) {
        order.open -= by;
        order.shown = Math.min(order.shown, order.open);
    }

    private void reduced(Order order, Reason why) {
        events.reduced(0, order.id, order.side(), order.price, order.shown, order.open, why);
    }

    private void remove(Order order, Reason why) {
        events.removed(0, order.id, order.side(), order.price, order.shown, order.open, why);
        orders.remove(order);
    }

    boolean cancel(long id) {
        find(id).ifPresent(order -> remove(order, Reason.CANCELLED));
        return true;
    }

    void reduce(long id, long open) {
        Order order = find(id).orElseThrow();
        shrink(order, order.open - open);
        reduced(order, Reason.CANCELLED);
    }

    Outcome replace(long id, long price, long open) {
        boundHit = false;
        Order order = find(id).orElseThrow();
        if ((order.terms & Terms.POST_ONLY) != 0
                && counterpart(order.side(), price).isPresent()) {
            return Outcome.WOULD_TRADE;
        }
        if (counterpart(order.side(), price).isPresent()) {
            remove(order, Reason.REPLACED);
            order.price = price;
            order.open = open;
            return place(order);
        }
        requeue(id, price, open);
        return Outcome.RESTS;
    }

    void requeue(long id, long price, long open) {
        Order order = find(id).orElseThrow();
        long before = order.price;
        order.price = price;
        order.open = open;
        show(order);
        events.replaced(0, id, order.side(), before, price, order.shown, open);
    }

    long uncross(long price) {
        long done = 0;
        while (true) {
            Order buy = best(BUY).filter(order -> order.price >= price).orElse(null);
            Order sell = best(SELL).filter(order -> order.price <= price).orElse(null);
            if (buy == null || sell == null) {
                return done;
            }
            long quantity = Math.min(buy.now(), sell.now());
            events.traded(0, buy.id, sell.id, SELL, price, quantity, buy.open - quantity, sell.open - quantity);
            take(buy, quantity);
            take(sell, quantity);
            done += quantity;
        }
    }

    /** All orders of a side, the best first. */
    void orders(int side, Book.OrderReader reader) {
        orders.stream()
                .filter(order -> order.side() == side)
                .sorted(priority(side))
                .forEach(order ->
                        reader.order(order.id, order.price, order.shown, order.open, order.terms, order.owner));
    }
}
