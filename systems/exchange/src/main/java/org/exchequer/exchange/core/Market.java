package org.exchequer.exchange.core;

import static org.exchequer.exchange.core.Terms.BUY;
import static org.exchequer.exchange.core.Terms.FILL_OR_KILL;
import static org.exchequer.exchange.core.Terms.HIDDEN;
import static org.exchequer.exchange.core.Terms.POST_ONLY;
import static org.exchequer.exchange.core.Terms.SELL;
import static org.exchequer.exchange.core.Terms.TIME_IN_FORCE;

import java.util.Arrays;
import org.exchequer.exchange.core.BookEvents.Reason;
import org.exchequer.exchange.core.MarketEvents.Cause;

/**
 * The market of one instrument: what may come in each phase, the book, stop orders, auctions and interruptions. For one
 * thread. Time and phases are given: the same commands give the same verdicts and events.
 *
 * <p>An order at any price has the limit {@link Book#MAX_PRICE} for buying and 0 for selling. While orders are executed
 * as they come, it must not wait; in a call it waits, and what the auction leaves of it is cancelled.
 *
 * <p>Every command that is refused has done nothing.
 */
public final class Market {
    /** Of an order that is no stop order. */
    private static final long NO_TRIGGER = Long.MIN_VALUE;

    private final Instrument instrument;
    private final MarketEvents events;
    private final Book book;
    private final Stops stops = new Stops();
    private final Auction auction;
    /** Whether the order that came last would have been executed further, but for the range. */
    private boolean beyond;

    private long[] found = new long[64];
    private int foundCount;
    private Phase phase = Phase.CLOSED;
    /** Of the last trade; the reference price before the first. */
    private long last;
    /** Of the last auction; the instrument's before the first. */
    private long reference;

    /** Begins {@link Phase#CLOSED}. */
    public Market(Instrument instrument, MarketEvents events) {
        this.instrument = instrument;
        this.events = events;
        this.book = new Book(new Following());
        this.auction = new Auction(instrument.tie());
        this.last = instrument.reference();
        this.reference = instrument.reference();
    }

    /** Passes on what happens in the book, and keeps the last price. */
    private final class Following implements BookEvents {
        @Override
        public void traded(
                int slot,
                long maker,
                long taker,
                int takerSide,
                long price,
                long quantity,
                long makerOpen,
                long takerOpen) {
            last = price;
            events.traded(slot, maker, taker, takerSide, price, quantity, makerOpen, takerOpen);
        }

        @Override
        public void rested(int slot, long id, int side, long price, long shown, long open) {
            events.rested(slot, id, side, price, shown, open);
        }

        @Override
        public void refilled(int slot, long id, int side, long price, long shown, long open) {
            events.refilled(slot, id, side, price, shown, open);
        }

        @Override
        public void reduced(int slot, long id, int side, long price, long shown, long open, Reason why) {
            events.reduced(slot, id, side, price, shown, open, why);
        }

        @Override
        public void replaced(int slot, long id, int side, long before, long price, long shown, long open) {
            events.replaced(slot, id, side, before, price, shown, open);
        }

        @Override
        public void removed(int slot, long id, int side, long price, long shown, long open, Reason why) {
            events.removed(slot, id, side, price, shown, open, why);
        }

        @Override
        public void killed(long id, long quantity, Reason why) {
            events.killed(id, quantity, why);
        }
    }

    public Phase phase() {
        return phase;
    }

    /** The price of the last trade; before the first the instrument's reference price. */
    public long last() {
        return last;
    }

    /** For looking at it. */
    public Book book() {
        return book;
    }

    /** Stop orders that wait. */
    public int stops() {
        return stops.size();
    }

    /**
     * Brings an order.
     *
     * @param id not 0
     * @param terms of {@link Terms}
     * @param price its limit; {@link Book#MAX_PRICE} or 0 for any
     * @param minimum how much must be executed at once; 0 for no such rule
     * @param peak how much is shown at once; 0 for all, or as the terms say
     * @param owner whose it is, for self-trade prevention
     */
    public Verdict enter(long id, int terms, long price, long quantity, long minimum, long peak, long owner) {
        Verdict refusal = checkOrder(id, terms, price, quantity, minimum, peak, false);
        if (refusal == Verdict.DONE) {
            refusal = checkPrices(terms, price, NO_TRIGGER);
        }
        if (refusal != Verdict.DONE) {
            return refusal;
        }
        if (phase == Phase.CALL) {
            var unused = book.rest(id, terms, price, quantity, peak, owner);
            return Verdict.DONE;
        }
        return after(match(id, terms, price, quantity, minimum, peak, owner));
    }

    /**
     * Brings an order that waits until a trade is at its trigger or beyond, and is an order like others then: with a
     * limit, or at any price. When the last price is there already, it is at once.
     *
     * @param trigger above 0, on the tick
     */
    public Verdict stop(long id, int terms, long trigger, long price, long quantity, long peak, long owner) {
        Verdict refusal = checkOrder(id, terms, price, quantity, 0, peak, true);
        if (refusal == Verdict.DONE) {
            refusal = checkPrices(terms, price, trigger);
        }
        if (refusal != Verdict.DONE) {
            return refusal;
        }
        stops.add(id, terms, trigger, price, quantity, peak, owner);
        events.stopRested(id, Terms.side(terms), trigger, price, quantity);
        return after(Verdict.DONE);
    }

