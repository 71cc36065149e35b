package org.exchequer.inward.breach.sim;

import org.exchequer.inward.partner.BreakerSettings;

/** A breaker as {@link BreakerSettings} has it, without what adapts. */
final class SimulatedBreaker {
    private final String name;
    private final BreakerSettings settings;
    private final boolean[] failed;
    private int count;
    private long wait;
    /** Open until then, then half open; 0 while it is closed. */
    private long until;

    private int probes;
    private int probed;
    private int probesFailed;

    SimulatedBreaker(String name, BreakerSettings settings) {
        this.name = name;
        this.settings = settings;
        this.failed = new boolean[settings.window()];
        this.wait = settings.firstWait().toNanos();
    }

    String name() {
        return name;
    }

    /** Whether a call may go now. */
    boolean allows(long now) {
        return until == 0 || now >= until && probes < settings.probes();
    }

    /** One goes. */
    void acquire() {
        probes += until == 0 ? 0 : 1;
    }

    void record(boolean failure, long now) {
        if (until == 0) {
            failed[count % failed.length] = failure;
            count++;
            int failures = 0;
            int calls = Math.min(count, failed.length);
            for (int i = 0; i < calls; i++) {
                failures += failed[i] ? 1 : 0;
            }
            if (count >= settings.leastCalls() && failures >= settings.leastFailures() * calls) {
                open(now);
            }
        } else if (now >= until) {
            probed++;
            probesFailed += failure ? 1 : 0;
            if (probed == settings.probes()) {
                judge(now);
            }
        }
    }

    private void judge(long now) {
        if (probesFailed >= settings.mostFailures() * settings.probes()) {
            wait = Math.min(settings.longestWait().toNanos(), 2 * wait);
            open(now);
        } else {
            until = 0;
            wait = settings.firstWait().toNanos();
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
