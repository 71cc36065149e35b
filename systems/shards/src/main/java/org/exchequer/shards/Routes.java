package org.exchequer.shards;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.shards.core.Carries;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.SlotMap.Slot;
import org.exchequer.shards.store.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's copy of the slot map, looked after every {@value #LOOK_MS} ms. A map that has been looked after within
 * {@value #LEASE_MS} ms knows of every move that is under way, since a mover waits that long between announcing a move
 * and beginning it.
 */
public final class Routes implements AutoCloseable {
    /** How long a copy may be relied on. */
    public static final long LEASE_MS = 2_000;

    private static final long LOOK_MS = 400;
    private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

    private final Directory directory;
    private final Ticker ticker;
    private final Thread thread;
    private volatile boolean closed;
    private volatile SlotMap map;
    private volatile long looked;
    /** Up to the version in {@link #carriesVersion}; both under the lock of {@link #carriesLock}. */
    private Carries carries = Carries.NONE;

    private long carriesVersion;
    private final Object carriesLock = new Object();

    public Routes(Directory directory, Ticker ticker) throws SQLException {
        this.directory = directory;
        this.ticker = ticker;
        this.looked = ticker.nanos();
        this.map = directory.load();
        this.thread = Thread.ofVirtual().name("shards-routes").start(this::follow);
    }

    /** The map as last seen. */
    public SlotMap current() {
        return map;
    }

    /** Whether the map knows of every move under way. */
    boolean isFresh() {
        return ticker.nanos() - looked < TimeUnit.MILLISECONDS.toNanos(LEASE_MS);
    }

    /**
     * Looks now.
     *
     * @throws LedgerUnavailableException when the directory does not answer
     */
    public synchronized SlotMap refresh() {
        try {
            long asked = ticker.nanos();
            if (directory.version() != map.version()) {
                map = directory.load();
                notifyAll();
            }
            looked = asked;
            return map;
        } catch (SQLException e) {
            throw new LedgerUnavailableException("the directory of shards does not answer", e);
        }
    }

    /** What moves have carried, all those that the map knows of included. Blocks. */
    Carries carries() {
        long version = map.version();
        synchronized (carriesLock) {
            if (version > carriesVersion) {
                try {
                    carries = carries.with(directory.carried(carriesVersion, version));
                    carriesVersion = version;
                } catch (SQLException e) {
                    throw new LedgerUnavailableException("the directory of shards does not answer", e);
                }
            }
            return carries;
        }
    }

    /** Waits a little for another map than this one. */
    synchronized void await(SlotMap old, long atMostMs) throws InterruptedException {
        if (map == old) {
            wait(atMostMs);
        }
    }

    /** How a slot stands at this moment, by the directory itself. */
    Slot slot(int slot) {
        try {
            return directory.slot(slot);
        } catch (SQLException e) {
            throw new LedgerUnavailableException("the directory of shards does not answer", e);
        }
    }

    private void follow() {
        boolean away = false;
        while (!closed) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_MS);
                refresh();
                away = false;
            } catch (LedgerUnavailableException e) {
                if (!away) {
                    LOG.warn("the directory of shards does not answer; routing goes on by version {}", map.version());
                }
                away = true;
            } catch (InterruptedException end) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
