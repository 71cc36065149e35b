package org.exchequer.shards.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.exchequer.shards.core.TwoPhase.Actor;
import org.exchequer.shards.core.TwoPhase.Side;
import org.exchequer.shards.core.TwoPhase.Step;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@link TwoPhase} against models of shards in simulated time, from seeds: drivers of the same key race, crash
 * between any two steps and are started again; messages are lost, late and delivered twice; clocks are off by up to
 * five minutes; resolvers look all the time. However it goes, money is conserved, nothing stays half done, and a
 * key has one effect.
 */
class TwoPhaseSimulationTest {
    private static final long LIMIT_MS = 10_000;
    private static final long FIVE_MINUTES_MS = 300_000;
    private static final long BEGINNING = 1_000;
    private static final int SEEDS = 20_000;

    /** Mistakes that a check must find. */
    enum Bug {
        NONE,
        /** A resolver gives back at participants without asking the coordinator. */
        RELEASES_UNASKED,
        /** A driver posts at participants before the coordinator has decided. */
        COMPLETES_UNDECIDED,
        /** A participant's hold ends by its own clock. */
        PARTICIPANT_EXPIRES,
        /** A driver takes a shard that does not answer for one that agrees. */
        GUESSES,
        /** A resolver never completes what was decided on. */
        FORGETS
    }

    /** One run; everything in it comes from the seed. */
    private static final class World {
        final SplittableRandom random;
        final Bug bug;
        final List<ModelShard> shards = new ArrayList<>();
        final int parts;
        final Map<String, Integer> committed = new HashMap<>();
        final PriorityQueue<Event> events = new PriorityQueue<>();
        long now;
        int order;
        int transactions;

        @Nullable
        String violation;

        private record Event(long at, int order, Runnable run) implements Comparable<Event> {
            @Override
            public int compareTo(Event other) {
                return at != other.at ? Long.compare(at, other.at) : Integer.compare(order, other.order);
            }
        }

        World(long seed, Bug bug) {
            this.random = new SplittableRandom(seed);
            this.bug = bug;
            this.parts = 2 + random.nextInt(2);
            for (int i = 0; i < parts; i++) {
                boolean refuses = random.nextInt(8) == 0;
                shards.add(new ModelShard(BEGINNING, random.nextLong(2 * FIVE_MINUTES_MS) - FIVE_MINUTES_MS, refuses));
            }
        }

        void after(long delay, Runnable run) {
            events.add(new Event(now + delay, order++, run));
        }

        /** Sends to a shard: late, twice, or lost on the way there or back; null is no answer. */
        void call(int part, Function<ModelShard, Side> request, Consumer<@Nullable Side> answer) {
            ModelShard shard = shards.get(part);
            boolean[] told = {false};
            if (random.nextInt(6) != 0) {
                boolean lost = random.nextInt(8) == 0;
                after(delay(), () -> {
                    Side side = request.apply(shard);
                    if (!lost && !told[0]) {
                        told[0] = true;
                        after(delay(), () -> answer.accept(side));
                    }
                });
            }
            if (random.nextInt(6) == 0) {
                after(Math.min(delay() * 20, 100_000), () -> {
                    Side unheard = request.apply(shard);
                });
            }
            after(3_000, () -> {
                if (!told[0]) {
                    told[0] = true;
                    answer.accept(null);
                }
            });
        }

        long delay() {
            return random.nextInt(20) == 0 ? random.nextLong(2 * LIMIT_MS) : random.nextLong(30);
        }

        Side perform(ModelShard shard, int part, String transaction, Step step) {
            return switch (step) {
                case Step.Reserve reserve ->
                    shard.hold(
                            transaction,
                            part == 0 ? parts - 1 : -1,
                            part == 0 || bug == Bug.PARTICIPANT_EXPIRES ? LIMIT_MS : 0,
                            now);
                case Step.Decide decide -> shard.post(transaction, now);
                case Step.Complete complete -> shard.post(transaction, now);
                case Step.RollBack rollBack -> shard.release(transaction, now);
                case Step.Release release -> shard.release(transaction, now);
                case Step.Bar bar -> shard.bar(transaction);
                case Step.Wait wait -> Side.UNSEEN;
                case Step.Done done -> Side.UNSEEN;
                case Step.Broken broken -> Side.UNSEEN;
            };
        }

        static int part(Step step) {
            return switch (step) {
                case Step.Reserve reserve -> reserve.part();
                case Step.Complete complete -> complete.part();
                case Step.Release release -> release.part();
                default -> 0;
            };
        }

        /** A driver: knows only what it was answered; dies between any two steps. */
        void drive(String transaction) {
            Side[] sides = new Side[parts];
            Arrays.fill(sides, Side.ABSENT);
            driven(transaction, sides);
        }

        private void driven(String transaction, Side[] sides) {
            if (random.nextInt(12) == 0) {
                return;
            }
            Step step = TwoPhase.next(Arrays.asList(sides), Actor.DRIVER);
            if (bug == Bug.COMPLETES_UNDECIDED && step instanceof Step.Decide && sides[1] == Side.HELD) {
                step = new Step.Complete(1);
            }
            if (step instanceof Step.Broken broken) {
                violation = broken.why();
            }
            if (step instanceof Step.Broken || step instanceof Step.Wait || step instanceof Step.Done) {
                return;
            }
            Step todo = step;
            int part = part(step);
            call(part, shard -> perform(shard, part, transaction, todo), side -> {
                if (side != null || bug == Bug.GUESSES) {
                    Side told = side == null ? Side.HELD : side;
                    sides[part] = told == Side.ABSENT ? Side.REFUSED : told;
                    driven(transaction, sides);
                }
            });
        }

