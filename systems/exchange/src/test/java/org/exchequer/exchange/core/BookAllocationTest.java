package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

class BookAllocationTest {
    private static final int COMMANDS = 200_000;

    private final Book book = new Book(new BookEvents() {});
    private final Auction auction = new Auction(Auction.Tie.REFERENCE);
    private final TickTable ticks = TickTable.of(1);
    private long state = 88172645463325252L;
    private long lastId;

    /** Marsaglia's xorshift: {@code java.util.Random} would do as well, but nobody has to take that on trust here. */
    private int random(int below) {
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        return (int) (state >>> 33) % below;
    }

    /** Orders of all kinds, cancelled, made smaller, moved, replaced and executed; a few hundred wait. */
    private void play(int commands) {
        for (int i = 0; i < commands; i++) {
            int side = random(2);
            long price = 10_000 + random(400) - 200;
            long quantity = 1 + random(100);
            long id = lastId - random(600);
            int kind = random(10);
            if (kind < 4) {
                int terms = side | random(5) << 5 | (random(4) == 0 ? Terms.HIDDEN : 0);
                long peak = random(4) == 0 ? 1 + random((int) quantity) : 0;
                long minimum = random(8) == 0 ? 1 : 0;
                book.enter(++lastId, terms, price, quantity, minimum, peak, random(5));
            } else if (kind == 4) {
                int terms = side | (random(2) == 0 ? Terms.IMMEDIATE_OR_CANCEL : Terms.FILL_OR_KILL);
                book.enter(++lastId, terms, price, quantity, 0, 0, 0);
            } else if (book.open(id) > 1) {
                switch (kind) {
                    case 5 -> book.reduce(id, 1);
                    case 6 -> book.move(id, price);
                    case 7 -> book.replace(id, price, quantity);
                    default -> book.cancel(id);
                }
            } else {
                book.cancel(id);
            }
            if (i % 1_000 == 0) {
                for (int j = 0; j < 20; j++) {
                    book.rest(++lastId, j & 1, 10_000 + (j % 2 == 0 ? random(20) : -random(20)), 50, 0, 0);
                }
                if (auction.determine(book, 10_000, ticks)) {
                    book.uncross(auction.price());
                }
            }
        }
    }

    @Test
    void nothingIsAllocatedOnceItHasItsSize() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        play(COMMANDS);
        long least = Long.MAX_VALUE;
        // What runs beside it (a compiler's new version of a method) may allocate for the thread once.
        for (int i = 0; i < 5; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            play(COMMANDS);
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as("bytes for " + COMMANDS + " commands").isZero();
        assertThat(book.size()).isPositive();
    }
}
