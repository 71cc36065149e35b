package org.exchequer.lab.linear;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.exchequer.lab.linear.Model.Guide;
import org.jspecify.annotations.Nullable;

/**
 * Searches for an order of concurrent calls that respects real time and explains every answer: the search of Wing and
 * Gong ("Testing and verifying concurrent objects", 1993) with Lowe's memory of configurations and his just-in-time
 * placement ("Testing for linearizability", 2017).
 *
 * <p>The search walks through the returns in order. At each, the returning call must be placed, alone or after calls
 * that are pending: shortest first, so calls are placed as late as possible and unanswered ones only where they are
 * needed. A configuration (return, placed calls, state) is entered once; and not at all when one with the same calls,
 * the same state and fewer unanswered calls used up has failed. A pending call that only observes, and whose answer
 * fits the present state, is placed at once: that can never be wrong, for it changes nothing.
 */
public final class Search<S, O> {
    /** Most states that are told about a call that fits nowhere. */
    public static final int MAX_STATES = 16;

    private final Model<S, O> model;
    private final S initial;
    private final Budget budget;
    /** In order of invocation. */
    private final List<Call<O>> calls;
    /** Answered calls, by index, in order of return. */
    private final int[] returns;
    /** By call: its place among {@link #returns}; -1 for an unanswered call. */
    private final int[] returnOf;
    /** By answered call: a bit that no call pending at the same time shares. By unanswered call: a bit of its own. */
    private final int[] bit;
    /** By return: how many calls were invoked before it. */
    private final int[] invokedBefore;
    /** By return: the answered calls pending then, the returning one included, in order of return. */
    private final int[][] pendingAt;
    /** Unanswered calls that change something, in order of invocation; by effect, those before it. */
    private final int[] open;

    private final int[] sameEffectBefore;
    private final Guide<S> guide;
    private final Map<Remembered<S>, List<Bits>> entered = new HashMap<>();
    private final Set<S> states = new LinkedHashSet<>();
    private long remembered;
    private long steps;
    private boolean outOfTime;
    private @Nullable Node<S> deepest;
    private int deepestReturn = -1;

    private record Remembered<S>(int at, Bits placed, S state) {}

    /** What is placed, and the way there. */
    private record Node<S>(
            S state,
            Bits placed,
            Bits used,
            int call,
            @Nullable Node<S> before) {}

    private record Local<S>(Bits placed, Bits used, S state) {}

    public Search(Model<S, O> model, S initial, List<Call<O>> history, Budget budget) {
        this.model = model;
        this.initial = initial;
        this.budget = budget;
        this.calls = history.stream()
                .filter(call -> !(call.open() && model.observes(call.operation())))
                .sorted(Comparator.comparingLong(Call::invokedAt))
                .toList();
        this.guide = model.guide(calls);
        this.returns = java.util.stream.IntStream.range(0, calls.size())
                .filter(i -> !calls.get(i).open())
                .boxed()
                .sorted(Comparator.comparingLong(i -> calls.get(i).returnedAt()))
                .mapToInt(i -> i)
                .toArray();
        this.returnOf = new int[calls.size()];
        java.util.Arrays.fill(returnOf, -1);
        for (int r = 0; r < returns.length; r++) {
            returnOf[returns[r]] = r;
        }
        this.open = java.util.stream.IntStream.range(0, calls.size())
                .filter(i -> calls.get(i).open() && !guide.mute(i))
                .toArray();
        this.bit = new int[calls.size()];
        this.sameEffectBefore = new int[calls.size()];
        this.invokedBefore = new int[returns.length];
        this.pendingAt = new int[returns.length][];
        assignBits();
        chainEffects();
    }

    private void assignBits() {
        ArrayDeque<Integer> free = new ArrayDeque<>();
        LinkedHashSet<Integer> pending = new LinkedHashSet<>();
        int used = 0;
        int next = 0;
        for (int r = 0; r < returns.length; r++) {
            long at = calls.get(returns[r]).returnedAt();
            for (; next < calls.size() && calls.get(next).invokedAt() < at; next++) {
                if (!calls.get(next).open()) {
                    bit[next] = free.isEmpty() ? used++ : free.pop();
                    pending.add(next);
                }
            }
            invokedBefore[r] = next;
            pendingAt[r] = pending.stream()
                    .sorted(Comparator.comparingInt(call -> returnOf[call]))
                    .mapToInt(call -> call)
                    .toArray();
            pending.remove(returns[r]);
            free.push(bit[returns[r]]);
        }
    }

