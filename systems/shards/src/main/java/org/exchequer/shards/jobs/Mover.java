package org.exchequer.shards.jobs;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Page;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.Routes;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.api.Shards.Move;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.SlotMap.State;
import org.exchequer.shards.store.Directory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves slots from one shard to another, one after the other, each out of service for as long as its own accounts
 * take. Of all nodes one does it at a time; a move whose node has died is taken up by another, from whatever line
 * it died at: every command of it has a key that follows from the move, and says again what it did.
 */
public final class Mover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mover.class);
    private static final long LOOK_MS = 1_000;
    private static final int PAGE = 1_000;
    /** How many slots are announced at once: accounts cannot be opened in them meanwhile. */
    private static final int BATCH = 256;

    private final List<Shard> shards;
    private final Directory directory;
    private final Routes routes;
    private final Faults faults;
    private final Ticker ticker;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;
    private @Nullable Move wanted;
    private volatile @Nullable Move last;

    public Mover(List<Shard> shards, Directory directory, Routes routes, Faults faults, Ticker ticker) {
        this.shards = List.copyOf(shards);
        this.directory = directory;
        this.routes = routes;
        this.faults = faults;
        this.ticker = ticker;
        this.thread = Thread.ofVirtual().name("shards-mover").start(this::run);
    }

    /** Begins a move, unless one runs; returns that which runs now. */
    public synchronized Move begin(int from, int to, int slots) {
        Move running = last;
        if (running != null && running.running()) {
            return running;
        }
        Move move = new Move(from, to, slots, 0, 0, 0, Duration.ZERO, true, null);
        wanted = move;
        last = move;
        notifyAll();
        return move;
    }

    /** The move that runs or ran last on this node, or null. */
    public @Nullable Move last() {
        return last;
    }

    private void run() {
        while (stop.getCount() > 0) {
            try {
                Move asked = await();
                if (asked != null) {
                    carryOut(asked);
                } else if (unsettled(routes.current())) {
                    takeUp();
                }
            } catch (InterruptedException end) {
                Thread.currentThread().interrupt();
                return;
            } catch (SQLException | RuntimeException e) {
                LOG.warn("a move of slots stopped; taken up again", e);
                Move failed = last;
                if (failed != null && failed.running()) {
                    last = ended(failed, String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private synchronized @Nullable Move await() throws InterruptedException {
        if (wanted == null) {
            wait(LOOK_MS);
        }
        Move asked = wanted;
        wanted = null;
        return asked;
    }

    private static boolean unsettled(SlotMap map) {
        return map.count(State.SETTLED) < Placement.SLOTS;
    }

    private static Move ended(Move move, @Nullable String error) {
        return new Move(
                move.from(),
                move.to(),
                move.wanted(),
                move.moved(),
                move.skipped(),
                move.accounts(),
                move.longestPause(),
                false,
                error);
    }

    private void carryOut(Move asked) throws SQLException, InterruptedException {
        boolean[] done = {false};
        while (!done[0] && stop.getCount() > 0) {
            directory.alone(() -> {
                done[0] = true;
                List<Integer> slots = routes.refresh().of(asked.from());
                int most = Math.min(asked.wanted(), slots.size());
                // Those next to the other shard's: runs of slots stay runs.
                move(
                        asked,
                        asked.from() < asked.to()
                                ? slots.subList(slots.size() - most, slots.size())
                                : slots.subList(0, most));
            });
            if (!done[0]) {
                stop.await(LOOK_MS, TimeUnit.MILLISECONDS);
            }
        }
    }

    /** What another node has begun and left. */
    private void takeUp() throws SQLException {
        directory.alone(() -> {
            SlotMap map = routes.refresh();
            Map<List<Integer>, List<Integer>> open = new HashMap<>();
            for (int slot = 0; slot < Placement.SLOTS; slot++) {
                SlotMap.Slot entry = map.slot(slot);
                if (entry.state() != State.SETTLED) {
                    open.computeIfAbsent(List.of(entry.shard(), entry.target()), way -> new ArrayList<>())
                            .add(slot);
                }
            }
            open.forEach((way, slots) -> {
                Move move = new Move(way.get(0), way.get(1), slots.size(), 0, 0, 0, Duration.ZERO, true, null);
                LOG.info("taking up the move of {} slots from shard {} to {}", slots.size(), way.get(0), way.get(1));
                last = move;
                move(move, slots);
            });
        });
    }

    private void move(Move asked, List<Integer> slots) {
        Move move = asked;
        try {
            for (int at = 0; at < slots.size() && stop.getCount() > 0; at += BATCH) {
                move = batch(move, slots.subList(at, Math.min(slots.size(), at + BATCH)));
                last = move;
            }
            last = ended(move, null);
        } catch (SQLException e) {
            throw new LedgerUnavailableException("the directory of shards does not answer", e);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private Move batch(Move move, List<Integer> slots) throws SQLException, InterruptedException {
        for (int slot : slots) {
            directory.announce(slot, move.from(), move.to());
        }
        faults.at("shards.move.announced");
        routes.refresh();
        // From here on every node knows, or knows that it may not: no account is opened in these slots any more.
        stop.await(Routes.LEASE_MS, TimeUnit.MILLISECONDS);
        Map<Integer, List<Account>> accounts = accounts(move.from(), slots);
        Move so = move;
        for (int slot : slots) {
            if (stop.getCount() == 0) {
                return so;
            }
            SlotMover mover = new SlotMover(shards, directory, routes, faults, ticker, slot, so.from(), so.to());
            List<Account> there = accounts.getOrDefault(slot, List.of());
            SlotMover.Result result = mover.move(there);
            so = new Move(
                    so.from(),
                    so.to(),
                    so.wanted(),
                    so.moved() + (result.moved() ? 1 : 0),
                    so.skipped() + (result.moved() ? 0 : 1),
                    so.accounts() + (result.moved() ? there.size() : 0),
                    result.pause().compareTo(so.longestPause()) > 0 ? result.pause() : so.longestPause(),
                    true,
                    null);
            last = so;
        }
        return so;
    }

    /** All accounts of these slots, by slot. */
    private Map<Integer, List<Account>> accounts(int shard, List<Integer> slots) {
        Map<Integer, List<Account>> found = new HashMap<>();
        slots.forEach(slot -> found.put(slot, new ArrayList<>()));
        String cursor = null;
        do {
            Page<Account> page = shards.get(shard).ledger().accounts("", cursor, PAGE);
            for (Account account : page.items()) {
                List<Account> there = found.get(Placement.slot(account.code()));
                if (there != null && !Names.isOwnAccount(account.code())) {
                    there.add(account);
                }
            }
            cursor = page.next();
        } while (cursor != null);
        return found;
    }

    @Override
    public void close() {
        stop.countDown();
        synchronized (this) {
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
