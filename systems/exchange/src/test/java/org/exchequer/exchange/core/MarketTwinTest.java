package org.exchequer.exchange.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.exchequer.exchange.core.Auction.Tie;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link Market} says and does what {@link NaiveMarket} does, on streams of commands from a seed, bad ones too. */
class MarketTwinTest {
    private static final int COMMANDS = 25_000;

    private static final class Twins {
        private final Recording fastEvents = new Recording();
        private final Recording naiveEvents = new Recording();
        private final Instrument rules;
        private final Market fast;
        private final NaiveMarket naive;
        private final Random random;
        private final Set<Verdict> seen = EnumSet.noneOf(Verdict.class);
        private long lastId;
        private int triggered;
        private int interrupted;

        Twins(long seed, Instrument rules) {
            this.random = new Random(seed);
            this.rules = rules;
            this.fast = new Market(rules, fastEvents);
            this.naive = new NaiveMarket(rules, naiveEvents);
        }

        Twins run() {
            for (int i = 0; i < COMMANDS; i++) {
                String command = step();
                assertThat(fastEvents.lines).as("%d: %s", i, command).isEqualTo(naiveEvents.lines);
                triggered += (int) fastEvents.lines.stream()
                        .filter(line -> line.contains("triggered"))
                        .count();
                interrupted += (int) fastEvents.lines.stream()
                        .filter(line -> line.contains("VOLATILITY"))
                        .count();
                fastEvents.lines.clear();
                naiveEvents.lines.clear();
            }
            return this;
        }

        private void same(Verdict one, Verdict other, String command) {
            assertThat(one).as(command).isEqualTo(other);
            if (one.isRefusal()) {
                assertThat(fastEvents.lines)
                        .as("refused, and nothing done: %s", command)
                        .isEmpty();
            }
            seen.add(one);
        }

        private String step() {
            int kind = random.nextInt(100);
            if (kind < 2 || fast.phase() != Phase.CONTINUOUS && kind < 12) {
                Phase next = random.nextInt(3) == 0 ? Phase.values()[random.nextInt(4)] : Phase.CONTINUOUS;
                String command = "begin " + next;
                same(fast.begin(next), naive.begin(next), command);
                return command;
            }
            if (kind < 50) {
                return enter();
            }
            if (kind < 65) {
                return stop();
            }
            long id = lastId - random.nextInt(40);
            if (kind < 80) {
                String command = "cancel " + id;
                same(fast.cancel(id), naive.cancel(id), command);
                return command;
            }
            if (kind < 82) {
                long owner = random.nextInt(4);
                assertThat(fast.cancelAll(owner)).isEqualTo(naive.cancelAll(owner));
                return "cancel all of " + owner;
            }
            long price = random.nextInt(3) == 0 && fast.book().open(id) > 0
                    ? fast.book().priceOf(id)
                    : price(2);
            long quantity = quantity();
            String command = "replace " + id + " by " + quantity + " at " + price;
            same(fast.replace(id, price, quantity), naive.replace(id, price, quantity), command);
            return command;
        }

        private String enter() {
            long id = random.nextInt(50) == 0 ? lastId - random.nextInt(10) : ++lastId;
            int terms = terms();
            long price = price(Terms.side(terms));
            long quantity = quantity();
            long minimum = random.nextInt(12) == 0 ? random.nextInt(40) - 2 : 0;
            long peak = random.nextInt(8) == 0 ? random.nextInt(40) - 2 : 0;
            long owner = random.nextInt(4);
            String command = "enter %d: %s %d at %d, minimum %d, peak %d, owner %d"
                    .formatted(id, Integer.toBinaryString(terms), quantity, price, minimum, peak, owner);
            same(
                    fast.enter(id, terms, price, quantity, minimum, peak, owner),
                    naive.enter(id, terms, price, quantity, minimum, peak, owner),
                    command);
            return command;
        }

        private String stop() {
            long id = random.nextInt(50) == 0 ? lastId - random.nextInt(10) : ++lastId;
            int terms = terms();
            long trigger = price(2);
            long price = price(Terms.side(terms));
            long quantity = quantity();
            long peak = random.nextInt(8) == 0 ? random.nextInt(20) : 0;
            long owner = random.nextInt(4);
            String command = "stop %d: %s %d at %d from %d on, peak %d, owner %d"
                    .formatted(id, Integer.toBinaryString(terms), quantity, price, trigger, peak, owner);
            same(
                    fast.stop(id, terms, trigger, price, quantity, peak, owner),
                    naive.stop(id, terms, trigger, price, quantity, peak, owner),
                    command);
            return command;
        }

        /** @param side of an order that may be at any price; 2 for none */
        private long price(int side) {
            int kind = random.nextInt(60);
            if (kind < 4 && side < 2) {
                return side == Terms.BUY ? Book.MAX_PRICE : 0;
            }
            return switch (kind) {
                case 5 -> -1;
                case 6 -> 0;
                case 7 -> Book.MAX_PRICE;
                case 8 -> rules.reference() * 3;
                case 9 -> fast.last() + 1;
                case 10 -> rules.reference() + 1;
                default -> rules.ticks().notBelow(Math.max(1, fast.last() + random.nextInt(40) - 20));
            };
        }

        private long quantity() {
            return switch (random.nextInt(60)) {
                case 0 -> 0;
                case 1 -> -2;
                case 2 -> rules.mostQuantity() + 2;
                case 3 -> 7;
                default -> 2 + 2 * random.nextInt(20);
            };
        }

        private int terms() {
            int terms = random.nextInt(1 << 8);
            if (random.nextInt(30) == 0) {
                return terms;
            }
            while (!Terms.valid(terms) || (terms & Terms.TIME_IN_FORCE) != 0 && random.nextInt(3) > 0) {
                terms = random.nextInt(1 << 8);
            }
            return terms;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void doesTheSame(long seed) {
        TickTable ticks = seed % 2 == 0 ? TickTable.of(2) : TickTable.of(new long[] {0, 1_000}, new long[] {1, 2});
        Tie tie = seed % 3 == 0 ? Tie.MIDDLE : Tie.REFERENCE;
        int range = seed == 1 ? 0 : 60;
        Twins twins = new Twins(
                        seed, new Instrument("EXCQ", ticks, 2, 100, 40, seed == 2 ? 0 : 5_000, range, 1_000, tie))
                .run();
        List<Verdict> missing = new ArrayList<>(EnumSet.complementOf(EnumSet.copyOf(twins.seen)));
        if (seed == 2) {
            missing.remove(Verdict.OUT_OF_BAND);
        }
        assertThat(missing).as("verdicts that were not met").isEmpty();
        assertThat(twins.triggered).as("stop orders triggered").isGreaterThan(100);
        assertThat(twins.interrupted > 10).as("interruptions").isEqualTo(range > 0);
    }
}
