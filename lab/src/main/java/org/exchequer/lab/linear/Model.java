package org.exchequer.lab.linear;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sequential object: what each operation does when nothing else is going on.
 *
 * @param <S> its state; immutable, with equals and hashCode
 * @param <O> its operations with their answers; immutable
 */
public interface Model<S, O> {
    /** The state after the operation; null when it could not have given this answer in this state. */
    @Nullable
    S step(S state, O operation);

    /** Whether the operation never changes the state. */
    boolean observes(O operation);

    /**
     * Equal for operations that do the same to every state and are possible in the same states. Among unanswered calls
     * of one effect, the one asked first can stand for any other.
     */
    Object effect(O operation);

    /** The operation as it is when its answer is not known; null for one that only observes. */
    @Nullable
    O unanswered(O operation);

    /**
     * Whether it can matter that {@code earlier} goes right before {@code later}. False only when the two can always
     * change places: later, then earlier, is possible wherever earlier, then later, is, and leads to the same state.
     */
    default boolean matters(O earlier, O later) {
        return true;
    }

    /** Whether the operation is possible in every state and leaves the same state whatever was before. */
    default boolean overwrites(O operation) {
        return false;
    }

    /** What can be known from all calls together, to leave out what leads nowhere. */
    default Guide<S> guide(List<Call<O>> calls) {
        return new Guide<>() {};
    }

    /** What is placed at some point of the search, by the index of calls in the list given to {@link #guide}. */
    interface View {
        /** Whether the call is placed. */
        boolean placed(int call);

        /** How many calls, in order of invocation, could have been placed by now. */
        int invoked();

        /** Calls with an answer that are invoked and not placed. */
        int[] waiting();
    }

    /** Leaves out what leads nowhere. Whatever it says must be certain. */
    interface Guide<S> {
        /** Whether what is not placed can no longer be. */
        default boolean hopeless(S before, S after, View view) {
            return false;
        }

        /** Whether nobody ever sees this overwriting call's effect. */
        default boolean mute(int call) {
            return false;
        }
    }
}