        /** A resolver: reads, and acts on what stays true. */
        void resolve(String transaction, boolean overdue) {
            resolved(transaction, read(transaction), overdue, 0);
        }

        private Side[] read(String transaction) {
            Side[] sides = new Side[parts];
            for (int i = 0; i < parts; i++) {
                sides[i] = random.nextInt(10) == 0 ? Side.UNSEEN : shards.get(i).read(transaction, now);
            }
            return sides;
        }

        private void resolved(String transaction, Side[] sides, boolean overdue, int steps) {
            Step step = TwoPhase.next(Arrays.asList(sides), overdue ? Actor.RESOLVER_OVERDUE : Actor.RESOLVER);
            if (bug == Bug.RELEASES_UNASKED && overdue && sides[1] == Side.HELD) {
                step = new Step.Release(1);
            }
            if (bug == Bug.FORGETS && step instanceof Step.Complete) {
                return;
            }
            if (step instanceof Step.Broken) {
                // What was read may be older than what was answered since: only a second reading is to be believed.
                step = TwoPhase.next(
                        Arrays.asList(read(transaction)), overdue ? Actor.RESOLVER_OVERDUE : Actor.RESOLVER);
                if (step instanceof Step.Broken broken) {
                    violation = broken.why();
                }
                return;
            }
            if (steps > 20 || step instanceof Step.Wait || step instanceof Step.Done) {
                return;
            }
            Step todo = step;
            int part = part(step);
            call(part, shard -> perform(shard, part, transaction, todo), side -> {
                sides[part] = side == null ? Side.UNSEEN : side;
                resolved(transaction, sides, overdue, steps + 1);
            });
        }

        void run() {
            transactions = 1 + random.nextInt(3);
            for (int t = 0; t < transactions; t++) {
                String transaction = "t" + t;
                int drivers = 1 + random.nextInt(3);
                for (int d = 0; d < drivers; d++) {
                    after(random.nextLong(d == 0 ? 100 : 3 * LIMIT_MS), () -> drive(transaction));
                }
                long seen = random.nextLong(1_000);
                for (long at = seen; at < 200_000; at += 1_000 + random.nextLong(2_000)) {
                    boolean overdue = at - seen >= LIMIT_MS;
                    after(at, () -> resolve(transaction, overdue));
                }
            }
            while (!events.isEmpty() && violation == null) {
                Event event = events.remove();
                now = event.at();
                event.run().run();
                check();
            }
            if (violation == null) {
                settled();
            }
        }

        /** At every instant: each shard balances, and what is in transit never came from nowhere. */
        void check() {
            long accounts = shards.stream().mapToLong(shard -> shard.account).sum();
            long transit = shards.stream().mapToLong(shard -> shard.transit).sum();
            if (accounts + transit != BEGINNING * parts) {
                violation = "money was made or lost: " + accounts + " on accounts, " + transit + " in transit";
            }
            if (transit < 0) {
                violation = "a participant has what no coordinator has given";
            }
            if (shards.stream().anyMatch(shard -> shard.postings > transactions)) {
                violation = "a key had two effects";
            }
        }

        /** In the end: nothing is half done. */
        void settled() {
            for (int t = 0; t < transactions; t++) {
                String transaction = "t" + t;
                for (ModelShard shard : shards) {
                    if (shard.open(transaction) != null) {
                        violation = transaction + " is still in doubt";
                    }
                }
            }
            if (shards.stream().mapToLong(shard -> shard.transit).sum() != 0) {
                violation = "money is in transit for ever";
            }
        }
    }

    private static @Nullable String run(long seed, Bug bug) {
        World world = new World(seed, bug);
        world.run();
        return world.violation;
    }

    @Test
    void no_schedule_leaves_a_transaction_half_done_or_makes_money() {
        for (long seed = 0; seed < SEEDS; seed++) {
            assertThat(run(seed, Bug.NONE)).as("seed " + seed).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void a_planted_bug_is_found(Bug bug) {
        for (long seed = 0; seed < SEEDS; seed++) {
            String violation = run(seed, bug);
            if (violation != null) {
                System.out.println(bug + " found by seed " + seed + ": " + violation);
                return;
            }
        }
        throw new AssertionError("no seed of " + SEEDS + " found " + bug);
    }

    @Test
    void every_commit_and_every_roll_back_is_met() {
        int committed = 0;
        int rolledBack = 0;
        for (long seed = 0; seed < 1_000; seed++) {
            World world = new World(seed, Bug.NONE);
            world.run();
            for (int t = 0; t < world.transactions; t++) {
                if (world.shards.getFirst().read("t" + t, world.now) == Side.POSTED) {
                    committed++;
                } else {
                    rolledBack++;
                }
            }
        }
        assertThat(committed).isGreaterThan(200);
        assertThat(rolledBack).isGreaterThan(200);
    }
}
