package org.exchequer.lab.linear;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A register that holds one text: written, read, compared and set. */
public final class RegisterModel implements Model<String, RegisterModel.Operation> {
    /** What can be done with a register. */
    public sealed interface Operation {}

    public record Write(String value) implements Operation {}

    public record Get(String value) implements Operation {}

    public record Cas(String from, String to) implements Operation {}

    /** A compare-and-set that was refused: the register stood at another value. */
    public record CasRefused(String from) implements Operation {}

    @Override
    public @Nullable String step(String state, Operation operation) {
        return switch (operation) {
            case Write write -> write.value();
            case Get get -> get.value().equals(state) ? state : null;
            case Cas cas -> cas.from().equals(state) ? cas.to() : null;
            case CasRefused refused -> refused.from().equals(state) ? null : state;
        };
    }

    @Override
    public boolean observes(Operation operation) {
        return operation instanceof Get || operation instanceof CasRefused;
    }

    @Override
    public Object effect(Operation operation) {
        return operation;
    }

    @Override
    public boolean overwrites(Operation operation) {
        return operation instanceof Write;
    }

    @Override
    public @Nullable Operation unanswered(Operation operation) {
        return observes(operation) ? null : operation;
    }

    @Override
    public Guide<String> guide(List<Call<Operation>> calls) {
        Map<String, List<Integer>> sources = new HashMap<>();
        Map<String, List<Integer>> uses = new HashMap<>();
        boolean refusals = false;
        for (int i = 0; i < calls.size(); i++) {
            switch (calls.get(i).operation()) {
                case Write write -> add(sources, write.value(), i);
                case Get get -> add(uses, get.value(), i);
                case Cas cas -> {
                    add(sources, cas.to(), i);
                    add(uses, cas.from(), i);
                }
                case CasRefused refused -> refusals = true;
            }
        }
        BitSet mute = new BitSet();
        for (int i = 0; i < calls.size() && !refusals; i++) {
            if (calls.get(i).operation() instanceof Write write) {
                mute.set(i, mute(calls, i, uses.getOrDefault(write.value(), List.of())));
            }
        }
        return new Values(calls, sources, uses, mute);
    }

    /** Nobody who was not answered before it was asked needs its value. */
    private static boolean mute(List<Call<Operation>> calls, int write, List<Integer> uses) {
        for (int i = uses.size() - 1; i >= 0; i--) {
            if (calls.get(uses.get(i)).returnedAt() > calls.get(write).invokedAt()) {
                return false;
            }
        }
        return true;
    }

    private static void add(Map<String, List<Integer>> index, String value, int call) {
        index.computeIfAbsent(value, key -> new ArrayList<>()).add(call);
    }

    /** Knows who writes a value and who needs it. */
    private record Values(
            List<Call<Operation>> calls,
            Map<String, List<Integer>> sources,
            Map<String, List<Integer>> uses,
            BitSet mute)
            implements Guide<String> {
        /** A value that was overwritten, or never written, and that somebody still needs, must come again. */
        @Override
        public boolean hopeless(String before, String after, View view) {
            if (!before.equals(after) && needed(before, view) && !comes(before, view)) {
                return true;
            }
            for (int call : view.waiting()) {
                if (calls.get(call).operation() instanceof Get get
                        && !get.value().equals(after)
                        && !comes(get.value(), view)) {
                    return true;
                }
            }
            return false;
        }

        private boolean needed(String value, View view) {
            List<Integer> using = uses.getOrDefault(value, List.of());
            for (int i = using.size() - 1; i >= 0; i--) {
                if (!calls.get(using.get(i)).open() && !view.placed(using.get(i))) {
                    return true;
                }
            }
            return false;
        }

        private boolean comes(String value, View view) {
            List<Integer> writing = sources.getOrDefault(value, List.of());
            for (int i = writing.size() - 1; i >= 0; i--) {
                if (!view.placed(writing.get(i))) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public boolean mute(int call) {
            return mute.get(call);
        }
    }
}
