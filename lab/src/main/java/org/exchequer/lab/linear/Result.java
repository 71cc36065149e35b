package org.exchequer.lab.linear;

import java.util.List;

/** What a search found. */
public sealed interface Result<S, O> {
    /**
     * There is an order that explains every answer.
     *
     * @param order of the calls; unanswered ones only where they are needed
     */
    record Linearizable<S, O>(List<Call<O>> order) implements Result<S, O> {}

    /**
     * No order explains every answer.
     *
     * @param prefix the longest order found, of all calls that returned before {@code stuck} and some others
     * @param stuck the call whose answer fits nowhere
     * @param states the distinct states in which it was tried, at most {@link Search#MAX_STATES}
     */
    record NotLinearizable<S, O>(List<Call<O>> prefix, Call<O> stuck, List<S> states) implements Result<S, O> {}

    /** The budget ran out. */
    record Undecided<S, O>(String why) implements Result<S, O> {}
}
