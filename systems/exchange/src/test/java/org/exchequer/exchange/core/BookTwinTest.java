package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.exchequer.exchange.core.Book.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Book} does what {@link NaiveBook} does, event by event, on streams of commands from a seed. */
class BookTwinTest {
    /** One stream: how many orders there are, and how far their prices lie from each other. */
    private record Mix(int commands, int standing, long middle, long width, long most) {}

    private static final class Twins {
        private final Recording fastEvents = new Recording();
        private final Recording naiveEvents = new Recording();
        private final Book fast = new Book(fastEvents);
        private final NaiveBook naive = new NaiveBook(naiveEvents);
        private final List<Long> ids = new ArrayList<>();
        private final Random random;
        private final Mix mix;
        private long lastId;

        Twins(long seed, Mix mix) {
            this.random = new Random(seed);
            this.mix = mix;
        }

        void run() {
            for (int i = 0; i < mix.commands(); i++) {
                String command = step();
                assertThat(fastEvents.lines).as("%d: %s", i, command).isEqualTo(naiveEvents.lines);
                fastEvents.lines.clear();
                naiveEvents.lines.clear();
                assertThat(fast.boundHit()).as("%d: %s", i, command).isEqualTo(naive.boundHit);
                ids.removeIf(id -> fast.open(id) == 0);
                if (i % 64 == 0) {
                    assertThat(fastOrders()).as("after %d: %s", i, command).isEqualTo(naiveOrders());
                }
            }
            assertThat(fastOrders()).isEqualTo(naiveOrders());
            assertThat(fast.size()).isEqualTo(ids.size());
        }

        private String step() {
            int kind = random.nextInt(100);
            if (kind < 3) {
                long price = price();
                assertThat(fast.uncross(price)).isEqualTo(naive.uncross(price));
                return "uncross " + price;
            }
            if (kind == 3) {
                // Any ids, waiting or not: it must change nothing.
                long[] some = random.longs(Book.AHEAD, 0, lastId + 2).toArray();
                fast.ahead(some, random.longs(Book.AHEAD, 0, Book.MAX_PRICE).toArray(), Book.AHEAD);
                return "ahead";
            }
            if (kind == 4) {
                long low = random.nextInt(3) == 0 ? 0 : price();
                long high = random.nextInt(3) == 0 ? Book.MAX_PRICE : Math.max(low, price());
                fast.bound(low, high);
                naive.bound(low, high);
                return "bound " + low + " to " + high;
            }
            if (ids.isEmpty() || kind < (ids.size() < mix.standing() ? 60 : 25)) {
                return enter();
            }
            long id = ids.get(random.nextInt(ids.size()));
            if (kind < 70) {
                assertThat(fast.cancel(id)).isEqualTo(naive.cancel(id));
                return "cancel " + id;
            }
            long open = fast.open(id);
            if (kind < 80 && open > 1) {
                long left = 1 + random.nextLong(open - 1);
                assertThat(fast.reduce(id, left)).isTrue();
                naive.reduce(id, left);
                return "reduce " + id + " to " + left;
            }
            long price = price();
            if (kind < 90) {
                assertThat(fast.move(id, price)).isEqualTo(naive.replace(id, price, open));
                return "move " + id + " to " + price;
            }
            long quantity = 1 + random.nextLong(mix.most());
            assertThat(fast.replace(id, price, quantity)).isEqualTo(naive.replace(id, price, quantity));
            return "replace " + id + " by " + quantity + " at " + price;
        }

        private long price() {
            return switch (random.nextInt(50)) {
                case 0 -> 0;
                case 1 -> Book.MAX_PRICE;
                default -> mix.middle() + random.nextLong(mix.width()) - random.nextLong(mix.width());
            };
        }

