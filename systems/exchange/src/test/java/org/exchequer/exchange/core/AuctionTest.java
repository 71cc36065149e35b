package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Random;
import java.util.stream.LongStream;
import org.exchequer.exchange.core.Auction.Tie;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuctionTest {
    private static final long REFERENCE = 100;

    private static final TickTable TICKS = TickTable.of(1);
    /** Wider from just below the reference price on. */
    private static final TickTable TWO_TICKS = TickTable.of(new long[] {0, 99}, new long[] {1, 3});

    private record Order(int side, long price, long quantity) {}

    /** As {@code B10@101 S5@99}; M for a price is any. */
    private static List<Order> orders(String text) {
        List<Order> orders = new ArrayList<>();
        for (String each : text.split(" ", -1)) {
            int side = each.startsWith("B") ? Terms.BUY : Terms.SELL;
            int at = each.indexOf('@');
            String price = each.substring(at + 1);
            long any = side == Terms.BUY ? Book.MAX_PRICE : 0;
            orders.add(new Order(
                    side, price.equals("M") ? any : Long.parseLong(price), Long.parseLong(each.substring(1, at))));
        }
        return orders;
    }

    private static Book book(List<Order> orders) {
        Book book = new Book(new BookEvents() {});
        long id = 0;
        for (Order order : orders) {
            book.rest(++id, order.side(), order.price(), order.quantity(), 0, 0);
        }
        return book;
    }

    @ParameterizedTest
    @CsvSource({
        // One price with the highest volume, then ties.
        "B200@202 B200@201 B300@200 S100@200 S200@198 S400@197, 200, 700, 0",
        "B400@202 B200@201 S300@200 S100@199 S200@198, 200, 600, 0",
        "B400@202 B100@201 S300@199 S200@198, 199, 500, 0",
        "B300@202 B200@201 S200@199 S200@198, 201, 400, 100",
        "B10@103 S10@101, 101, 10, 0",
        "B10@99 S10@97, 99, 10, 0",
        "B10@103 S10@98, 100, 10, 0",
        "B12@105 S10@95, 105, 10, 2",
        "B10@105 S12@95, 95, 10, -2",
        "B10@M S4@M, 100, 4, 6",
        "B10@M S4@99, 99, 4, 6",
        "B10@M S4@99 B1@98, 99, 4, 6",
        "S10@M B4@101, 101, 4, -6",
        "B5@101 B5@100 S5@100 S5@99 B3@M, 100, 10, 3"
    })
    void isDetermined(String book, long price, long volume, long imbalance) {
        Auction auction = new Auction(Tie.REFERENCE);
        assertThat(auction.determine(book(orders(book)), REFERENCE, TICKS)).isTrue();
        assertThat(List.of(auction.price(), auction.volume(), auction.imbalance()))
                .containsExactly(price, volume, imbalance);
    }

    @ParameterizedTest
    @CsvSource({
        "B10@110 S10@90, 100",
        "B10@113 S10@90, 102",
        "B10@112 S10@90, 101",
        "B10@108 B5@90 S10@80 S5@106, 98",
        "B12@110 S10@90, 110"
    })
    void inTheMiddleWhereThatIsTheRule(String book, long price) {
        Auction auction = new Auction(Tie.MIDDLE);
        assertThat(auction.determine(book(orders(book)), 50, TICKS)).isTrue();
        assertThat(auction.price()).isEqualTo(price);
    }

    @Test
    void nothingCrosses() {
        Auction auction = new Auction(Tie.REFERENCE);
        assertThat(auction.determine(book(orders("B10@99 S10@100")), REFERENCE, TICKS))
                .isFalse();
        assertThat(auction.determine(book(orders("B10@M")), REFERENCE, TICKS)).isFalse();
        assertThat(auction.price()).isEqualTo(Book.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void isThePriceThatLookingAtAllOfThemGives(long seed) {
        Random random = new Random(seed);
        Tie tie = seed <= 2 ? Tie.REFERENCE : Tie.MIDDLE;
        TickTable ticks = seed % 2 == 0 ? TWO_TICKS : TICKS;
        long reference = ticks.notBelow(REFERENCE);
        Auction auction = new Auction(tie);
        for (int round = 0; round < 20_000; round++) {
            List<Order> orders = new ArrayList<>();
            int count = 2 + random.nextInt(10);
            for (int i = 0; i < count; i++) {
                int side = random.nextInt(2);
                long any = side == Terms.BUY ? Book.MAX_PRICE : 0;
                long price = ticks.notBelow(90 + random.nextInt(20));
                orders.add(new Order(side, random.nextInt(12) == 0 ? any : price, 1 + random.nextInt(4)));
            }
            Book book = book(orders);
            boolean crosses = auction.determine(book, reference, ticks);
            long best = orders.stream()
                    .flatMapToLong(order -> LongStream.of(order.price(), reference))
                    .map(price -> volume(orders, price))
                    .max()
                    .orElseThrow();
            assertThat(crosses).as("%s", orders).isEqualTo(best > 0);
            if (crosses) {
                assertThat(auction.price()).as("%s", orders).isEqualTo(naive(orders, ticks, tie, reference));
                assertThat(auction.volume()).isEqualTo(volume(orders, auction.price()));
                assertThat(auction.imbalance()).isEqualTo(imbalance(orders, auction.price()));
                assertThat(book.uncross(auction.price())).isEqualTo(auction.volume());
            }
        }
    }

    private static long naive(List<Order> orders, TickTable ticks, Tie tie, long reference) {
        LongSummaryStatistics named = orders.stream()
                .mapToLong(Order::price)
                .filter(price -> price != 0 && price != Book.MAX_PRICE)
                .summaryStatistics();
        List<Long> prices = LongStream.rangeClosed(named.getMin(), named.getMax())
                .filter(ticks::holds)
                .boxed()
                .toList();
        long most =
                prices.stream().mapToLong(price -> volume(orders, price)).max().orElse(0);
        if (most == 0) {
            return reference;
        }
        List<Long> fullest =
                prices.stream().filter(price -> volume(orders, price) == most).toList();
        long least = fullest.stream()
                .mapToLong(price -> Math.abs(imbalance(orders, price)))
                .min()
                .orElseThrow();
        List<Long> ties = fullest.stream()
                .filter(price -> Math.abs(imbalance(orders, price)) == least)
                .toList();
        if (ties.stream().allMatch(price -> imbalance(orders, price) > 0)) {
            return ties.getLast();
        }
        if (ties.stream().allMatch(price -> imbalance(orders, price) < 0)) {
            return ties.getFirst();
        }
        if (tie == Tie.REFERENCE) {
            return Math.clamp(reference, ties.getFirst(), ties.getLast());
        }
        double middle = (ties.getFirst() + ties.getLast()) / 2.0;
        return LongStream.rangeClosed(ties.getFirst(), ties.getLast())
                .filter(ticks::holds)
                .filter(price -> price >= middle)
                .findFirst()
                .orElseThrow();
    }

    private static long demand(List<Order> orders, long price) {
        return orders.stream()
                .filter(order -> order.side() == Terms.BUY && order.price() >= price)
                .mapToLong(Order::quantity)
                .sum();
    }

    private static long supply(List<Order> orders, long price) {
        return orders.stream()
                .filter(order -> order.side() == Terms.SELL && order.price() <= price)
                .mapToLong(Order::quantity)
                .sum();
    }

    private static long volume(List<Order> orders, long price) {
        return Math.min(demand(orders, price), supply(orders, price));
    }

    private static long imbalance(List<Order> orders, long price) {
        return demand(orders, price) - supply(orders, price);
    }
}
