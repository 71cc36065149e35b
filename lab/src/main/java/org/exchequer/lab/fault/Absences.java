package org.exchequer.lab.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** When nodes could not answer their clients because of what was done to them. Safe to use from any thread. */
public final class Absences {
    private final List<Open> all = new ArrayList<>();

    /**
     * A node was away.
     *
     * @param node its name, or {@code all}
     * @param from by the ticker, in nanoseconds
     * @param until {@code Long.MAX_VALUE} as long as it is
     */
    public record Absence(String node, long from, long until) {
        /** Whether it touches what was asked of a node between two times. */
        public boolean touches(String asked, long begun, long ended) {
            return (node.equals("all") || node.equals(asked)) && from < ended && until > begun;
        }
    }

    private static final class Open {
        private final String node;
        private final long from;
        private long until = Long.MAX_VALUE;

        private Open(String node, long from) {
            this.node = node;
            this.from = from;
        }
    }

    /** A fault begins. Returns what ends it; nothing when no node is away by it. */
    Optional<Runnable> begin(Fault fault, long now, java.util.function.LongSupplier clock) {
        String node = node(fault);
        if (node == null) {
            return Optional.empty();
        }
        Open open = new Open(node, now);
        synchronized (this) {
            all.add(open);
        }
        return Optional.of(() -> {
            synchronized (this) {
                open.until = clock.getAsLong();
            }
        });
    }

    private static @org.jspecify.annotations.Nullable String node(Fault fault) {
        return switch (fault.kind()) {
            case NODE_KILL, NODE_PAUSE, NODE_STOP -> fault.target();
            case CRASH_AT ->
                fault.target().contains("@postgres") ? null : fault.target().split("@", 2)[0];
            case CUT, SILENCE, SLOW, SPIKES, THROTTLE, SLICE, RESET, LIMIT ->
                fault.target().startsWith("clients:") ? fault.target().substring("clients:".length()) : null;
            default -> null;
        };
    }

    /** All so far. */
    public synchronized List<Absence> all() {
        return all.stream()
                .map(open -> new Absence(open.node, open.from, open.until))
                .toList();
    }
}
