package org.exchequer.inward.breach;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long one kind of work took lately on this node: the last {@value #WINDOW} times of at most half a minute ago, and
 * what is under way. Made of what ended, it would hear of a partner that hangs only when the first call is given up;
 * {@link Reading#silentNanos} tells it before. Thread safe; times by a monotonic ticker.
 */
public final class Pace {
    static final int WINDOW = 32;
    private static final int LATEST = 8;
    private static final long KEPT = Duration.ofSeconds(30).toNanos();
    private static final Ended NOTHING = new Ended(0, 0, 0, 0, 0, 0);

    private final long[] times = new long[WINDOW];
    private final long[] endedAt = new long[WINDOW];
    private final boolean[] late = new boolean[WINDOW];
    private int count;
    private int underWay;
    private long busySince;
    private long heardAt;
    private Ended ended = NOTHING;

    private record Ended(int count, long p50, long p90, long last, double latest, double share) {}

    /** How work that was begun has ended. */
    public enum End {
        DONE,
        /** All the time that it was given passed without an answer. */
        LATE,
        /** Nobody was asked, or refused to be: it says nothing of how long it takes. */
        NOT_ASKED
    }

    /**
     * At one moment.
     *
     * @param count times it is made of; 0 when there were none lately
     * @param p50Nanos median of them
     * @param p90Nanos their 90th percentile
     * @param lastNanos the last
     * @param lateLatest share of the last eight that were late, 0 to 1
     * @param lateShare share of all
     * @param underWay how many wait for it now
     * @param silentNanos for how long somebody has been waiting while nothing ended
     * @param ageNanos how long ago the last ended; meaningless without one
     */
    public record Reading(
            int count,
            long p50Nanos,
            long p90Nanos,
            long lastNanos,
            double lateLatest,
            double lateShare,
            int underWay,
            long silentNanos,
            long ageNanos) {}

    /** Somebody begins to wait for it. */
    public synchronized void begin(long nowNanos) {
        if (underWay++ == 0) {
            busySince = nowNanos;
        }
    }

    /** Somebody waits no more. */
    public synchronized void end(long nowNanos, long tookNanos, End how) {
        underWay--;
        if (how == End.NOT_ASKED) {
            return;
        }
        int place = count % WINDOW;
        times[place] = tookNanos;
        endedAt[place] = nowNanos;
        late[place] = how == End.LATE;
        count++;
        if (how == End.DONE) {
            heardAt = nowNanos;
        }
        ended = summary(nowNanos, tookNanos);
    }

    private Ended summary(long now, long last) {
        long[] sorted = new long[WINDOW];
        int size = 0;
        int lates = 0;
        int latest = 0;
        int latestLate = 0;
        for (int back = 1; back <= Math.min(count, WINDOW); back++) {
            int place = (count - back) % WINDOW;
            if (now - endedAt[place] > KEPT) {
                break;
            }
            sorted[size++] = times[place];
            lates += late[place] ? 1 : 0;
            if (back <= LATEST) {
                latest++;
                latestLate += late[place] ? 1 : 0;
            }
        }
        Arrays.sort(sorted, 0, size);
        return new Ended(
                size,
                sorted[(size - 1) / 2],
                sorted[(int) Math.ceil(0.9 * size) - 1],
                last,
                (double) latestLate / latest,
                (double) lates / size);
    }

    public synchronized Reading reading(long nowNanos) {
        long heard = count == 0 || busySince - heardAt > 0 ? busySince : heardAt;
        return new Reading(
                ended.count(),
                ended.p50(),
                ended.p90(),
                ended.last(),
                ended.latest(),
                ended.share(),
                underWay,
                underWay == 0 ? 0 : Math.max(0, nowNanos - heard),
                count == 0 ? 0 : nowNanos - endedAt[(count - 1) % WINDOW]);
    }
}
