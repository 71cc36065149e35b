package org.exchequer.exchange.core;

import java.util.Arrays;

/**
 * How far apart prices are, by how high they are: the tick from 0 on, from some price on another one. Prices in the
 * instrument's price units. As in Commission Delegated Regulation (EU) 2017/588, a table is data of the instrument.
 */
public final class TickTable {
    private final long[] from;
    private final long[] ticks;

    private TickTable(long[] from, long[] ticks) {
        this.from = from;
        this.ticks = ticks;
    }

    /** The same tick at all prices. */
    public static TickTable of(long tick) {
        return of(new long[] {0}, new long[] {tick});
    }

    /**
     * A tick for each range of prices.
     *
     * @param from where each range begins, the first at 0, rising, each a multiple of the tick before and of its own
     * @param ticks 1 or more, each a multiple of the one before
     * @throws IllegalArgumentException naming the rule
     */
    public static TickTable of(long[] from, long[] ticks) {
        if (from.length == 0 || from.length != ticks.length || from[0] != 0) {
            throw new IllegalArgumentException("ticks: as many as ranges, and the first of these begins at 0");
        }
        for (int i = 0; i < ticks.length; i++) {
            if (ticks[i] < 1) {
                throw new IllegalArgumentException("ticks: must be 1 or more");
            }
            if (i > 0 && (from[i] <= from[i - 1] || ticks[i] % ticks[i - 1] != 0 || from[i] % ticks[i] != 0)) {
                throw new IllegalArgumentException("ticks: ranges must rise, and begin at a multiple of their tick,"
                        + " which is a multiple of the one before");
            }
        }
        return new TickTable(from.clone(), ticks.clone());
    }

    /** The tick at a price. */
    public long at(long price) {
        int i = from.length - 1;
        while (from[i] > price) {
            i--;
        }
        return ticks[i];
    }

    /** The next price that there is above one that there is. */
    public long above(long price) {
        return price + at(price);
    }

    /** The last price that there is below another, which is above 0. */
    public long below(long price) {
        return price - 1 - (price - 1) % at(price - 1);
    }

    /** The first price that there is from another on. */
    public long notBelow(long price) {
        long tick = at(price);
        return (price + tick - 1) / tick * tick;
    }

    /** Whether a price is a multiple of its tick. */
    public boolean holds(long price) {
        return price % at(price) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TickTable that && Arrays.equals(from, that.from) && Arrays.equals(ticks, that.ticks);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(from) + Arrays.hashCode(ticks);
    }

    @Override
    public String toString() {
        return "ticks " + Arrays.toString(ticks) + " from " + Arrays.toString(from);
    }
}
