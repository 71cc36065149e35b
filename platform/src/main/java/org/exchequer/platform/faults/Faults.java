package org.exchequer.platform.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Named fault points. Production code calls {@code faults.at("ledger.commit.after")}; nothing happens until a test or
 * the lab arms that name with an action, which then runs on the calling thread: throw, block, halt the process.
 *
 * <p>An unarmed point costs one volatile read.
 */
public final class Faults {
    /** What happens at an armed point. Any unchecked exception it throws comes out of {@link #at}. */
    @FunctionalInterface
    public interface Action {
        void run(String point);
    }

    private final Map<String, Action> armed = new ConcurrentHashMap<>();
    private volatile boolean any;

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

    public void disarm(String point) {
        armed.remove(point);
        any = !armed.isEmpty();
    }

    public void disarmAll() {
        armed.clear();
        any = false;
    }
}
