package org.exchequer.lab.check;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.exchequer.kernel.Ticker;
import org.exchequer.lab.linear.Budget;
import org.exchequer.lab.linear.Call;
import org.exchequer.lab.linear.Minimizer;
import org.exchequer.lab.linear.Minimizer.Counterexample;
import org.exchequer.lab.linear.Model;
import org.exchequer.lab.linear.Result;
import org.exchequer.lab.linear.Search;
import org.exchequer.lab.linear.Witness;

/** Searches object by object for an order that explains every answer, and tells why there is none. */
final class Explanation {
    private static final Duration SHRINK = Duration.ofSeconds(20);
    private static final Duration LONG_STEP = Duration.ofSeconds(2);
    private static final Duration SHORT_STEP = Duration.ofMillis(300);
    private static final int LONG = 400;
    private static final long SHRINK_CONFIGURATIONS = 200_000;
    private static final int OPEN_TOLD = 5;

    private final Ticker ticker;
    private final Duration perObject;
    private final long deadline;
    private final Tally tally;

    /**
     * @param perObject most time for one object
     * @param total most time for all together
     */
    Explanation(Ticker ticker, Duration perObject, Duration total, Tally tally) {
        this.ticker = ticker;
        this.perObject = perObject;
        this.deadline = ticker.nanos() + total.toNanos();
        this.tally = tally;
    }

    <S, O> void explain(String object, Model<S, O> model, S initial, List<Call<O>> calls, Function<S, String> tell) {
        calls.forEach(call -> tally.checked());
        Optional<String> against = Witness.against(model, initial, calls);
        if (against.isEmpty()) {
            return;
        }
        Budget budget = Budget.of(ticker, perObject);
        long until = deadline - budget.deadlineNanos() < 0 ? deadline : budget.deadlineNanos();
        Search<S, O> search = new Search<>(model, initial, calls, new Budget(ticker, until, budget.configurations()));
        switch (search.run()) {
            case Result.Linearizable<S, O> fine -> {}
            case Result.Undecided<S, O> undecided ->
                tally.unknown(object + " was not decided: " + undecided.why() + "; the order it was recorded in fails: "
                        + against.get());
            case Result.NotLinearizable<S, O> not -> {
                long shrinkUntil = ticker.nanos() + SHRINK.toNanos();
                Minimizer<S, O> minimizer = new Minimizer<>(model, some -> {
                    Duration step = some.size() > LONG ? LONG_STEP : SHORT_STEP;
                    long stepUntil = Math.min(ticker.nanos() + step.toNanos(), shrinkUntil);
                    return new Budget(ticker, stepUntil, SHRINK_CONFIGURATIONS);
                });
                Counterexample<S, O> least = minimizer.shrink(initial, calls, not);
                tally.violation(
                        calls.size(),
                        "no order of the operations on " + object + " explains this answer: "
                                + least.last().text(),
                        story(object, least, tell));
            }
        }
    }

    private static <S, O> List<String> story(String object, Counterexample<S, O> least, Function<S, String> tell) {
        List<String> story = new ArrayList<>();
        story.add(object + " stands at " + tell.apply(least.state())
                + (least.skipped() == 0
                        ? ""
                        : " after " + least.skipped() + " operations, which leave no other choice"));
        List<Call<O>> calls = least.calls().stream()
                .sorted(Comparator.comparingLong(Call::invokedAt))
                .toList();
        calls.stream().filter(call -> !call.open()).forEach(call -> story.add(call.text()));
        List<Call<O>> open = calls.stream().filter(Call::open).toList();
        open.stream()
                .limit(OPEN_TOLD)
                .forEach(call -> story.add("whether this has happened does not matter: " + call.text()));
        if (open.size() > OPEN_TOLD) {
            story.add("nor do " + (open.size() - OPEN_TOLD) + " other operations that may have happened");
        }
        story.add("no order explains them all; states tried: "
                + (least.reason().states().isEmpty()
                        ? tell.apply(least.state())
                        : least.reason().states().stream().map(tell).collect(Collectors.joining("; "))));
        return story;
    }
}
