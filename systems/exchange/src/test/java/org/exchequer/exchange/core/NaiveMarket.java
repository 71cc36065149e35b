package org.exchequer.exchange.core;

import static org.exchequer.exchange.core.Terms.BUY;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.exchequer.exchange.core.Book.Outcome;
import org.exchequer.exchange.core.BookEvents.Reason;
import org.exchequer.exchange.core.MarketEvents.Cause;

/** The rules of {@link Market} as they are written down, on a {@link NaiveBook} and lists. */
final class NaiveMarket {
    private record Stop(
            long id, int terms, long trigger, long price, long quantity, long peak, long owner, long since) {
        boolean buys() {
            return Terms.side(terms) == BUY;
        }

        boolean triggeredBy(long last) {
            return buys() ? last >= trigger : last <= trigger;
        }
    }

    /** An order of the book as it was seen last. */
    private record Known(int side, long price, long open, int terms, long owner) {}

    private final Instrument rules;
    private final MarketEvents events;
    private final NaiveBook book;
    private final List<Stop> stops = new ArrayList<>();
    private Phase phase = Phase.CLOSED;
    private long last;
    private long reference;
    private long count;

    NaiveMarket(Instrument rules, Recording events) {
        this.rules = rules;
        this.events = events;
        this.last = rules.reference();
        this.reference = rules.reference();
        this.book = new NaiveBook(events);
        events.onTrade = price -> last = price;
    }

    private Map<Long, Known> orders() {
        Map<Long, Known> all = new TreeMap<>();
        for (int side = 0; side < 2; side++) {
            int at = side;
            book.orders(
                    side, (id, price, shown, open, its, owner) -> all.put(id, new Known(at, price, open, its, owner)));
        }
        return all;
    }

    private static boolean any(int terms, long price) {
        return price == (Terms.side(terms) == BUY ? Book.MAX_PRICE : 0);
    }

    private boolean off(long quantity) {
        return quantity % rules.lot() != 0;
    }

    private boolean outside(long price) {
        double away = Math.abs(price - reference);
        return rules.band() > 0 && away > Math.floor(reference * (double) rules.band() / 10_000);
    }

