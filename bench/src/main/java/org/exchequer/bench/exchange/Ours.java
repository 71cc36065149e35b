package org.exchequer.bench.exchange;

import java.util.ArrayList;
import java.util.List;
import org.exchequer.exchange.core.Book;
import org.exchequer.exchange.core.BookEvents;
import org.exchequer.exchange.core.Terms;

/** {@link Book}, with all it tells written down in a ring of memory, eight longs each. */
final class Ours implements Contestant {
    private static final class Tape implements BookEvents {
        private static final int MASK = (1 << 10) - 1;
        private final long[] ring = new long[MASK + 1];
        private int at;
        private long trades;

        private void write(long what, long a, long b, long c, long d, long e, long f, long g) {
            long[] to = ring;
            int from = at;
            to[from] = what;
            to[from + 1] = a;
            to[from + 2] = b;
            to[from + 3] = c;
            to[from + 4] = d;
            to[from + 5] = e;
            to[from + 6] = f;
            to[from + 7] = g;
            at = from + 8 & MASK;
        }

        @Override
        public void traded(
                int slot, long maker, long taker, int side, long price, long quantity, long open, long left) {
            trades = Trades.mix(trades, maker, taker, price, quantity);
            write(1 | side << 8, slot, maker, taker, price, quantity, open, left);
        }

        @Override
        public void rested(int slot, long id, int side, long price, long shown, long open) {
            write(2 | side << 8, slot, id, price, shown, open, 0, 0);
        }

        @Override
        public void refilled(int slot, long id, int side, long price, long shown, long open) {
            write(3 | side << 8, slot, id, price, shown, open, 0, 0);
        }

        @Override
        public void reduced(int slot, long id, int side, long price, long shown, long open, Reason why) {
            write(4 | side << 8, slot, id, price, shown, open, why.ordinal(), 0);
        }

        @Override
        public void replaced(int slot, long id, int side, long before, long price, long shown, long open) {
            write(7 | side << 8, slot, id, before, price, shown, open, 0);
        }

        @Override
        public void removed(int slot, long id, int side, long price, long shown, long open, Reason why) {
            write(5 | side << 8, slot, id, price, shown, open, why.ordinal(), 0);
        }

        @Override
        public void killed(long id, long quantity, Reason why) {
            write(6, id, quantity, why.ordinal(), 0, 0, 0, 0);
        }
    }

    private final long[] commands;
    private final long[] ids = new long[Book.AHEAD];
    private final long[] prices = new long[Book.AHEAD];
    private Tape tape = new Tape();
    private Book book = new Book(tape);

    Ours(Flow flow) {
        this.commands = flow.commands;
    }

    @Override
    public void reset() {
        tape = new Tape();
        book = new Book(tape);
    }

    @Override
    public void run(int from, int to) {
        long[] of = commands;
        Book on = book;
        for (int at = from * Flow.LONGS; at < to * Flow.LONGS; at += Flow.LONGS) {
            if ((at & (Book.AHEAD - 1) * Flow.LONGS) == 0 && on.isLarge()) {
                ahead(at, Math.min(Book.AHEAD, to - at / Flow.LONGS));
            }
            long id = of[at + 1];
            int what = (int) of[at];
            // Most commands move an order: a jump that is foreseen more often than a switch.
            if (what == Flow.MOVE) {
                on.move(id, of[at + 2]);
                continue;
            }
            switch (what) {
                case Flow.CANCEL -> on.cancel(id);
                case Flow.REDUCE -> Flow.reduce(on, id, of[at + 3]);
                case Flow.BUY, Flow.SELL -> on.enter(id, what, of[at + 2], of[at + 3], 0, 0, 0);
                default -> on.enter(id, what & 1 | Terms.IMMEDIATE_OR_CANCEL, of[at + 2], of[at + 3], 0, 0, 0);
            }
        }
    }

    private void ahead(int at, int count) {
        for (int i = 0; i < count; i++) {
            ids[i] = commands[at + i * Flow.LONGS + 1];
            prices[i] = commands[at + i * Flow.LONGS + 2];
        }
        book.ahead(ids, prices, count);
    }

    @Override
    public long trades() {
        return tape.trades;
    }

    @Override
    public List<Long> levels() {
        List<Long> all = new ArrayList<>();
        for (int side = Terms.BUY; side <= Terms.SELL; side++) {
            book.read(side, (price, shown, hidden, orders) -> {
                all.addAll(List.of(price, shown + hidden, (long) orders));
                return true;
            });
        }
        return all;
    }
}