    /** Takes an order out, or a stop order. */
    public Verdict cancel(long id) {
        if (phase == Phase.CLOSED) {
            return Verdict.WRONG_PHASE;
        }
        return book.cancel(id) || cancelStop(id) ? Verdict.DONE : Verdict.UNKNOWN_ORDER;
    }

    private boolean cancelStop(long id) {
        int slot = stops.find(id);
        if (slot == Book.NONE) {
            return false;
        }
        events.stopRemoved(id, Terms.side(stops.terms(slot)), stops.trigger(slot), Reason.CANCELLED);
        stops.remove(slot);
        return true;
    }

    /**
     * Takes all orders of an owner out, also while the market is closed: the buying ones first, each side by its
     * priority; then the stop orders. Gives how many there were.
     */
    public int cancelAll(long owner) {
        foundCount = 0;
        for (int side = BUY; side <= SELL; side++) {
            book.orders(side, (id, price, shown, open, terms, whose) -> {
                if (whose == owner) {
                    remember(id);
                }
            });
        }
        for (int i = 0; i < foundCount; i++) {
            book.cancel(found[i]);
        }
        int orders = foundCount;
        foundCount = 0;
        for (int side = SELL; side >= BUY; side--) {
            stops.orders(side, (id, price, shown, open, terms, whose) -> {
                if (whose == owner) {
                    remember(id);
                }
            });
        }
        for (int i = 0; i < foundCount; i++) {
            cancelStop(found[i]);
        }
        return orders + foundCount;
    }

    private void remember(long id) {
        if (foundCount == found.length) {
            found = Arrays.copyOf(found, foundCount * 2);
        }
        found[foundCount++] = id;
    }

    /**
     * Changes an order that waits in the book. With the same price and a smaller quantity it keeps its place; else it
     * is matched as if it came anew.
     *
     * @param quantity what is to be left of it
     */
    public Verdict replace(long id, long price, long quantity) {
        if (phase == Phase.CLOSED) {
            return Verdict.WRONG_PHASE;
        }
        long open = book.open(id);
        if (open == 0) {
            return Verdict.UNKNOWN_ORDER;
        }
        Verdict refusal = checkQuantity(quantity);
        if (refusal != Verdict.DONE) {
            return refusal;
        }
        if (price == book.priceOf(id) && quantity <= open) {
            if (quantity < open) {
                book.reduce(id, quantity);
            }
            return Verdict.DONE;
        }
        int terms = book.termsOf(id);
        if (phase == Phase.HALTED
                || phase == Phase.CONTINUOUS && isAny(terms, price)
                || phase == Phase.CALL && (terms & POST_ONLY) != 0) {
            return Verdict.WRONG_PHASE;
        }
        refusal = checkPrices(terms, price, NO_TRIGGER);
        if (refusal != Verdict.DONE) {
            return refusal;
        }
        if (phase == Phase.CALL) {
            return book.requeue(id, price, quantity) ? Verdict.DONE : Verdict.UNKNOWN_ORDER;
        }
        bound();
        Verdict verdict = verdict(book.replace(id, price, quantity));
        beyond = book.boundHit();
        return after(verdict);
    }

    /**
     * Begins another phase. Where orders wait that cross, an auction executes them before anything is executed as it
     * comes, and when a call ends with the close. Orders at any price that are left then are cancelled.
     */
    public Verdict begin(Phase next) {
        if (next == phase) {
            return Verdict.WRONG_PHASE;
        }
        if (next == Phase.CONTINUOUS || next == Phase.CLOSED && phase == Phase.CALL) {
            uncross();
        }
        if (next == Phase.CONTINUOUS || next == Phase.CLOSED) {
            cancelAtAnyPrice(BUY, Book.MAX_PRICE);
            cancelAtAnyPrice(SELL, 0);
        }
        change(next, Cause.COMMANDED);
        return after(Verdict.DONE);
    }

    private void change(Phase next, Cause cause) {
        phase = next;
        events.phase(next, cause);
    }

    private void uncross() {
        if (auction.determine(book, last, instrument.ticks())) {
            reference = auction.price();
            events.auctioned(auction.price(), auction.volume(), auction.imbalance());
            book.uncross(auction.price());
        }
    }

    private void cancelAtAnyPrice(int side, long price) {
        while (book.bestPrice(side) == price) {
            book.cancelBest(side);
        }
    }

    private Verdict match(long id, int terms, long price, long quantity, long minimum, long peak, long owner) {
        bound();
        Verdict verdict = verdict(book.enter(id, terms, price, quantity, minimum, peak, owner));
        beyond = book.boundHit();
        return verdict;
    }

