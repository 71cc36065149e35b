package org.exchequer.exchange.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** What happened in a book or a market, a line each, without slots. */
final class Recording implements MarketEvents {
    /** Told the price of each trade. */
    LongConsumer onTrade = price -> {};

    final List<String> lines = new ArrayList<>();

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
        onTrade.accept(price);
        lines.add("traded " + maker + " with " + taker + (takerSide == Terms.BUY ? " buying " : " selling ") + quantity
                + " at " + price + ", left " + makerOpen + " and " + takerOpen);
    }

    @Override
    public void rested(int slot, long id, int side, long price, long shown, long open) {
        lines.add("rested " + order(id, side, price, shown, open));
    }

    @Override
    public void refilled(int slot, long id, int side, long price, long shown, long open) {
        lines.add("refilled " + order(id, side, price, shown, open));
    }

    @Override
    public void reduced(int slot, long id, int side, long price, long shown, long open, Reason why) {
        lines.add("reduced " + order(id, side, price, shown, open) + ", " + why);
    }

    @Override
    public void replaced(int slot, long id, int side, long before, long price, long shown, long open) {
        lines.add("replaced " + order(id, side, price, shown, open) + " from " + before);
    }

    @Override
    public void removed(int slot, long id, int side, long price, long shown, long open, Reason why) {
        lines.add("removed " + order(id, side, price, shown, open) + ", " + why);
    }

    @Override
    public void killed(long id, long open, Reason why) {
        lines.add("killed " + open + " of " + id + ", " + why);
    }

    @Override
    public void phase(Phase phase, Cause cause) {
        lines.add("phase " + phase + ", " + cause);
    }

    @Override
    public void auctioned(long price, long volume, long imbalance) {
        lines.add("auctioned " + volume + " at " + price + ", left " + imbalance);
    }

    @Override
    public void stopRested(long id, int side, long trigger, long limit, long quantity) {
        lines.add("stop " + order(id, side, limit, quantity, quantity) + " waits for " + trigger);
    }

    @Override
    public void stopTriggered(long id, int side, long trigger) {
        lines.add("stop " + id + (side == Terms.BUY ? " buying" : " selling") + " triggered at " + trigger);
    }

    @Override
    public void stopRemoved(long id, int side, long trigger, Reason why) {
        lines.add("stop " + id + (side == Terms.BUY ? " buying" : " selling") + " at " + trigger + " removed, " + why);
    }

    private static String order(long id, int side, long price, long shown, long open) {
        return id + (side == Terms.BUY ? " to buy " : " to sell ") + shown + " of " + open + " at " + price;
    }
}
