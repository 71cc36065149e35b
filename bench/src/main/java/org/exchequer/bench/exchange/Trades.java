package org.exchequer.bench.exchange;

/** A number that follows from trades and their order. */
final class Trades {
    private Trades() {}

    static long mix(long before, long maker, long taker, long price, long quantity) {
        long mixed = before * 31 + maker;
        mixed = mixed * 31 + taker;
        mixed = mixed * 31 + price;
        return mixed * 31 + quantity;
    }
}
