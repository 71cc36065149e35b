package org.exchequer.lab.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.linear.AccountModel.State;
import org.junit.jupiter.api.Test;

class SearchTest {
    private static final AccountModel LIMITED = new AccountModel(20L, null);
    private static final RegisterModel REGISTER = new RegisterModel();

    @Test
    void agrees_with_brute_force_on_tiny_registers() {
        int broken = 0;
        for (long seed = 0; seed < 6_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            var calls = new Histories(
                            3 + random.nextInt(5), 1 + random.nextInt(4), random.nextInt(40), random.nextBoolean())
                    .make(random, Things.register(random, 1 + random.nextInt(3), random.nextBoolean(), 300, 1));
            broken += compare(seed, REGISTER, "0", calls);
        }
        assertThat(broken).isBetween(200, 5_000);
    }

    @Test
    void agrees_with_brute_force_on_tiny_accounts() {
        int broken = 0;
        for (long seed = 0; seed < 6_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AccountModel model = switch (random.nextInt(3)) {
                case 0 -> new AccountModel(null, null);
                case 1 -> new AccountModel(random.nextLong(5), null);
                default -> new AccountModel(random.nextLong(5), random.nextLong(5));
            };
            var calls = new Histories(
                            3 + random.nextInt(5), 1 + random.nextInt(4), random.nextInt(40), random.nextBoolean())
                    .make(random, Things.account(random, model, 3, random.nextBoolean(), 300, 1));
            broken += compare(seed, model, State.EMPTY, calls);
        }
        assertThat(broken).isBetween(200, 5_000);
    }

    @Test
    void decides_long_histories_of_registers() {
        for (int processes : new int[] {1, 5, 20, 50}) {
            for (int lost : new int[] {0, 1, 5}) {
                SplittableRandom random = new SplittableRandom(processes + lost);
                Histories shape = new Histories(10_000, processes, lost, false);
                var good = shape.make(random, Things.register(random, 1_000_000, false, 0, 1));
                assertThat(search(REGISTER, "0", good)).isInstanceOf(Result.Linearizable.class);
                var stale = shape.make(random, Things.register(random, 1_000_000, false, 5, 2 * processes));
                assertThat(search(REGISTER, "0", stale)).isInstanceOf(Result.NotLinearizable.class);
            }
        }
    }

    @Test
    void decides_long_histories_of_accounts() {
        for (int processes : new int[] {1, 5, 20, 50}) {
            for (int lost : new int[] {0, 1, 2}) {
                SplittableRandom random = new SplittableRandom(7);
                Histories shape = new Histories(10_000, processes, lost, true);
                var good = shape.make(random, Things.account(random, LIMITED, 1_000, true, 0, 1));
                assertThat(search(LIMITED, State.EMPTY, good)).isInstanceOf(Result.Linearizable.class);
            }
            SplittableRandom random = new SplittableRandom(11);
            var stale = new Histories(10_000, processes, 0, true)
                    .make(random, Things.account(random, LIMITED, 1_000, true, 5, 2 * processes));
            assertThat(search(LIMITED, State.EMPTY, stale)).isInstanceOf(Result.NotLinearizable.class);
        }
    }

    @Test
    void says_unknown_when_its_budget_is_spent() {
        SplittableRandom random = new SplittableRandom(3);
        var calls = new Histories(2_000, 40, 20, false)
                .make(random, Things.account(random, new AccountModel(null, null), 50, false, 20, 1));
        Ticker stopped = () -> 0;
        var search = new Search<>(new AccountModel(null, null), State.EMPTY, calls, new Budget(stopped, 1, 10_000));
        assertThat(search.run()).isEqualTo(new Result.Undecided<>("more than 10000 configurations"));
    }

    private static <S, O> Result<S, O> search(Model<S, O> model, S initial, List<Call<O>> calls) {
        return new Search<>(model, initial, calls, Budget.of(Ticker.system(), Duration.ofSeconds(20))).run();
    }

    /** 1 when the history cannot be explained. */
    private static <S, O> int compare(long seed, Model<S, O> model, S initial, List<Call<O>> calls) {
        boolean expected = BruteForce.linearizable(model, initial, calls);
        Budget budget = Budget.of(Ticker.system(), Duration.ofSeconds(10));
        Result<S, O> result = new Search<>(model, initial, calls, budget).run();
        assertThat(result instanceof Result.Linearizable<S, O>)
                .as("seed %d: %s%n%s", seed, calls, result)
                .isEqualTo(expected);
        assertThat(result).isNotInstanceOf(Result.Undecided.class);
        Search.Rest<S, O> rest = new Search<>(model, initial, calls, budget).narrow(1_000);
        assertThat(BruteForce.linearizable(model, rest.state(), rest.calls()))
                .as("seed %d narrowed", seed)
                .isEqualTo(expected);
        return expected ? 0 : 1;
    }
}
