package org.exchequer.scoring.graph;

/**
 * Bounds of the graph.
 *
 * @param windowMillis how long a payment stays in it, at least 1 ms
 * @param edges payments remembered of an account in each direction, 1 to 256, newest first; an account with more in the
 *     window is a hub: its degrees are lower bounds and no cycle is sought through it
 * @param cycle most payments in a cycle, 2 to 6
 * @param budget payments looked at for one answer about cycles, or about scatter and gather; 16 to 1,000,000
 * @param accounts accounts remembered, the one touched longest ago goes first
 */
public record GraphSettings(long windowMillis, int edges, int cycle, int budget, int accounts) {
    private static final long DAY_MILLIS = 86_400_000;
    private static final int MOST_EDGES = 256;
    private static final int MOST_CYCLE = 6;
    private static final int LEAST_BUDGET = 16;
    private static final int MOST_BUDGET = 1_000_000;

    public GraphSettings {
        in("windowMillis", windowMillis, 1, Long.MAX_VALUE / 4);
        in("edges", edges, 1, MOST_EDGES);
        in("cycle", cycle, 2, MOST_CYCLE);
        in("budget", budget, LEAST_BUDGET, MOST_BUDGET);
        in("accounts", accounts, 2, Integer.MAX_VALUE);
    }

    /** Three days, 64 payments each way, cycles of up to 5, 200,000 accounts. */
    public static GraphSettings standard() {
        return new GraphSettings(3 * DAY_MILLIS, 64, 5, 512, 200_000);
    }

    private static void in(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", not " + value);
        }
    }
}