        private String enter() {
            long id = ++lastId;
            int terms = terms();
            long price = price();
            long quantity = 1 + random.nextLong(mix.most());
            long peak = random.nextInt(4) == 0 && (terms & Terms.HIDDEN) == 0 ? 1 + random.nextLong(quantity) : 0;
            long minimum = random.nextInt(6) == 0 ? 1 + random.nextLong(quantity) : 0;
            long owner = random.nextInt(4);
            String command = "%d: %s %d at %d, minimum %d, peak %d, owner %d"
                    .formatted(id, Integer.toBinaryString(terms), quantity, price, minimum, peak, owner);
            if ((terms & Terms.TIME_IN_FORCE) == 0 && random.nextInt(10) == 0) {
                fast.rest(id, terms, price, quantity, peak, owner);
                naive.rest(id, terms, price, quantity, peak, owner);
                ids.add(id);
                return "rest " + command;
            }
            Outcome outcome = fast.enter(id, terms, price, quantity, minimum, peak, owner);
            assertThat(outcome).as(command).isEqualTo(naive.enter(id, terms, price, quantity, minimum, peak, owner));
            if (outcome == Outcome.RESTS) {
                ids.add(id);
            }
            return "enter " + command;
        }

        private int terms() {
            while (true) {
                int terms = random.nextInt(1 << 8);
                if (Terms.valid(terms) && (random.nextInt(3) == 0 || (terms & Terms.TIME_IN_FORCE) == 0)) {
                    return terms;
                }
            }
        }

        private List<String> fastOrders() {
            List<String> all = new ArrayList<>();
            fast.orders(
                    Terms.BUY,
                    (id, price, shown, open, terms, owner) -> all.add(
                            List.of(id, price, shown, open, terms, owner).toString()));
            fast.orders(
                    Terms.SELL,
                    (id, price, shown, open, terms, owner) -> all.add(
                            List.of(id, price, shown, open, terms, owner).toString()));
            return all;
        }

        private List<String> naiveOrders() {
            List<String> all = new ArrayList<>();
            for (int side = Terms.BUY; side <= Terms.SELL; side++) {
                naive.orders(
                        side,
                        (id, price, shown, open, terms, owner) -> all.add(
                                List.of(id, price, shown, open, terms, owner).toString()));
            }
            return all;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void crowdedAtFewPrices(long seed) {
        new Twins(seed, new Mix(40_000, 40, 1_000, 6, 50)).run();
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void spreadOverManyPrices(long seed) {
        new Twins(seed, new Mix(20_000, 300, 1L << 40, 1L << 20, 1_000)).run();
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void smallQuantitiesAndFewOrders(long seed) {
        new Twins(seed, new Mix(60_000, 6, 100, 3, 4)).run();
    }

    @Test
    void whileItGrows() {
        for (long seed = 100; seed < 200; seed++) {
            new Twins(seed, new Mix(600, 250, 1L << 40, 1L << (seed % 20), 100)).run();
        }
    }

    @Test
    void whatDoesNotWaitCannotBeChanged() {
        Recording events = new Recording();
        Book book = new Book(events);
        for (int i = 0; i < 2; i++) {
            assertThat(book.move(9, 1)).isEqualTo(Outcome.UNKNOWN_ORDER);
            assertThat(book.replace(9, 1, 1)).isEqualTo(Outcome.UNKNOWN_ORDER);
            assertThat(book.requeue(9, 1, 1)).isFalse();
            assertThat(book.reduce(9, 1)).isFalse();
            assertThat(book.cancel(9)).isFalse();
            assertThat(events.lines).as("nothing in the book, then an order").hasSize(i);
            book.rest(1 + i, Terms.BUY, 5, 5, 0, 0);
        }
    }

    @Test
    void atTheEndsOfPricesAndQuantities() {
        new Twins(9, new Mix(10_000, 50, 3, 3, Book.MAX_QUANTITY)).run();
        new Twins(10, new Mix(10_000, 50, Book.MAX_PRICE - 3, 3, Book.MAX_QUANTITY)).run();
    }
}
