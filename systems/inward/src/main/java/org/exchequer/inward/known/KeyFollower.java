package org.exchequer.inward.known;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.exchequer.inward.store.KnownTable;
import org.exchequer.inward.store.KnownTable.Received;

/**
 * Tells the filter of {@link KnownAnswers} which messages came lately: at first those that any node received before
 *  * this one started, then again and again those that others received. One whose commit took long, or whose node's
 * clock
 * is behind by more than {@link #OVERLAP}, is missed: the database knows it.
 *  */
public final class KeyFollower {
    private static final int PAGE = 10_000;
    private static final Duration OVERLAP = Duration.ofSeconds(1);

    private final KnownTable table;
    private final KnownAnswers known;
    private final String node;
    private final Instant started;
    private Instant since;

    public KeyFollower(KnownTable table, KnownAnswers known, String node, Clock clock) {
        this.table = table;
        this.known = known;
        this.node = node;
        this.started = clock.instant();
        this.since = started.minus(KnownAnswers.kept());
    }

    /** Reads what is new. From one thread at a time. */
    public void run() throws SQLException {
        List<Received> page;
        do {
            page = table.recent(since, node, started, PAGE);
            page.forEach(received -> known.received(received.digest()));
            if (page.size() == PAGE) {
                Instant last = page.getLast().at();
                // More at one instant than a page holds: those behind it are left to the database.
                since = last.equals(since) ? last.plusNanos(1_000) : last;
            } else if (!page.isEmpty()) {
                Instant overlapping = page.getLast().at().minus(OVERLAP);
                since = overlapping.isAfter(since) ? overlapping : since;
            }
        } while (page.size() == PAGE);
    }
}
