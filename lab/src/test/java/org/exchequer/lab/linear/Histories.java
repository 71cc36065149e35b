package org.exchequer.lab.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes concurrent histories from a seed: processes ask one thing at a time, each takes effect at some moment between
 * question and answer, some answers are lost.
 *
 * @param operations how many
 * @param processes how many ask at the same time
 * @param lostPercent how many answers are lost; of these half never take effect
 * @param hinted whether answers tell their place in the order
 */
record Histories(int operations, int processes, int lostPercent, boolean hinted) {
    /** The object under test. */
    interface Thing<O> {
        /** What is asked next, as far as that is known before it is answered. */
        O ask();

        /** Does it, and gives it with its answer. */
        O act(O asked);
    }

    /** One that has begun. */
    private static final class Running<O> {
        final O asked;
        final long invokedAt;

        @Nullable
        O done;

        long order;

        Running(O asked, long invokedAt) {
            this.asked = asked;
            this.invokedAt = invokedAt;
        }
    }

    <O> List<Call<O>> make(SplittableRandom random, Thing<O> thing) {
        List<Call<O>> calls = new ArrayList<>();
        List<Running<O>> running = new ArrayList<>();
        List<Running<O>> late = new ArrayList<>();
        int begun = 0;
        long order = 0;
        for (long time = 1; begun < operations || !running.isEmpty(); time++) {
            if (begun < operations && running.size() < processes && random.nextInt(3) != 0) {
                running.add(new Running<>(thing.ask(), time));
                begun++;
            } else if (!late.isEmpty() && random.nextInt(4) == 0) {
                thing.act(late.remove(random.nextInt(late.size())).asked);
                order++;
            } else if (!running.isEmpty()) {
                Running<O> one = running.get(random.nextInt(running.size()));
                O done = one.done;
                if (done != null) {
                    running.remove(one);
                    calls.add(new Call<>(
                            done, one.invokedAt, time, hinted ? one.order : Call.OPEN, one.invokedAt + ".." + time));
                } else if (random.nextInt(100) < lostPercent) {
                    running.remove(one);
                    if (random.nextBoolean()) {
                        late.add(one);
                    }
                    calls.add(new Call<>(one.asked, one.invokedAt, Call.OPEN, Call.OPEN, one.invokedAt + ".."));
                } else {
                    one.done = thing.act(one.asked);
                    one.order = order++;
                }
            }
        }
        return calls;
    }
}
