package org.exchequer.lab.linear;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.exchequer.lab.linear.AccountModel.Move;
import org.exchequer.lab.linear.AccountModel.Operation;
import org.exchequer.lab.linear.AccountModel.Seen;
import org.exchequer.lab.linear.AccountModel.State;
import org.junit.jupiter.api.Test;

class WitnessTest {
    private static final AccountModel FREE = new AccountModel(null, null);

    @Test
    void is_never_content_with_what_cannot_be_explained() {
        int content = 0;
        int broken = 0;
        for (long seed = 0; seed < 6_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            AccountModel model = new AccountModel(random.nextBoolean() ? null : random.nextLong(5), null);
            var calls = new Histories(3 + random.nextInt(5), 1 + random.nextInt(4), random.nextInt(40), true)
                    .make(random, Things.account(random, model, 3, random.nextBoolean(), 300, 1));
            boolean explains = Witness.against(model, State.EMPTY, calls).isEmpty();
            boolean linearizable = BruteForce.linearizable(model, State.EMPTY, calls);
            assertThat(explains && !linearizable).as("seed %d: %s", seed, calls).isFalse();
            content += explains ? 1 : 0;
            broken += linearizable ? 0 : 1;
        }
        assertThat(content).isGreaterThan(2_000);
        assertThat(broken).isGreaterThan(200);
    }

    @Test
    void leaves_out_what_nobody_answered_and_nothing_recorded() {
        Call<Operation> lost = new Call<>(new Move(7, 0, 0, 0, null), 1, Call.OPEN, Call.OPEN, "lost");
        Call<Operation> late = new Call<>(new Move(5, 0, 0, 0, null), 2, Call.OPEN, 1, "unanswered, but recorded");
        Call<Operation> read = new Call<>(new Seen(5, 0, 0L, 0L), 3, 4, 1, "read");
        assertThat(Witness.against(FREE, State.EMPTY, List.of(lost, late, read)))
                .isEmpty();
    }

    @Test
    void tells_where_the_recorded_order_fails() {
        Call<Operation> first = new Call<>(new Move(5, 0, 0, 0, null), 1, 2, 2, "add 5");
        Call<Operation> second = new Call<>(new Move(3, 0, 0, 0, null), 3, 4, 1, "add 3");
        assertThat(Witness.against(FREE, State.EMPTY, List.of(first, second)))
                .hasValue("add 5 was answered before this was asked, which stands before it: add 3");
        Call<Operation> stale = new Call<>(new Seen(0, 0, 0L, 0L), 5, 6, 2, "read 0");
        assertThat(Witness.against(FREE, State.EMPTY, List.of(first, stale)))
                .hasValueSatisfying(
                        why -> assertThat(why).endsWith("before read 0").contains("debits=5"));
        Call<Operation> nowhere = new Call<>(new Seen(0, 0, 0L, 0L), 7, 8, Call.OPEN, "read at no position");
        assertThat(Witness.against(FREE, State.EMPTY, List.of(nowhere)))
                .hasValue("nothing says when this happened: read at no position");
    }
}
