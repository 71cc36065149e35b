package org.exchequer.scoring.registry;

import java.time.Duration;
import org.exchequer.scoring.model.Ensemble;
import org.exchequer.scoring.model.Vector;

/**
 * {@link Drift} over the last one to two spans of time: what is older is forgotten as time goes by, whether or not
 * payments come. Thread safe.
 */
public final class RollingDrift {
    private final Drift drift;
    private final long spanMillis;
    private volatile long turnsAt;

    /**
     * @param span at least a minute
     * @param nowMillis since 1970, as in the other calls
     */
    public RollingDrift(Ensemble ensemble, Duration span, long nowMillis) {
        if (span.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("span: must be at least a minute, not " + span);
        }
        drift = new Drift(ensemble);
        spanMillis = span.toMillis();
        turnsAt = nowMillis + spanMillis;
    }

    /** @param margin that the model gave it */
    public void see(Vector features, double margin, long nowMillis) {
        turn(nowMillis);
        drift.see(features, margin);
    }

    public Drift.Report report(long nowMillis) {
        turn(nowMillis);
        return drift.report();
    }

    private void turn(long nowMillis) {
        if (nowMillis >= turnsAt) {
            synchronized (this) {
                long turns = nowMillis < turnsAt ? 0 : 1 + (nowMillis - turnsAt) / spanMillis;
                for (long i = 0; i < Math.min(2, turns); i++) {
                    drift.turn();
                }
                turnsAt += turns * spanMillis;
            }
        }
    }
}