    private Verdict check(
            long id, int its, long price, long quantity, long minimum, long peak, Optional<Long> trigger) {
        boolean waits = phase == Phase.CALL && trigger.isEmpty();
        boolean rests = (its & Terms.TIME_IN_FORCE) == Terms.REST;
        boolean posts = (its & Terms.POST_ONLY) != 0;
        List<Long> prices = new ArrayList<>(trigger.stream().toList());
        if (!any(its, price)) {
            prices.add(price);
        }
        Map<Verdict, Boolean> rules = new EnumMap<>(Verdict.class);
        rules.put(
                Verdict.WRONG_PHASE,
                phase == Phase.CLOSED || phase == Phase.HALTED || waits && (!rests || posts || minimum != 0));
        rules.put(
                Verdict.DUPLICATE_ID,
                id == 0 || orders().containsKey(id) || stops.stream().anyMatch(stop -> stop.id() == id));
        rules.put(
                Verdict.BAD_TERMS,
                !Terms.valid(its)
                        || (its & Terms.TIME_IN_FORCE) == Terms.FILL_OR_KILL && minimum != 0
                        || trigger.isPresent() && posts
                        || any(its, price) && rests && !waits);
        rules.put(Verdict.BAD_QUANTITY, quantity <= 0 || quantity > this.rules.mostQuantity());
        rules.put(Verdict.OFF_LOT, off(quantity) || off(minimum) || off(peak));
        rules.put(Verdict.BAD_PEAK, peak < 0 || peak > quantity || peak != 0 && (!rests || (its & Terms.HIDDEN) != 0));
        rules.put(Verdict.BAD_MINIMUM, minimum < 0 || minimum > quantity);
        rules.put(Verdict.FULL, orders().size() + stops.size() == this.rules.mostOrders());
        rules.put(Verdict.BAD_PRICE, !any(its, price) && (price <= 0 || price > Instrument.MAX_LIMIT));
        rules.put(Verdict.BAD_TRIGGER, trigger.stream().anyMatch(at -> at <= 0 || at > Instrument.MAX_LIMIT));
        rules.put(
                Verdict.OFF_TICK,
                prices.stream().anyMatch(at -> at > 0 && at % this.rules.ticks().at(at) != 0));
        rules.put(Verdict.OUT_OF_BAND, prices.stream().anyMatch(this::outside));
        return rules.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Verdict.DONE);
    }

    Verdict enter(long id, int its, long price, long quantity, long minimum, long peak, long owner) {
        Verdict verdict = check(id, its, price, quantity, minimum, peak, Optional.empty());
        if (verdict != Verdict.DONE) {
            return verdict;
        }
        if (phase == Phase.CALL) {
            book.rest(id, its, price, quantity, peak, owner);
            return Verdict.DONE;
        }
        bound();
        Outcome outcome = book.enter(id, its, price, quantity, minimum, peak, owner);
        follow(book.boundHit);
        return verdict(outcome);
    }

    Verdict stop(long id, int its, long trigger, long price, long quantity, long peak, long owner) {
        Verdict verdict = check(id, its, price, quantity, 0, peak, Optional.of(trigger));
        if (verdict != Verdict.DONE) {
            return verdict;
        }
        stops.add(new Stop(id, its, trigger, price, quantity, peak, owner, count++));
        events.stopRested(id, Terms.side(its), trigger, price, quantity);
        follow(false);
        return Verdict.DONE;
    }

    Verdict cancel(long id) {
        if (phase == Phase.CLOSED) {
            return Verdict.WRONG_PHASE;
        }
        if (orders().containsKey(id)) {
            book.cancel(id);
            return Verdict.DONE;
        }
        return stops.stream()
                .filter(stop -> stop.id() == id)
                .findFirst()
                .map(this::cancel)
                .orElse(Verdict.UNKNOWN_ORDER);
    }

    private Verdict cancel(Stop stop) {
        events.stopRemoved(stop.id(), Terms.side(stop.terms()), stop.trigger(), Reason.CANCELLED);
        stops.remove(stop);
        return Verdict.DONE;
    }

    int cancelAll(long owner) {
        List<Long> ids = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            book.orders(side, (id, price, shown, open, its, whose) -> {
                if (whose == owner) {
                    ids.add(id);
                }
            });
        }
        ids.forEach(book::cancel);
        List<Stop> gone = stops.stream()
                .filter(stop -> stop.owner() == owner)
                .sorted(nearest())
                .toList();
        gone.forEach(this::cancel);
        return ids.size() + gone.size();
    }

    /** Buying ones from the lowest trigger, selling ones from the highest, then by time. */
    private static Comparator<Stop> nearest() {
        return Comparator.comparing((Stop stop) -> !stop.buys())
                .thenComparing(stop -> stop.buys() ? stop.trigger() : -stop.trigger())
                .thenComparing(Stop::since);
    }

    Verdict replace(long id, long price, long quantity) {
        if (phase == Phase.CLOSED) {
            return Verdict.WRONG_PHASE;
        }
        Known known = orders().get(id);
        if (known == null) {
            return Verdict.UNKNOWN_ORDER;
        }
        if (quantity <= 0 || quantity > rules.mostQuantity()) {
            return Verdict.BAD_QUANTITY;
        }
        if (off(quantity)) {
            return Verdict.OFF_LOT;
        }
        if (price == known.price() && quantity <= known.open()) {
            if (quantity < known.open()) {
                book.reduce(id, quantity);
            }
            return Verdict.DONE;
        }
        boolean any = any(known.terms(), price);
        boolean posts = (known.terms() & Terms.POST_ONLY) != 0;
        if (phase == Phase.HALTED || phase == Phase.CONTINUOUS && any || phase == Phase.CALL && posts) {
            return Verdict.WRONG_PHASE;
        }
        if (!any) {
            if (price <= 0 || price > Instrument.MAX_LIMIT) {
                return Verdict.BAD_PRICE;
            }
            if (price % rules.ticks().at(price) != 0) {
                return Verdict.OFF_TICK;
            }
            if (outside(price)) {
                return Verdict.OUT_OF_BAND;
            }
        }
        if (phase == Phase.CALL) {
            book.requeue(id, price, quantity);
            return Verdict.DONE;
        }
        bound();
        Outcome outcome = book.replace(id, price, quantity);
        follow(book.boundHit);
        return verdict(outcome);
    }

    Verdict begin(Phase next) {
        if (next == phase) {
            return Verdict.WRONG_PHASE;
        }
        if (next == Phase.CONTINUOUS || next == Phase.CLOSED && phase == Phase.CALL) {
            uncross();
        }
        if (next == Phase.CONTINUOUS || next == Phase.CLOSED) {
            cancelAnyPrice();
        }
        phase = next;
        events.phase(next, Cause.COMMANDED);
        follow(false);
        return Verdict.DONE;
    }

    private void uncross() {
        Map<Long, Known> all = orders();
        // The auction itself has a twin of its own.
        Book same = new Book(new BookEvents() {});
        all.forEach((id, order) -> same.rest(id, order.side(), order.price(), order.open(), 0, 0));
        Auction auction = new Auction(rules.tie());
        if (auction.determine(same, last, rules.ticks())) {
            reference = auction.price();
            events.auctioned(auction.price(), auction.volume(), auction.imbalance());
            assertEqual(book.uncross(auction.price()), auction.volume());
        }
    }

    private void cancelAnyPrice() {
        List<Long> left = new ArrayList<>();
        for (int side = 0; side < 2; side++) {
            book.orders(side, (id, price, shown, open, its, owner) -> {
                if (any(its, price)) {
                    left.add(id);
                }
            });
        }
        left.forEach(book::cancel);
    }

    private static void assertEqual(long a, long b) {
        if (a != b) {
            throw new AssertionError("an auction's volume is " + b + ", and " + a + " were traded");
        }
    }

    private void bound() {
        long low = 0;
        long high = Book.MAX_PRICE;
        for (long[] each : new long[][] {{last, rules.range()}, {reference, rules.band()}}) {
            if (each[1] > 0) {
                long away = (long) Math.floor(each[0] * (double) each[1] / 10_000);
                low = Math.max(low, Math.max(1, each[0] - away));
                high = Math.min(high, each[0] + away);
            }
        }
        book.bound(low, high);
    }

    private void follow(boolean beyond) {
        boolean interrupted = beyond;
        while (true) {
            if (interrupted) {
                phase = Phase.CALL;
                events.phase(Phase.CALL, Cause.VOLATILITY);
            }
            if (phase != Phase.CONTINUOUS) {
                return;
            }
            Optional<Stop> buying = next(true);
            Optional<Stop> selling = next(false);
            Stop stop = Stream.concat(buying.stream(), selling.stream())
                    .min(Comparator.comparing(Stop::since))
                    .orElse(null);
            if (stop == null) {
                return;
            }
            events.stopTriggered(stop.id(), Terms.side(stop.terms()), stop.trigger());
            stops.remove(stop);
            bound();
            Outcome outcome =
                    book.enter(stop.id(), stop.terms(), stop.price(), stop.quantity(), 0, stop.peak(), stop.owner());
            if (outcome == Outcome.NOT_FILLABLE) {
                events.killed(stop.id(), stop.quantity(), Reason.NOT_AT_ONCE);
            }
            interrupted = book.boundHit;
        }
    }

    private Optional<Stop> next(boolean buying) {
        return stops.stream()
                .filter(stop -> stop.buys() == buying && stop.triggeredBy(last))
                .min(nearest());
    }

    private static Verdict verdict(Outcome outcome) {
        return switch (outcome) {
            case RESTS -> Verdict.DONE;
            case FILLED -> Verdict.FILLED;
            case KILLED -> Verdict.KILLED;
            case NOT_FILLABLE -> Verdict.NOT_FILLABLE;
            case WOULD_TRADE -> Verdict.WOULD_TRADE;
            case UNKNOWN_ORDER -> Verdict.UNKNOWN_ORDER;
        };
    }
}
