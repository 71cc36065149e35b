package org.exchequer.lab.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.exchequer.lab.linear.AccountModel.State;
import org.exchequer.lab.linear.Minimizer.Counterexample;
import org.junit.jupiter.api.Test;

class MinimizerTest {
    private static final AccountModel MODEL = new AccountModel(20L, null);
    private static final Budget BUDGET = new Budget(() -> 0, 1, 100_000);

    @Test
    void what_is_left_of_a_long_history_is_short_and_fails_still() {
        int shrunk = 0;
        for (long seed = 0; seed < 20; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            var calls = new Histories(2_000, 4, 1, false).make(random, Things.account(random, MODEL, 100, true, 10, 8));
            if (new Search<>(MODEL, State.EMPTY, calls, BUDGET).run()
                    instanceof Result.NotLinearizable<State, AccountModel.Operation> not) {
                Counterexample<State, AccountModel.Operation> least =
                        new Minimizer<>(MODEL, any -> BUDGET).shrink(State.EMPTY, calls, not);
                shrunk++;
                assertThat(least.calls().stream().filter(call -> !call.open()).count())
                        .as("seed %d: %s", seed, least)
                        .isBetween(1L, 4L);
                assertThat(new Search<>(MODEL, least.state(), least.calls(), BUDGET).run())
                        .isInstanceOf(Result.NotLinearizable.class);
                assertThat(least.skipped()).isPositive();
            }
        }
        assertThat(shrunk).isGreaterThan(10);
    }

    @Test
    void nothing_that_could_be_the_cause_is_taken_away() {
        int shrunk = 0;
        for (long seed = 0; seed < 3_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            var calls = new Histories(6, 3, 20, false).make(random, Things.account(random, MODEL, 5, true, 200, 2));
            if (new Search<>(MODEL, State.EMPTY, calls, BUDGET).run()
                    instanceof Result.NotLinearizable<State, AccountModel.Operation> not) {
                Counterexample<State, AccountModel.Operation> least =
                        new Minimizer<>(MODEL, any -> BUDGET).shrink(State.EMPTY, calls, not);
                shrunk++;
                assertThat(BruteForce.linearizable(MODEL, least.state(), least.calls()))
                        .as("seed %d: %s", seed, least)
                        .isFalse();
            }
        }
        assertThat(shrunk).isGreaterThan(100);
    }
}
