package org.exchequer.exchange.core;

import java.util.Arrays;

/**
 * The price at which a book's crossing orders are executed against each other. Of all prices on the tick, from the
 * lowest that an order names to the highest, the ones with the highest volume; of these the ones that leave the least
 * unexecuted; of these the highest when all leave buying orders and the lowest when all leave selling ones; else as
 * {@link Tie} says. These are the rules of most exchanges (for instance Deutsche Börse, Xetra Market Model Equities;
 * Shanghai Stock Exchange, Trading Rules), which differ in the last one.
 *
 * <p>Orders at any price, which are kept at {@link Book#MAX_PRICE} and 0, count as others do and name no price; where
 * all that cross are such, it is the reference price. Hidden quantities count too. Keeps its arrays from one call to
 * the next.
 */
public final class Auction {
    /** Which of several prices it is that are equally good and leave nothing, or leave orders on either side. */
    public enum Tie {
        /** The reference price, or what is nearest to it. */
        REFERENCE,
        /** The middle, on the tick; the higher one of two. */
        MIDDLE
    }

    private final Tie tie;
    private long[] bidPrices = new long[64];
    private long[] bidQuantities = new long[64];
    private long[] askPrices = new long[64];
    private long[] askQuantities = new long[64];
    private int bids;
    private int asks;
    private final Book.LevelReader readBid = this::bid;
    private final Book.LevelReader readAsk = this::ask;
    /** Of the side that is being read, the last price that crosses. */
    private long worst;

    private long price = Book.NONE;
    private long volume;
    private long imbalance;

    // The best prices so far, while they are looked through.
    private long low;
    private long high;
    private boolean allBuying;
    private boolean allSelling;

    public Auction(Tie tie) {
        this.tie = tie;
    }

    /** The price; {@link Book#NONE} when nothing crosses. */
    public long price() {
        return price;
    }

    /** The quantity that is executed at it. */
    public long volume() {
        return volume;
    }

    /** What is left at it: of buying orders, or when negative of selling ones. */
    public long imbalance() {
        return imbalance;
    }

    /**
     * Determines the price for a book as it is now.
     *
     * @param reference the last price, or whatever takes its place; above 0, on the tick
     * @param ticks which prices there are; those of all orders, and the reference price, are among them
     * @return whether anything crosses
     */
    public boolean determine(Book book, long reference, TickTable ticks) {
        price = Book.NONE;
        volume = 0;
        imbalance = 0;
        long highestBid = book.bestPrice(Terms.BUY);
        long lowestAsk = book.bestPrice(Terms.SELL);
        if (highestBid == Book.NONE || lowestAsk == Book.NONE || highestBid < lowestAsk) {
            return false;
        }
        bids = 0;
        worst = lowestAsk;
        book.read(Terms.BUY, readBid);
        asks = 0;
        worst = highestBid;
        book.read(Terms.SELL, readAsk);
        look(ticks);
        choose(reference, ticks);
        return true;
    }

    private boolean bid(long at, long shown, long hidden, int orders) {
        if (at < worst) {
            return false;
        }
        if (bids == bidPrices.length) {
            bidPrices = Arrays.copyOf(bidPrices, bids * 2);
            bidQuantities = Arrays.copyOf(bidQuantities, bids * 2);
        }
        bidPrices[bids] = at;
        bidQuantities[bids++] = shown + hidden;
        return true;
    }

    private boolean ask(long at, long shown, long hidden, int orders) {
        if (at > worst) {
            return false;
        }
        if (asks == askPrices.length) {
            askPrices = Arrays.copyOf(askPrices, asks * 2);
            askQuantities = Arrays.copyOf(askQuantities, asks * 2);
        }
        askPrices[asks] = at;
        askQuantities[asks++] = shown + hidden;
        return true;
    }

    /** Goes through the prices upwards: what is demanded falls, what is supplied grows. */
    private void look(TickTable ticks) {
        long demand = 0;
        for (int i = 0; i < bids; i++) {
            demand += bidQuantities[i];
        }
        long supply = 0;
        int bid = bids - 1;
        int ask = 0;
        long last = Book.NONE;
        low = Book.NONE;
        while (bid >= 0 || ask < asks) {
            long at = bid < 0 || ask < asks && askPrices[ask] < bidPrices[bid] ? askPrices[ask] : bidPrices[bid];
            boolean named = at != 0 && at != Book.MAX_PRICE;
            if (named && last != Book.NONE && ticks.above(last) < at) {
                consider(ticks.above(last), ticks.below(at), demand, supply);
            }
            if (ask < asks && askPrices[ask] == at) {
                supply += askQuantities[ask++];
            }
            if (named) {
                consider(at, at, demand, supply);
                last = at;
            }
            if (bid >= 0 && bidPrices[bid] == at) {
                demand -= bidQuantities[bid--];
            }
        }
    }

    /** Looks at prices with the same demand and supply. */
    private void consider(long from, long to, long demand, long supply) {
        long executed = Math.min(demand, supply);
        long left = demand - supply;
        if (low == Book.NONE || executed > volume || executed == volume && Math.abs(left) < Math.abs(imbalance)) {
            low = from;
            allBuying = true;
            allSelling = true;
            volume = executed;
            imbalance = left;
        }
        if (executed == volume && Math.abs(left) == Math.abs(imbalance)) {
            high = to;
            allBuying &= left > 0;
            allSelling &= left < 0;
        }
    }

    private void choose(long reference, TickTable ticks) {
        if (low == Book.NONE) {
            price = reference;
        } else if (allBuying) {
            price = high;
        } else if (allSelling) {
            price = low;
        } else {
            price = switch (tie) {
                case REFERENCE -> Math.clamp(reference, low, high);
                case MIDDLE -> ticks.notBelow((low + high + 1) / 2);
            };
        }
        count();
    }

    /** Volume and imbalance at the price, which may be one that no order has. */
    private void count() {
        long demand = 0;
        for (int i = 0; i < bids; i++) {
            demand += bidPrices[i] >= price ? bidQuantities[i] : 0;
        }
        long supply = 0;
        for (int i = 0; i < asks; i++) {
            supply += askPrices[i] <= price ? askQuantities[i] : 0;
        }
        volume = Math.min(demand, supply);
        imbalance = demand - supply;
    }
}
