package org.exchequer.inward.breach.sim;

import java.util.concurrent.TimeUnit;

/** A breaker with the standard settings, without what adapts: 20 calls or more of the last 50, a quarter failed. */
final class SimulatedBreaker {
    private static final int WINDOW = 50;
    private static final int LEAST = 20;
    private static final int PROBES = 5;
    private static final long FIRST = TimeUnit.SECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

    private final boolean[] failed = new boolean[WINDOW];
    private int count;
    private long wait = FIRST;
    /** Open until then, then half open; 0 while it is closed. */
    private long until;

    private int probes;
    private int probed;
    private int probesFailed;

    boolean acquire(long now) {
        if (until == 0) {
            return true;
        }
        if (now < until || probes == PROBES) {
            return false;
        }
        probes++;
        return true;
    }

    void record(boolean failure, long now) {
        if (until == 0) {
            failed[count % WINDOW] = failure;
            count++;
            int failures = 0;
            for (int i = 0; i < Math.min(count, WINDOW); i++) {
                failures += failed[i] ? 1 : 0;
            }
            if (count >= LEAST && 4 * failures >= Math.min(count, WINDOW)) {
                open(now);
            }
        } else if (now >= until) {
            probed++;
            probesFailed += failure ? 1 : 0;
            if (probed == PROBES) {
                judge(now);
            }
        }
    }

    private void judge(long now) {
        if (2 * probesFailed >= PROBES) {
            wait = Math.min(LONGEST, 2 * wait);
            open(now);
        } else {
            until = 0;
            wait = FIRST;
            count = 0;
        }
    }

    private void open(long now) {
        until = now + wait;
        probes = 0;
        probed = 0;
        probesFailed = 0;
    }

    /** As a breaker's label says it. */
    String state(long now) {
        return until == 0 ? "CLOSED" : now < until ? "OPEN" : "HALF_OPEN";
    }
}