    private void chainEffects() {
        for (int i = 0; i < calls.size(); i++) {
            bit[i] = calls.get(i).open() ? open.length : bit[i];
        }
        Map<Object, Integer> last = new HashMap<>();
        for (int i = 0; i < open.length; i++) {
            bit[open[i]] = i;
            Integer before = last.put(model.effect(calls.get(open[i]).operation()), open[i]);
            sameEffectBefore[open[i]] = before == null ? -1 : before;
        }
    }

    /** Searches. */
    public Result<S, O> run() {
        ArrayDeque<Frame> path = new ArrayDeque<>();
        Node<S> start = new Node<>(initial, Bits.NONE, Bits.NONE, -1, null);
        if (returns.length == 0) {
            return new Result.Linearizable<>(List.of());
        }
        path.push(new Frame(0, start));
        while (!path.isEmpty()) {
            Frame frame = path.element();
            Node<S> next = frame.next();
            if (next == null) {
                if (spent()) {
                    return new Result.Undecided<>(whySpent());
                }
                path.pop();
                continue;
            }
            if (frame.at + 1 == returns.length) {
                return new Result.Linearizable<>(order(next));
            }
            if (enter(frame.at + 1, next)) {
                path.push(new Frame(frame.at + 1, next));
            }
        }
        Node<S> end = deepest == null ? start : deepest;
        return new Result.NotLinearizable<>(
                order(end), calls.get(returns[Math.max(deepestReturn, 0)]), List.copyOf(states));
    }

    /**
     * The latest moment at which there is only one way the calls so far can have gone: a history is explained exactly
     * when what follows that moment is, from the state reached there.
     *
     * @param width how many ways are followed at once before the search for a later moment ends
     * @return what remains: the state, and the calls that are still to be explained
     */
    public Rest<S, O> narrow(int width) {
        Set<Local<S>> ways = Set.of(new Local<>(Bits.NONE, Bits.NONE, initial));
        Rest<S, O> last = new Rest<>(initial, calls);
        for (int at = 0; at < returns.length && !ways.isEmpty() && ways.size() <= width; at++) {
            if (ways.size() == 1) {
                last = rest(at, ways.iterator().next());
            }
            Set<Local<S>> next = new LinkedHashSet<>();
            for (Local<S> way : ways) {
                Frame frame = new Frame(at, new Node<>(way.state(), way.placed(), way.used(), -1, null));
                for (Node<S> node = frame.next(); node != null && next.size() <= width; node = frame.next()) {
                    next.add(new Local<>(node.placed(), node.used(), node.state()));
                }
            }
            if (spent()) {
                return last;
            }
            ways = next;
        }
        return last;
    }

    /**
     * A problem with the same answer, begun later.
     *
     * @param state where it begins
     * @param calls what is to be explained from there
     */
    public record Rest<S, O>(S state, List<Call<O>> calls) {}

    private Rest<S, O> rest(int at, Local<S> way) {
        List<Call<O>> left = new ArrayList<>();
        for (int call = 0; call < calls.size(); call++) {
            boolean done = calls.get(call).open()
                    ? way.used().has(bit[call])
                    : returnOf[call] < at
                            || (call < invokedBefore[at] && way.placed().has(bit[call]));
            if (!done) {
                left.add(calls.get(call));
            }
        }
        return new Rest<>(way.state(), left);
    }

    /** How many placements were tried. */
    public long steps() {
        return steps;
    }

    private boolean spent() {
        return outOfTime || remembered > budget.configurations();
    }

    private boolean tick() {
        steps++;
        if ((steps & 1023) == 0 && budget.late()) {
            outOfTime = true;
        }
        return spent();
    }

