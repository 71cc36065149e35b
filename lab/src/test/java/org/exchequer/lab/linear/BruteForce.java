package org.exchequer.lab.linear;

import java.util.List;

/** The naive twin of the search: tries every order that respects real time. For histories of a few calls. */
final class BruteForce {
    private BruteForce() {}

    static <S, O> boolean linearizable(Model<S, O> model, S state, List<Call<O>> calls) {
        return from(model, state, calls, 0);
    }

    private static <S, O> boolean from(Model<S, O> model, S state, List<Call<O>> calls, int placed) {
        boolean done = true;
        for (int i = 0; i < calls.size(); i++) {
            done &= (placed & (1 << i)) != 0 || calls.get(i).open();
        }
        if (done) {
            return true;
        }
        for (int i = 0; i < calls.size(); i++) {
            if ((placed & (1 << i)) == 0 && first(calls, i, placed)) {
                S after = model.step(state, calls.get(i).operation());
                if (after != null && from(model, after, calls, placed | (1 << i))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether nothing that is not placed had returned when it was asked. */
    private static <O> boolean first(List<Call<O>> calls, int candidate, int placed) {
        for (int i = 0; i < calls.size(); i++) {
            if ((placed & (1 << i)) == 0
                    && calls.get(i).returnedAt() < calls.get(candidate).invokedAt()) {
                return false;
            }
        }
        return true;
    }
}
