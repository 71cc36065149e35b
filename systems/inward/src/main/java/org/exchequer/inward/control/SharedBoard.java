package org.exchequer.inward.control;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.exchequer.inward.partner.BreakerBoard;
import org.exchequer.inward.store.BreakerNotices;

/**
 * The board of all nodes on one database. Notices are written and read by {@link #refresh}, never by a call that a
 * payment waits for. A node that starts hears what was told within the longest wait of a breaker.
 */
public final class SharedBoard implements BreakerBoard {
    private static final int MOST_WAITING = 1_000;
    private static final Duration MEMORY = Duration.ofSeconds(30);
    private static final int TRIM_EVERY = 1_000;

    private final BreakerNotices notices;
    private final BlockingQueue<Notice> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final List<Consumer<Notice>> listeners = new CopyOnWriteArrayList<>();
    private long read;
    private int refreshes;

    public SharedBoard(BreakerNotices notices) {
        this.notices = notices;
    }

    /** When too many wait, because the database is away, it is lost: each node judges for itself anyway. */
    @Override
    public void post(Notice notice) {
        var unused = waiting.offer(notice);
    }

    @Override
    public Subscription listen(Consumer<Notice> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Tells the others what waits, and hears what they told. */
    public synchronized void refresh() throws SQLException {
        List<Notice> own = new ArrayList<>();
        waiting.drainTo(own);
        if (!own.isEmpty()) {
            notices.post(own.stream()
                    .map(notice -> new BreakerNotices.Row(
                            0, notice.node(), notice.breaker(), notice instanceof BreakerBoard.Opened))
                    .toList());
        }
        for (BreakerNotices.Row row : notices.after(read, MEMORY)) {
            read = row.number();
            Notice notice =
                    row.opened() ? new Opened(row.node(), row.breaker()) : new Closed(row.node(), row.breaker());
            listeners.forEach(listener -> listener.accept(notice));
        }
        if (++refreshes % TRIM_EVERY == 0) {
            notices.trim();
        }
    }
}