    private String whySpent() {
        return remembered > budget.configurations()
                ? "more than " + budget.configurations() + " configurations"
                : "out of time after " + steps + " placements, " + remembered + " configurations";
    }

    /** Whether the configuration is worth entering: none at least as good has failed. */
    private boolean enter(int at, Node<S> node) {
        List<Bits> tried =
                entered.computeIfAbsent(new Remembered<>(at, node.placed(), node.state()), key -> new ArrayList<>(1));
        for (Bits less : tried) {
            if (less.isSubsetOf(node.used())) {
                return false;
            }
        }
        tried.add(node.used());
        remembered++;
        return true;
    }

    private List<Call<O>> order(Node<S> end) {
        List<Call<O>> order = new ArrayList<>();
        for (Node<S> node = end; node != null; node = node.before()) {
            if (node.call() >= 0) {
                order.add(calls.get(node.call()));
            }
        }
        return order.reversed();
    }

    /** The ways to get past one return from one configuration, the likeliest first. */
    private final class Frame implements Model.View {
        final int at;
        private final int returning;
        private final Node<S> start;
        /** By the number of unanswered calls placed in this frame: those that need fewest go first. */
        private final List<ArrayDeque<Node<S>>> queues = new ArrayList<>(1);

        private final Set<Local<S>> seen = new HashSet<>();
        private boolean hinted;
        private boolean begun;
        private Node<S> viewed;

        Frame(int at, Node<S> from) {
            this.at = at;
            this.returning = returns[at];
            this.start = observe(from);
            this.viewed = start;
            queues.add(new ArrayDeque<>(List.of(start)));
            if (at > deepestReturn) {
                deepestReturn = at;
                deepest = start;
                states.clear();
            }
        }

        /** The next configuration past the return, or null when there is none, or the budget is spent. */
        @Nullable
        Node<S> next() {
            if (!hinted) {
                hinted = true;
                Node<S> guess = asHinted();
                if (guess != null) {
                    return guess;
                }
            }
            for (Node<S> node = take(); node != null; node = take()) {
                boolean first = !begun;
                begun = true;
                if (has(node, returning)) {
                    return past(node);
                }
                if (at == deepestReturn && states.size() < MAX_STATES) {
                    states.add(node.state());
                }
                if (!expand(node)) {
                    queues.clear();
                    return null;
                }
                Node<S> placed = first || matters(node.call()) ? place(node, returning) : null;
                if (placed != null) {
                    return past(placed);
                }
            }
            return null;
        }

        private @Nullable Node<S> take() {
            for (int opens = 0; opens < queues.size(); opens++) {
                Node<S> node = queues.get(opens).poll();
                if (node != null) {
                    return node;
                }
            }
            return null;
        }

        /** Queues what can be placed before the returning call; false when the budget is spent. */
        private boolean expand(Node<S> node) {
            if (!anythingMatters(node)) {
                return true;
            }
            for (int call : pendingAt[at]) {
                if (call != returning && !has(node, call) && !offer(place(node, call))) {
                    return false;
                }
            }
            for (int call : open) {
                if (call >= invokedBefore[at]) {
                    break;
                }
                boolean turn = sameEffectBefore[call] < 0 || node.used().has(bit[sameEffectBefore[call]]);
                if (turn && !has(node, call) && !offer(place(node, call))) {
                    return false;
                }
            }
            return true;
        }

        /** False when the budget is spent. */
        private boolean offer(@Nullable Node<S> node) {
            if (node != null) {
                Node<S> observed = observe(node);
                if (seen.add(new Local<>(observed.placed(), observed.used(), observed.state()))) {
                    int opens = observed.used().size() - start.used().size();
                    while (queues.size() <= opens) {
                        queues.add(new ArrayDeque<>(1));
                    }
                    queues.get(opens).add(observed);
                    remembered++;
                }
            }
            return !tick();
        }

        private boolean anythingMatters(Node<S> node) {
            for (int call : pendingAt[at]) {
                if (call != returning && !has(node, call) && matters(call)) {
                    return true;
                }
            }
            for (int call : open) {
                if (call >= invokedBefore[at]) {
                    return false;
                }
                if (!has(node, call) && matters(call)) {
                    return true;
                }
            }
            return false;
        }

