package org.exchequer.exchange.edge.sse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.exchange.core.Auction;
import org.exchequer.exchange.core.Book;
import org.exchequer.exchange.core.BookEvents;
import org.exchequer.exchange.core.Terms;
import org.exchequer.exchange.core.TickTable;
import org.exchequer.exchange.edge.sse.SseTape.Add;
import org.exchequer.exchange.edge.sse.SseTape.Aggressor;
import org.exchequer.exchange.edge.sse.SseTape.Delete;
import org.exchequer.exchange.edge.sse.SseTape.Level;
import org.exchequer.exchange.edge.sse.SseTape.Snapshot;
import org.exchequer.exchange.edge.sse.SseTape.Tick;
import org.exchequer.exchange.edge.sse.SseTape.Trade;
import org.jspecify.annotations.Nullable;

/**
 * Gives a tape's orders to a {@link Book}, and compares what that makes of them with what the exchange did: each
 * trade with its price, quantity and both orders, the auctions, and the snapshots.
 *
 * <p>The tape does not show an order that comes and is executed at once, only its trades and what is left of it: it
 * is put together from these. Its limit is the price of what is left, or of its last trade.
 */
public final class TapeReplay {
    private static final int CONTINUOUS_FROM = 9_30_00_00;
    private static final int CONTINUOUS_UNTIL = 14_57_00_00;
    /** A cent, in thousandths of a yuan. */
    private static final TickTable TICKS = TickTable.of(10);

    /** How far the clocks of orders and snapshots may lie apart, in hundredths of a second. */
    private static final int LATE = 500;

    private static final int MOST_DIFFERENCES = 10;

    /** What an auction came to, by the book and by the tape. */
    public record AuctionResult(long price, long volume, long tapePrice, long tapeVolume) {
        boolean agrees() {
            return price == tapePrice && volume == tapeVolume;
        }
    }

    /** How many of something there were, and how many of them the book has too. */
    public record Compared(int all, int equal) {
        boolean agrees() {
            return all == equal;
        }
    }

    /**
     * What came out.
     *
     * @param orders that came, executed at once or not
     * @param deletes of orders that waited
     * @param trades compared with the tape's one by one
     * @param auctions in order
     * @param calls snapshots in the calls of auctions: price, volume and imbalance so far
     * @param snapshots all others: ten levels of each side, number of trades and volume
     * @param differences the first ones, in words
     */
    public record Result(
            int orders,
            int deletes,
            Compared trades,
            List<AuctionResult> auctions,
            Compared calls,
            Compared snapshots,
            List<String> differences) {
        /** Whether everything is as the exchange had it. */
        public boolean agrees() {
            return trades.all() > 0
                    && trades.agrees()
                    && auctions.stream().allMatch(AuctionResult::agrees)
                    && calls.agrees()
                    && snapshots.agrees()
                    && differences.isEmpty();
        }
    }

    /** What a snapshot shows. */
    private record Shown(long trades, long volume, List<Level> bids, List<Level> asks) {
        static Shown of(Snapshot picture) {
            return new Shown(picture.trades(), picture.volume(), picture.bids(), picture.asks());
        }
    }

    private final List<Tick> ticks;
    private final List<Snapshot> pictures;
    private final Map<Long, Add> adds = new HashMap<>();
    /** Of orders that were executed in part when they came. */
    private final Set<Long> entered = new HashSet<>();

    private final Deque<Trade> made = new ArrayDeque<>();
    private final Book book = new Book(new Trades());
    private final Auction auction = new Auction(Auction.Tie.MIDDLE);
    /** When the book looked like this, by the number of steps before. */
    private final Map<Shown, List<Integer>> looks = new HashMap<>();

    /** Of each step, when it was, in hundredths of a second. */
    private int[] times = new int[1 << 10];

    private final List<AuctionResult> auctions = new ArrayList<>();
    private final List<String> differences = new ArrayList<>();
    private long reference;
    private boolean call = true;
    private boolean auctioned;
    private int orders;
    private int deletes;
    private int equal;
    private int count;
    private long volume;
    private int steps;
    private int time;

    private final class Trades implements BookEvents {
        @Override
        public void traded(
                int slot, long maker, long taker, int takerSide, long price, long quantity, long left, long takerLeft) {
            boolean buying = takerSide == Terms.BUY;
            Aggressor aggressor = call ? Aggressor.NONE : buying ? Aggressor.BUY : Aggressor.SELL;
            made.add(new Trade(0, time, buying ? taker : maker, buying ? maker : taker, price, quantity, aggressor));
            count++;
            volume += quantity;
            reference = price;
        }
    }

