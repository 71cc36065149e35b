package org.exchequer.lab.linear;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.exchequer.lab.linear.Result.NotLinearizable;
import org.jspecify.annotations.Nullable;

/**
 * Makes a history that cannot be explained as small as it gets, taking away only what cannot be the cause: whatever is
 * left cannot be explained either, and whoever could explain the whole could explain what is left.
 *
 * <p>Taken away are: what was asked after the answer that fits nowhere; the past, up to the last moment at which the
 * object's state is certain; observations; and the answers of the other calls, which then may have happened or not.
 */
public final class Minimizer<S, O> {
    private static final int WIDTH = 256;
    private static final int ROUNDS = 4;
    private static final int MOST_CALLS = 400;

    private final Model<S, O> model;
    private final Function<List<Call<O>>, Budget> budgets;

    /**
     * What is left.
     *
     * @param state where it begins
     * @param skipped how many calls lead there
     * @param calls that cannot be explained from there
     * @param last the first answer after which nothing explains the history any more
     * @param reason how far the search got
     */
    public record Counterexample<S, O>(
            S state, int skipped, List<Call<O>> calls, Call<O> last, NotLinearizable<S, O> reason) {}

    /** @param budgets what each single attempt may use; small, there are hundreds */
    public Minimizer(Model<S, O> model, Function<List<Call<O>>, Budget> budgets) {
        this.model = model;
        this.budgets = budgets;
    }

    /** Shrinks a history that was found not linearizable for this reason. */
    public Counterexample<S, O> shrink(S initial, List<Call<O>> history, NotLinearizable<S, O> reason) {
        S state = initial;
        List<Call<O>> calls = history;
        NotLinearizable<S, O> why = reason;
        Call<O> last = firstWrong(initial, history);
        List<Call<O>> cut = until(history, last);
        NotLinearizable<S, O> still = fails(initial, cut);
        if (still != null) {
            calls = cut;
            why = still;
        }
        Search.Rest<S, O> rest = new Search<>(model, initial, calls, budgets.apply(calls)).narrow(WIDTH);
        still = fails(rest.state(), rest.calls());
        int skipped = 0;
        if (still != null) {
            skipped = calls.size() - rest.calls().size();
            state = rest.state();
            calls = rest.calls();
            why = still;
        }
        for (int round = 0; round < ROUNDS && calls.size() <= MOST_CALLS; round++) {
            int before = weight(calls);
            for (int i = calls.size() - 1; i >= 0; i--) {
                List<Call<O>> less = without(calls, i);
                still = less == null ? null : fails(state, less);
                if (less != null && still != null) {
                    calls = less;
                    why = still;
                }
            }
            if (weight(calls) == before) {
                break;
            }
        }
        return new Counterexample<>(state, skipped, calls, last, why);
    }

    /** The earliest return up to which the history cannot be explained; a history that can be, can be up to any. */
    private Call<O> firstWrong(S initial, List<Call<O>> history) {
        List<Call<O>> returns = history.stream()
                .filter(call -> !call.open())
                .sorted(Comparator.comparingLong(Call::returnedAt))
                .toList();
        int low = 0;
        int high = returns.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (fails(initial, until(history, returns.get(middle))) != null) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return returns.get(high);
    }

    private @Nullable NotLinearizable<S, O> fails(S state, List<Call<O>> calls) {
        return new Search<>(model, state, calls, budgets.apply(calls)).run() instanceof NotLinearizable<S, O> not
                ? not
                : null;
    }

    /** The history as it was when this call had just returned. */
    private List<Call<O>> until(List<Call<O>> history, Call<O> stuck) {
        List<Call<O>> cut = new ArrayList<>();
        for (Call<O> call : history) {
            if (call.invokedAt() < stuck.returnedAt()) {
                if (call.returnedAt() <= stuck.returnedAt()) {
                    cut.add(call);
                } else {
                    O unanswered = model.unanswered(call.operation());
                    if (unanswered != null) {
                        cut.add(call.opened(unanswered, call.text()));
                    }
                }
            }
        }
        return cut;
    }

    /** The calls without one observation or one answer; null when there is nothing to take away. */
    private @Nullable List<Call<O>> without(List<Call<O>> calls, int index) {
        Call<O> call = calls.get(index);
        List<Call<O>> less = new ArrayList<>(calls);
        O unanswered = model.unanswered(call.operation());
        if (unanswered == null) {
            less.remove(index);
        } else if (call.open()) {
            return null;
        } else {
            less.set(index, call.opened(unanswered, call.text()));
        }
        return less;
    }

    private static <O> int weight(List<Call<O>> calls) {
        int weight = 0;
        for (Call<O> call : calls) {
            weight += call.open() ? 1 : 2;
        }
        return weight;
    }
}