        private boolean matters(int call) {
            return model.matters(
                    calls.get(call).operation(), calls.get(returning).operation());
        }

        private @Nullable Node<S> asHinted() {
            long hint = calls.get(returning).hint();
            if (hint == Call.OPEN || has(start, returning)) {
                return null;
            }
            List<Integer> before = new ArrayList<>();
            for (int call : pendingAt[at]) {
                if (call != returning && !has(start, call) && hintedBefore(call)) {
                    before.add(call);
                }
            }
            for (int call : open) {
                if (call < invokedBefore[at] && !has(start, call) && hintedBefore(call)) {
                    before.add(call);
                }
            }
            before.sort(Comparator.comparingLong(
                            (Integer call) -> calls.get(call).hint())
                    .thenComparing(call -> model.observes(calls.get(call).operation())));
            @Nullable Node<S> node = start;
            for (int call : before) {
                node = has(node, call) ? node : place(node, call);
                if (node == null) {
                    return null;
                }
                node = observe(node);
            }
            node = has(node, returning) ? node : place(node, returning);
            return node == null ? null : past(node);
        }

        /** What is read at a position comes after what was written there. */
        private boolean hintedBefore(int call) {
            long hint = calls.get(returning).hint();
            long other = calls.get(call).hint();
            return other < hint
                    || (other == hint
                            && (model.observes(calls.get(returning).operation())
                                    || !model.observes(calls.get(call).operation())));
        }

        /** Places pending observers that fit. */
        private Node<S> observe(Node<S> from) {
            Node<S> node = from;
            for (int call : pendingAt[at]) {
                O operation = calls.get(call).operation();
                if (model.observes(operation) && !has(node, call) && model.step(node.state(), operation) != null) {
                    node = new Node<>(node.state(), node.placed().with(bit[call]), node.used(), call, node);
                }
            }
            return node;
        }

        private @Nullable Node<S> place(Node<S> from, int call) {
            O operation = calls.get(call).operation();
            S after = model.step(from.state(), operation);
            if (after == null) {
                return null;
            }
            Node<S> node = model.overwrites(operation) ? bury(from, call) : from;
            boolean isOpen = calls.get(call).open();
            Node<S> placed = new Node<>(
                    after,
                    isOpen ? node.placed() : node.placed().with(bit[call]),
                    isOpen ? node.used().with(bit[call]) : node.used(),
                    call,
                    node);
            viewed = placed;
            return guide.hopeless(from.state(), after, this) ? null : placed;
        }

        /** Overwriting calls that nobody sees are done with when something overwrites them at once. */
        private Node<S> bury(Node<S> from, int under) {
            Node<S> node = from;
            for (int call : pendingAt[at]) {
                O operation = calls.get(call).operation();
                if (call != under && guide.mute(call) && !has(node, call)) {
                    S state = model.step(node.state(), operation);
                    if (state != null) {
                        node = new Node<>(state, node.placed().with(bit[call]), node.used(), call, node);
                    }
                }
            }
            return node;
        }

        private boolean has(Node<S> node, int call) {
            return calls.get(call).open()
                    ? node.used().has(bit[call])
                    : node.placed().has(bit[call]);
        }

        /** The same once the return is behind: its bit is free for others. */
        private Node<S> past(Node<S> node) {
            return new Node<>(node.state(), node.placed().without(bit[returning]), node.used(), -1, node);
        }

        @Override
        public boolean placed(int call) {
            if (returnOf[call] >= 0 && returnOf[call] < at) {
                return true;
            }
            return call < invokedBefore[at] && has(viewed, call);
        }

        @Override
        public int invoked() {
            return invokedBefore[at];
        }

        @Override
        public int[] waiting() {
            int[] pending = pendingAt[at];
            int[] waiting = new int[pending.length];
            int count = 0;
            for (int call : pending) {
                if (!has(viewed, call)) {
                    waiting[count++] = call;
                }
            }
            return java.util.Arrays.copyOf(waiting, count);
        }
    }
}