    private TapeReplay(SseTape tape) {
        this.ticks = tape.ticks();
        this.pictures = tape.snapshots();
        this.reference =
                pictures.stream().mapToLong(Snapshot::previousClose).findFirst().orElse(1);
        for (Snapshot picture : pictures) {
            looks.putIfAbsent(Shown.of(picture), new ArrayList<>());
        }
        for (Tick tick : ticks) {
            if (tick instanceof Add add) {
                adds.put(add.order(), add);
            }
        }
    }

    /** Replays a tape as a whole. */
    public static Result replay(SseTape tape) {
        return new TapeReplay(tape).run();
    }

    private Result run() {
        look();
        for (int i = 0; i < ticks.size(); ) {
            Tick tick = ticks.get(i);
            time = tick.time();
            boolean inCall = time < CONTINUOUS_FROM || time >= CONTINUOUS_UNTIL;
            if (inCall != call) {
                nothingCrosses(tick.sequence());
                call = inCall;
                auctioned = false;
                look();
            }
            switch (tick) {
                case Add add -> {
                    if (!entered.remove(add.order())) {
                        add(add);
                    }
                    i++;
                }
                case Delete delete -> {
                    delete(delete);
                    i++;
                }
                case Trade trade -> i = trade.aggressor() == Aggressor.NONE ? uncross(i) : enter(i, trade);
            }
            look();
        }
        nothingCrosses(ticks.getLast().sequence());
        return result();
    }

    /** What an auction would execute must not be left when a phase ends. */
    private void nothingCrosses(long sequence) {
        if (auction.determine(book, reference, TICKS)) {
            differ(
                    sequence,
                    "an auction of " + auction.volume() + " at " + auction.price() + " here, none on the tape");
        }
    }

    private void delete(Delete delete) {
        deletes++;
        if (!waits(delete.order(), delete.side(), delete.price(), delete.quantity())) {
            differ(delete.sequence(), "deletes order " + delete.order() + ", which does not wait like that");
        }
        var unused = book.cancel(delete.order());
    }

    private boolean waits(long order, int side, long price, long quantity) {
        return book.open(order) == quantity && book.priceOf(order) == price && Terms.side(book.termsOf(order)) == side;
    }

    private void add(Add add) {
        orders++;
        if (book.open(add.order()) > 0) {
            differ(add.sequence(), "order " + add.order() + " comes again");
            return;
        }
        if (call) {
            var unused = book.rest(add.order(), add.side(), add.price(), add.quantity(), 0, 0);
        } else {
            var unused = book.enter(add.order(), add.side(), add.price(), add.quantity(), 0, 0, 0);
        }
        if (!made.isEmpty()) {
            differ(add.sequence(), "order " + add.order() + " waits, and is executed by the book");
            made.clear();
        }
    }

    /** Puts together an order from its trades and what is left of it; gives where the tape goes on. */
    private int enter(int from, Trade first) {
        int side = first.aggressor() == Aggressor.BUY ? Terms.BUY : Terms.SELL;
        long order = side == Terms.BUY ? first.buy() : first.sell();
        int next = from;
        long quantity = 0;
        long limit = 0;
        while (next < ticks.size()
                && ticks.get(next) instanceof Trade trade
                && trade.aggressor() == first.aggressor()
                && (side == Terms.BUY ? trade.buy() : trade.sell()) == order) {
            quantity += trade.quantity();
            limit = trade.price();
            next++;
        }
        Add rest = adds.get(order);
        if (rest != null && rest.sequence() < first.sequence()) {
            rest = null;
        }
        if (rest != null) {
            quantity += rest.quantity();
            limit = rest.price();
            entered.add(order);
        }
        orders++;
        if (book.open(order) > 0 || quantity > Book.MAX_QUANTITY) {
            differ(first.sequence(), "order " + order + " comes again, or is too large");
            return next;
        }
        var unused = book.enter(order, side, limit, quantity, 0, 0, 0);
        compare(from, next);
        if (rest != null) {
            boolean follows = next < ticks.size() && ticks.get(next).equals(rest);
            if (!follows || !waits(order, rest.side(), rest.price(), rest.quantity())) {
                differ(first.sequence(), "what is left of order " + order + " is something else here");
            }
        }
        return next;
    }

