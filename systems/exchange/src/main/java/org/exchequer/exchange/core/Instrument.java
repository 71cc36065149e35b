package org.exchequer.exchange.core;

/**
 * What is traded, and by which rules.
 *
 * @param symbol e.g. {@code EXCQ}; 1 to 16 characters
 * @param ticks which prices there are
 * @param lot all quantities are multiples of it
 * @param mostQuantity of one order, a multiple of the lot, up to {@link Book#MAX_QUANTITY}
 * @param mostOrders that wait at once, stop orders included; what is more is refused
 * @param band how far from the reference price limits and triggers may be, and orders are executed as they come, in
 *     hundredths of a percent of it; 0 for any
 * @param range how far from the last price one order may move the price before trading is interrupted, likewise
 * @param reference the price of the day before, or of the issue
 * @param tie which of several equally good auction prices is taken
 */
public record Instrument(
        String symbol,
        TickTable ticks,
        long lot,
        long mostQuantity,
        int mostOrders,
        int band,
        int range,
        long reference,
        Auction.Tie tie) {
    /** A whole, in hundredths of a percent. */
    static final int WHOLE = 10_000;

    /** Of a price, so that a band of it does not overflow: a quarter of the prices that a book has. */
    static final long MAX_LIMIT = Book.MAX_PRICE >> 2;

    /** @throws IllegalArgumentException naming the field and the rule */
    public Instrument {
        require(!symbol.isEmpty() && symbol.length() <= 16, "symbol: must have 1 to 16 characters");
        require(lot >= 1 && lot <= Book.MAX_QUANTITY, "lot: must be 1 to " + Book.MAX_QUANTITY);
        require(
                mostQuantity >= lot && mostQuantity <= Book.MAX_QUANTITY && mostQuantity % lot == 0,
                "mostQuantity: must be a multiple of the lot, up to " + Book.MAX_QUANTITY);
        require(mostOrders >= 1 && mostOrders <= Book.MOST_ORDERS, "mostOrders: must be 1 to " + Book.MOST_ORDERS);
        require(band >= 0 && band <= WHOLE, "band: must be 0 to " + WHOLE);
        require(range >= 0 && range <= WHOLE, "range: must be 0 to " + WHOLE);
        require(reference >= 1 && reference <= MAX_LIMIT, "reference: must be 1 to " + MAX_LIMIT);
        require(ticks.holds(reference), "reference: must be on the tick");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }

    /** The lowest price within so many hundredths of a percent of another, above 0. */
    static long lowest(long price, int hundredths) {
        return Math.max(1, price - share(price, hundredths));
    }

    static long highest(long price, int hundredths) {
        return price + share(price, hundredths);
    }

    /** Rounded down; without overflow, which {@code price * hundredths} could have. */
    private static long share(long price, int hundredths) {
        return price / WHOLE * hundredths + price % WHOLE * hundredths / WHOLE;
    }
}