    /** Sets how far the order that comes may move the price; the band ends what many do that follow one another. */
    private void bound() {
        int range = instrument.range();
        int band = instrument.band();
        long lowest = range == 0 ? 0 : Instrument.lowest(last, range);
        long highest = range == 0 ? Book.MAX_PRICE : Instrument.highest(last, range);
        if (band > 0) {
            lowest = Math.max(lowest, Instrument.lowest(reference, band));
            highest = Math.min(highest, Instrument.highest(reference, band));
        }
        book.bound(lowest, highest);
    }

    private static Verdict verdict(Book.Outcome outcome) {
        return switch (outcome) {
            case RESTS -> Verdict.DONE;
            case FILLED -> Verdict.FILLED;
            case KILLED -> Verdict.KILLED;
            case NOT_FILLABLE -> Verdict.NOT_FILLABLE;
            case WOULD_TRADE -> Verdict.WOULD_TRADE;
            case UNKNOWN_ORDER -> Verdict.UNKNOWN_ORDER;
        };
    }

    /** What follows from a command: an interruption, and stop orders whose price was reached, one after the other. */
    private Verdict after(Verdict verdict) {
        interrupt();
        while (phase == Phase.CONTINUOUS) {
            int slot = stops.triggered(last);
            if (slot == Book.NONE) {
                break;
            }
            trigger(slot);
            interrupt();
        }
        return verdict;
    }

    private void trigger(int slot) {
        long id = stops.id(slot);
        int terms = stops.terms(slot);
        long limit = stops.limit(slot);
        long quantity = stops.quantity(slot);
        long peak = stops.peak(slot);
        long owner = stops.owner(slot);
        events.stopTriggered(id, Terms.side(terms), stops.trigger(slot));
        stops.remove(slot);
        if (match(id, terms, limit, quantity, 0, peak, owner) == Verdict.NOT_FILLABLE) {
            events.killed(id, quantity, Reason.NOT_AT_ONCE);
        }
    }

    private void interrupt() {
        if (beyond) {
            beyond = false;
            change(Phase.CALL, Cause.VOLATILITY);
        }
    }

    /** Whether a limit is none: the order is executed at any price. */
    private static boolean isAny(int terms, long price) {
        return price == (Terms.side(terms) == BUY ? Book.MAX_PRICE : 0);
    }

    private Verdict checkOrder(long id, int terms, long price, long quantity, long minimum, long peak, boolean stop) {
        boolean atOnce = (terms & TIME_IN_FORCE) != 0;
        boolean posts = (terms & POST_ONLY) != 0;
        boolean waits = phase == Phase.CALL && !stop;
        if (phase == Phase.CLOSED || phase == Phase.HALTED) {
            return Verdict.WRONG_PHASE;
        }
        if (waits && (atOnce || posts || minimum != 0)) {
            return Verdict.WRONG_PHASE;
        }
        if (id == 0 || book.open(id) != 0 || stops.open(id) != 0) {
            return Verdict.DUPLICATE_ID;
        }
        if (!Terms.valid(terms)
                || (terms & TIME_IN_FORCE) == FILL_OR_KILL && minimum != 0
                || stop && posts
                || isAny(terms, price) && !atOnce && !waits) {
            return Verdict.BAD_TERMS;
        }
        Verdict refusal = checkQuantity(quantity);
        if (refusal != Verdict.DONE) {
            return refusal;
        }
        if (peak % instrument.lot() != 0 || minimum % instrument.lot() != 0) {
            return Verdict.OFF_LOT;
        }
        if (peak < 0 || peak > quantity || peak > 0 && (atOnce || (terms & HIDDEN) != 0)) {
            return Verdict.BAD_PEAK;
        }
        if (minimum < 0 || minimum > quantity) {
            return Verdict.BAD_MINIMUM;
        }
        return book.size() + stops.size() < instrument.mostOrders() ? Verdict.DONE : Verdict.FULL;
    }

    private Verdict checkQuantity(long quantity) {
        if (quantity < 1 || quantity > instrument.mostQuantity()) {
            return Verdict.BAD_QUANTITY;
        }
        return quantity % instrument.lot() == 0 ? Verdict.DONE : Verdict.OFF_LOT;
    }

    private Verdict checkPrices(int terms, long price, long trigger) {
        boolean any = isAny(terms, price);
        if (!any && !inRange(price)) {
            return Verdict.BAD_PRICE;
        }
        if (trigger != NO_TRIGGER && !inRange(trigger)) {
            return Verdict.BAD_TRIGGER;
        }
        if (!any && !instrument.ticks().holds(price)
                || trigger != NO_TRIGGER && !instrument.ticks().holds(trigger)) {
            return Verdict.OFF_TICK;
        }
        return (any || inBand(price)) && (trigger == NO_TRIGGER || inBand(trigger))
                ? Verdict.DONE
                : Verdict.OUT_OF_BAND;
    }

    private static boolean inRange(long price) {
        return price >= 1 && price <= Instrument.MAX_LIMIT;
    }

    private boolean inBand(long price) {
        int band = instrument.band();
        return band == 0 || price >= Instrument.lowest(reference, band) && price <= Instrument.highest(reference, band);
    }
}
