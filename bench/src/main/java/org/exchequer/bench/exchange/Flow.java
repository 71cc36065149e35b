package org.exchequer.bench.exchange;

import java.util.Arrays;
import java.util.Random;
import org.exchequer.exchange.core.Book;
import org.exchequer.exchange.core.BookEvents;
import org.exchequer.exchange.core.Terms;

/**
 * Commands for a book, made beforehand: a run only reads them. They are made beside a book, so that what they name
 * waits. The first {@link #filled} fill it.
 */
final class Flow {
    static final int BUY = 0;
    static final int SELL = 1;
    static final int AT_ONCE = 2;
    static final int CANCEL = 4;
    static final int REDUCE = 5;
    static final int MOVE = 6;

    /** Longs of a command: what, whose, price, quantity. */
    static final int LONGS = 4;

    private static final long CENTRE = 10_000_000;
    private static final int MOST = 500;

    /** What comes, and where. */
    enum Mix {
        /** As exchange-core's own generator has it: most commands move an order, few trade. */
        OWN("exchange-core's own mix", 1_000, 50, 0, 13, 2, 7, 7),
        TRADES("many trades", 1_000, 50, 0, 40, 35, 10, 5),
        SWINGS("wide swings", 1_000, 50, 2_000, 13, 2, 7, 7),
        CRASH("a flash crash", 10_000, 500, 0, 20, 25, 25, 5),
        MILLION("a million orders", 1_000_000, 100_000, 0, 13, 2, 7, 7);

        final String text;
        final int standing;
        final int spread;
        final int swing;
        final int rest;
        final int atOnce;
        final int cancel;
        final int reduce;

        /**
         * @param standing orders that wait, about
         * @param spread how many ticks from the middle prices usually are
         * @param swing how far the middle jumps at a time
         * @param rest percent of commands, as the next three; all else moves
         */
        Mix(String text, int standing, int spread, int swing, int rest, int atOnce, int cancel, int reduce) {
            this.text = text;
            this.standing = standing;
            this.spread = spread;
            this.swing = swing;
            this.rest = rest;
            this.atOnce = atOnce;
            this.cancel = cancel;
            this.reduce = reduce;
        }
    }

    final Mix mix;
    final long[] commands;
    final int filled;
    private final Random random;
    private final Book book;
    private int made;
    private long lastId;
    private double middle = CENTRE;

    // Which orders wait, in no order, and where in that each is; by id its side.
    private long[] alive = new long[1 << 16];
    private int count;
    private int[] where = new int[1 << 16];
    private byte[] sides = new byte[1 << 16];
    private int trading;
    private boolean traded;

    private Flow(Mix mix, int size, long seed) {
        this.mix = mix;
        this.random = new Random(seed);
        this.book = new Book(new BookEvents() {
            @Override
            public void traded(
                    int slot, long maker, long taker, int side, long price, long quantity, long open, long left) {
                traded = true;
                if (open == 0) {
                    forget(maker);
                }
            }
        });
        this.filled = mix.standing;
        this.commands = new long[(filled + size) * LONGS];
        while (made < filled) {
            rest();
        }
        for (int i = 0; i < size; i++) {
            traded = false;
            drift(i, size);
            next(i, size);
            trading += traded ? 1 : 0;
        }
    }

    /** @param size commands after those that fill the book */
    static Flow make(Mix mix, int size, long seed) {
        return new Flow(mix, size, seed);
    }

    int size() {
        return made;
    }

    /** Percent of commands that trade, those that fill the book left out. */
    double trading() {
        return 100.0 * trading / (made - filled);
    }

    private void drift(int i, int size) {
        if (mix == Mix.CRASH) {
            // Down by a third in a tenth of the time, and half of it back more slowly.
            double at = (double) i / size;
            double fall = at < 0.4 ? 0 : at < 0.5 ? (at - 0.4) * 10 : Math.max(0.5, 1 - (at - 0.5) * 2);
            middle = CENTRE * (1 - fall / 3);
        } else {
            middle += random.nextGaussian() * 0.05;
            if (mix.swing > 0 && i % 200 == 0) {
                middle = Math.clamp(middle + random.nextGaussian() * mix.swing, CENTRE / 2.0, CENTRE * 2.0);
            }
        }
    }

    private void next(int i, int size) {
        int kind = random.nextInt(100);
        boolean crash = mix == Mix.CRASH && i > size * 4 / 10 && i < size / 2;
        if (kind < mix.rest && count < mix.standing || count < mix.standing * 9 / 10) {
            rest();
        } else if (kind >= mix.rest && kind < mix.rest + mix.atOnce) {
            atOnce(crash);
        } else if (kind < mix.rest + mix.atOnce + mix.cancel) {
            long id = alive[random.nextInt(count)];
            add(CANCEL, id, 0, 0);
            book.cancel(id);
            forget(id);
        } else if (kind < mix.rest + mix.atOnce + mix.cancel + mix.reduce) {
            long id = alive[random.nextInt(count)];
            long by = 1 + random.nextInt(MOST);
            add(REDUCE, id, 0, by);
            reduce(book, id, by);
            if (book.open(id) == 0) {
                forget(id);
            }
        } else {
            long id = alive[random.nextInt(count)];
            long price = price(sides[(int) id]);
            add(MOVE, id, price, 0);
            if (book.move(id, price) != Book.Outcome.RESTS) {
                forget(id);
            }
        }
    }

    /** As the peer does: what is made smaller by all it has is gone. */
    static void reduce(Book book, long id, long by) {
        long open = book.open(id);
        if (by < open) {
            book.reduce(id, open - by);
        } else {
            book.cancel(id);
        }
    }

    private long price(int side) {
        long away = 1 + (long) Math.abs(random.nextGaussian() * mix.spread);
        return (long) middle + (side == BUY ? -away : away);
    }

    private void rest() {
        int side = random.nextInt(2);
        long price = price(side);
        long quantity = 1 + random.nextInt(MOST);
        add(side, ++lastId, price, quantity);
        if (book.enter(lastId, side, price, quantity, 0, 0, 0) == Book.Outcome.RESTS) {
            remember(lastId, side);
        }
    }

    private void atOnce(boolean selling) {
        int side = selling ? SELL : random.nextInt(2);
        long price = (long) middle + (side == BUY ? mix.spread : -mix.spread);
        long quantity = 1 + random.nextInt(MOST);
        add(AT_ONCE + side, ++lastId, price, quantity);
        book.enter(lastId, side | Terms.IMMEDIATE_OR_CANCEL, price, quantity, 0, 0, 0);
    }

    private void add(int what, long id, long price, long quantity) {
        int at = made++ * LONGS;
        commands[at] = what;
        commands[at + 1] = id;
        commands[at + 2] = price;
        commands[at + 3] = quantity;
    }

    private void remember(long id, int side) {
        if (id >= where.length) {
            int more = Math.max(where.length * 2, (int) id + 1);
            where = Arrays.copyOf(where, more);
            sides = Arrays.copyOf(sides, more);
        }
        if (count == alive.length) {
            alive = Arrays.copyOf(alive, count * 2);
        }
        sides[(int) id] = (byte) side;
        where[(int) id] = count;
        alive[count++] = id;
    }

    private void forget(long id) {
        if (id < where.length && count > where[(int) id] && alive[where[(int) id]] == id) {
            long last = alive[--count];
            alive[where[(int) id]] = last;
            where[(int) last] = where[(int) id];
        }
    }
}