    /** Executes an auction; gives where the tape goes on. */
    private int uncross(int from) {
        int next = from;
        long tapeVolume = 0;
        while (next < ticks.size() && ticks.get(next) instanceof Trade trade && trade.aggressor() == Aggressor.NONE) {
            tapeVolume += trade.quantity();
            next++;
        }
        long tapePrice = ((Trade) ticks.get(from)).price();
        auction.determine(book, reference, TICKS);
        auctions.add(new AuctionResult(auction.price(), auction.volume(), tapePrice, tapeVolume));
        if (auction.price() != Book.NONE) {
            book.uncross(auction.price());
        }
        compare(from, next);
        auctioned = true;
        return next;
    }

    private void compare(int from, int to) {
        for (int i = from; i < to; i++) {
            Trade tape = (Trade) ticks.get(i);
            Trade ours = made.poll();
            if (ours != null
                    && ours.buy() == tape.buy()
                    && ours.sell() == tape.sell()
                    && ours.price() == tape.price()
                    && ours.quantity() == tape.quantity()
                    && ours.aggressor() == tape.aggressor()) {
                equal++;
            } else {
                differ(
                        tape.sequence(),
                        words(tape) + " on the tape, " + (ours == null ? "nothing" : words(ours)) + " here");
            }
        }
        if (!made.isEmpty()) {
            differ(ticks.get(to - 1).sequence(), made.size() + " trades more than on the tape follow here");
            made.clear();
        }
    }

    private static String words(Trade trade) {
        return "%d bought from %d: %d at %d".formatted(trade.buy(), trade.sell(), trade.quantity(), trade.price());
    }

    private void differ(long sequence, String what) {
        if (differences.size() < MOST_DIFFERENCES) {
            differences.add("at " + sequence + ": " + what);
        }
    }

    private void look() {
        if (steps == times.length) {
            times = Arrays.copyOf(times, steps * 2);
        }
        times[steps] = hundredths(time);
        // What follows an auction looks as between calls, until the next phase begins.
        List<Integer> alike = looks.get(shown(call && !auctioned));
        if (alike != null) {
            alike.add(steps);
        }
        steps++;
    }

    private Shown shown(boolean inCall) {
        if (inCall && auction.determine(book, reference, TICKS)) {
            long left = auction.imbalance();
            Level found = new Level(auction.price(), auction.volume());
            return new Shown(
                    count,
                    volume,
                    left > 0 ? List.of(found, new Level(0, left)) : List.of(found),
                    left < 0 ? List.of(found, new Level(0, -left)) : List.of(found));
        }
        return new Shown(
                count, volume, inCall ? List.of() : levels(Terms.BUY), inCall ? List.of() : levels(Terms.SELL));
    }

    private List<Level> levels(int side) {
        List<Level> levels = new ArrayList<>(10);
        book.read(side, (price, shown, hidden, number) -> {
            levels.add(new Level(price, shown));
            return levels.size() < 10;
        });
        return List.copyOf(levels);
    }

    /** Each picture must be one of the book, and none of a time before that of the picture before. */
    private Result result() {
        int[] all = new int[2];
        int[] found = new int[2];
        int at = 0;
        for (Snapshot picture : pictures) {
            int kind = picture.call() ? 0 : 1;
            all[kind]++;
            Integer when = when(picture, at);
            if (when != null) {
                found[kind]++;
                at = when;
            } else if (differences.size() < MOST_DIFFERENCES) {
                differences.add("the book never looks as it did at " + picture.time());
            }
        }
        int tapeTrades = (int) ticks.stream().filter(Trade.class::isInstance).count();
        return new Result(
                orders,
                deletes,
                new Compared(tapeTrades, equal),
                List.copyOf(auctions),
                new Compared(all[0], found[0]),
                new Compared(all[1], found[1]),
                List.copyOf(differences));
    }

    /** The first step from another one on at which the book looked so, and at about that time. */
    private @Nullable Integer when(Snapshot picture, int from) {
        int taken = hundredths(picture.time() * 100);
        return looks.getOrDefault(Shown.of(picture), List.of()).stream()
                .filter(step -> step >= from
                        && times[step] <= taken + LATE
                        && (step + 1 == steps || times[step + 1] >= taken - LATE))
                .findFirst()
                .orElse(null);
    }

    /** From hours, minutes, seconds and hundredths to hundredths. */
    private static int hundredths(int time) {
        return ((time / 1_000_000 * 60 + time / 10_000 % 100) * 60 + time / 100 % 100) * 100 + time % 100;
    }
}
