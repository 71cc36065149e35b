package org.exchequer.platform.faults;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * Named fault points. Production code calls {@code faults.at("ledger.commit.after")}; nothing happens until a test or
 * the lab arms that name with an action, which then runs on the calling thread: throw, block, halt the process.
 *
 * <p>An unarmed point costs one volatile read. A point may also hand a value through ({@link #through}), which can be
 * made wrong there; and what a node has only so much of is offered as a {@link Supply}, of which part can be taken
 * away.
 */
public final class Faults {
    /** What happens at an armed point. Any unchecked exception it throws comes out of {@link #at}. */
    @FunctionalInterface
    public interface Action {
        void run(String point);
    }

    /** What a node has only so much of: connections, places. */
    @FunctionalInterface
    public interface Supply {
        /**
         * Takes part of it away, until what is returned is closed.
         *
         * @param percent of all there are, rounded down, 1 to 100; what others hold is waited for briefly
         */
        Taken take(int percent);
    }

    /** What was taken away. */
    public interface Taken extends AutoCloseable {
        /** How many. */
        int count();

        @Override
        void close();
    }

    private final Map<String, Action> armed = new ConcurrentHashMap<>();
    private final Map<String, Distortion<?>> distorted = new ConcurrentHashMap<>();
    private final Map<String, Supply> supplies = new ConcurrentHashMap<>();
    private volatile boolean any;

    private record Distortion<T>(Class<T> type, UnaryOperator<T> change) {
        private Object apply(Object value) {
            return change.apply(type.cast(value));
        }
    }

    /** Marks a place where something can be made to go wrong. */
    public void at(String point) {
        if (any) {
            Action action = armed.get(point);
            if (action != null) {
                action.run(point);
            }
        }
    }

    /** Arms a point, replacing what it was armed with. */
    public void arm(String point, Action action) {
        armed.put(point, action);
        any = true;
    }

    /** Marks a place where a value can be made wrong: returns it, or what {@link #distort} makes of it. */
    @SuppressWarnings("unchecked")
    public <T> T through(String point, T value) {
        if (any) {
            Distortion<?> distortion = distorted.get(point);
            if (distortion != null) {
                return (T) distortion.apply(value);
            }
        }
        return value;
    }

    /**
     * Lets every value that goes through a point be changed, on the thread that brings it.
     *
     * @param type of the values there
     */
    public <T> void distort(String point, Class<T> type, UnaryOperator<T> change) {
        distorted.put(point, new Distortion<>(type, change));
        any = true;
    }

    /** Offers something of which part can be taken away; the newest of a name counts. */
    public void offer(String name, Supply supply) {
        supplies.put(name, supply);
    }

    /** Names of what is offered. */
    public Set<String> supplies() {
        return Set.copyOf(supplies.keySet());
    }

    /**
     * Takes part of a supply away.
     *
     * @throws IllegalArgumentException when there is none of this name, or percent is not 1 to 100
     */
    public Taken take(String name, int percent) {
        Supply supply = supplies.get(name);
        if (supply == null) {
            throw new IllegalArgumentException("name: must be one of " + supplies() + ", not " + name);
        }
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent must be 1 to 100, not " + percent);
        }
        return supply.take(percent);
    }

    /** What was armed or distorted there is so no more. */
    public void disarm(String point) {
        armed.remove(point);
        distorted.remove(point);
        any = !armed.isEmpty() || !distorted.isEmpty();
    }

    /** Nothing is armed or distorted any more. */
    public void disarmAll() {
        armed.clear();
        distorted.clear();
        any = false;
    }
}
