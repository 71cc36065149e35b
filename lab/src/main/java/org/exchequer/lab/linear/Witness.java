package org.exchequer.lab.linear;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tries one order: that of the hints, with unanswered calls that have none left out, since they may never have
 * happened. When it explains every answer and respects real time, nothing needs to be searched for; when it does not,
 * that says nothing yet.
 */
public final class Witness {
    private Witness() {}

    /**
     * The first call that the order of the hints does not explain, in words; empty when it explains all.
     *
     * @param initial the object's state before the first call
     */
    public static <S, O> Optional<String> against(Model<S, O> model, S initial, List<Call<O>> history) {
        List<Call<O>> order = history.stream()
                .filter(call -> !(call.open() && (call.hint() == Call.OPEN || model.observes(call.operation()))))
                .sorted(Comparator.comparingLong((Call<O> call) -> call.hint())
                        .thenComparing(call -> model.observes(call.operation()))
                        .thenComparingLong(Call::invokedAt))
                .toList();
        S state = initial;
        long latest = Long.MIN_VALUE;
        @Nullable Call<O> asked = null;
        for (Call<O> call : order) {
            if (call.hint() == Call.OPEN) {
                return Optional.of("nothing says when this happened: " + call.text());
            }
            if (call.returnedAt() <= latest && asked != null) {
                return Optional.of(
                        call.text() + " was answered before this was asked, which stands before it: " + asked.text());
            }
            S after = model.step(state, call.operation());
            if (after == null) {
                return Optional.of("in this order it is at " + state + " before " + call.text());
            }
            state = after;
            if (call.invokedAt() > latest) {
                latest = call.invokedAt();
                asked = call;
            }
        }
        return Optional.empty();
    }
}
