package org.exchequer.shards.jobs;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.Journals;
import org.exchequer.shards.api.InDoubt;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Marks.PartSize;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.TwoPhase;
import org.exchequer.shards.core.TwoPhase.Actor;
import org.exchequer.shards.core.TwoPhase.Side;
import org.exchequer.shards.core.TwoPhase.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what its driver has left: looks every second at the open holds on the accounts in transit of every shard,
 * and brings each transaction over several shards to its end by what the journals say. Any number of nodes may do
 * this at once: every step is a command under a key that follows from the transaction, and what one has done the
 * other finds done.
 *
 * <p>Whether a transaction is overdue is judged by this node's own monotonic clock since it first saw it, so that wall
 * clocks that differ can neither end a young one nor keep an old one.
 */
public final class Resolver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Resolver.class);
    private static final int PAGE = 500;
    private static final int MOST_STEPS = 64;
    /** A transaction that waits for a frozen account is looked at less often: each refusal is a row in a journal. */
    private static final int BLOCKED_ROUNDS = 10;

    private final List<Shard> shards;
    private final Journals journals;
    private final Faults faults;
    private final Ticker ticker;
    private final MeterRegistry meters;
    private final Duration limit;
    private final Duration pause;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Map<String, Seen> firstSeen = new HashMap<>();
    private final Map<String, Integer> blocked = new HashMap<>();
    private final Thread thread;
    private volatile List<InDoubt> inDoubt = List.of();
    private volatile Set<Integer> unseen = Set.of();

    /**
     * @param limit how long a transaction may stay undecided
     * @param pause between two looks, e.g. a second
     */
    public Resolver(
            List<Shard> shards,
            Journals journals,
            Faults faults,
            Ticker ticker,
            MeterRegistry meters,
            Duration limit,
            Duration pause) {
        this.shards = List.copyOf(shards);
        this.journals = journals;
        this.faults = faults;
        this.ticker = ticker;
        this.meters = meters;
        this.limit = limit;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name("shards-resolver").unstarted(this::run);
        meters.gauge("shards.in.doubt", this, resolver -> resolver.inDoubt().size());
        meters.gauge(
                "shards.in.doubt.oldest.seconds",
                this,
                resolver -> resolver.inDoubt().stream()
                        .mapToLong(found -> found.seenFor().toSeconds())
                        .max()
                        .orElse(0));
    }

    public void start() {
        thread.start();
    }

    /** What was found open at the last look, the oldest first; most of it is being driven and ends by itself. */
    public List<InDoubt> inDoubt() {
        return inDoubt;
    }

    /** Shards that did not answer at the last look, by number. */
    public Set<Integer> unseen() {
        return unseen;
    }

    private void run() {
        try {
            do {
                try {
                    look();
                } catch (RuntimeException e) {
                    LOG.warn("looking for transactions in doubt failed; tried again", e);
                }
            } while (!stop.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once, and ends what can be ended. One at a time. */
    public synchronized void look() {
        Set<Integer> away = new HashSet<>();
        Map<String, Open> open = new LinkedHashMap<>();
        for (Shard shard : shards) {
            try {
                scan(shard, open);
            } catch (LedgerUnavailableException e) {
                away.add(shard.index());
            }
        }
        // What is not seen because its shard is away has not ended: it grows no younger by that.
        firstSeen
                .entrySet()
                .removeIf(seen -> !open.containsKey(seen.getKey())
                        && seen.getValue().shards().stream().noneMatch(away::contains));
        blocked.keySet().retainAll(open.keySet());
        List<InDoubt> left = new ArrayList<>();
        for (Open found : open.values()) {
            String transaction = found.marks.transaction();
            List<Integer> over =
                    found.marks.parts().stream().map(PartSize::shard).toList();
            long since = ticker.nanos()
                    - firstSeen
                            .computeIfAbsent(transaction, t -> new Seen(ticker.nanos(), over))
                            .atNanos();
            InDoubt.State state = resolve(found.marks, since >= limit.toNanos());
            if (state != InDoubt.State.ENDED) {
                left.add(new InDoubt(
                        transaction,
                        found.marks.key(),
                        found.marks.coordinator(),
                        over,
                        found.amount,
                        found.createdAt,
                        Duration.ofNanos(since),
                        state));
            }
        }
        left.sort(java.util.Comparator.comparing(InDoubt::since));
        inDoubt = List.copyOf(left);
        unseen = Set.copyOf(away);
    }

    /** When a transaction was first seen, and over which shards it goes. */
    private record Seen(long atNanos, List<Integer> shards) {}

    private record Open(Marks marks, Money amount, Instant createdAt) {}

    private static void scan(Shard shard, Map<String, Open> open) {
        Ledger ledger = shard.ledger();
        String cursor = null;
        do {
            Page<Account> accounts = ledger.accounts(Names.OWN_ACCOUNT, cursor, PAGE);
            for (Account account : accounts.items()) {
                Optional<Balance> balance = account.isSummary() ? Optional.empty() : ledger.balance(account.code());
                if (balance.isPresent()
                        && (balance.get().pendingDebits() | balance.get().pendingCredits()) != 0) {
                    holds(ledger, account.code(), open);
                }
            }
            cursor = accounts.next();
        } while (cursor != null);
    }

    private static void holds(Ledger ledger, String account, Map<String, Open> open) {
        String cursor = null;
        do {
            Page<PendingTransaction> holds =
                    ledger.pendingOf(account, cursor, PAGE).orElseThrow();
            for (PendingTransaction hold : holds.items()) {
                Marks marks = Marks.of(hold);
                if (marks != null) {
                    open.putIfAbsent(marks.transaction(), new Open(marks, hold.amount(), hold.createdAt()));
                }
            }
            cursor = holds.next();
        } while (cursor != null);
    }

    /** Takes a transaction as far as it goes. */
    private InDoubt.State resolve(Marks marks, boolean overdue) {
        Side[] sides = read(marks);
        boolean again = false;
        for (int step = 0; step < MOST_STEPS; step++) {
            Step next = TwoPhase.next(Arrays.asList(sides), overdue ? Actor.RESOLVER_OVERDUE : Actor.RESOLVER);
            switch (next) {
                case Step.Complete complete -> {
                    if (!due(marks)) {
                        return InDoubt.State.IN_TRANSIT;
                    }
                    faults.at("shards.resolve.complete.before");
                    sides[complete.part()] = complete(marks, complete.part());
                }
                case Step.RollBack rollBack -> {
                    faults.at("shards.resolve.rollback.before");
                    sides[0] =
                            journals.release(marks.transaction(), marks.parts().getFirst());
                    count("rolled back", sides[0] == Side.GONE);
                }
                case Step.Release release -> {
                    faults.at("shards.resolve.release.before");
                    sides[release.part()] =
                            journals.release(marks.transaction(), marks.parts().get(release.part()));
                    count("released", sides[release.part()] == Side.GONE);
                }
                case Step.Bar bar -> sides[0] = bar(marks);
                case Step.Done done -> {
                    return InDoubt.State.ENDED;
                }
                case Step.Wait wait -> {
                    return sides[0] == Side.POSTED ? InDoubt.State.IN_TRANSIT : InDoubt.State.UNDECIDED;
                }
                case Step.Broken broken -> {
                    if (again) {
                        LOG.error("transaction {} of key {}: {}", marks.transaction(), marks.key(), broken.why());
                        return InDoubt.State.BROKEN;
                    }
                    // What was read of one shard may be older than what was read of another: only a second reading is
                    // to be believed.
                    again = true;
                    sides = read(marks);
                }
                case Step.Reserve reserve -> throw new IllegalStateException("a resolver reserves nothing");
                case Step.Decide decide -> throw new IllegalStateException("a resolver decides nothing");
            }
        }
        return InDoubt.State.UNDECIDED;
    }

    private Side[] read(Marks marks) {
        Side[] sides = new Side[marks.parts().size()];
        for (int part = 0; part < sides.length; part++) {
            sides[part] = journals.side(marks.transaction(), marks.parts().get(part));
        }
        return sides;
    }

    /** Whether it is time to try again what a frozen account has refused. */
    private boolean due(Marks marks) {
        int rounds = blocked.getOrDefault(marks.transaction(), 0);
        if (rounds > 0) {
            blocked.put(marks.transaction(), rounds - 1);
        }
        return rounds == 0;
    }

    private Side complete(Marks marks, int part) {
        Details details = journals.details(marks);
        Side side = journals.complete(marks.transaction(), marks.parts().get(part), details);
        if (side == Side.BLOCKED) {
            blocked.put(marks.transaction(), BLOCKED_ROUNDS);
        }
        count("completed", side == Side.POSTED);
        return side;
    }

    /**
     * The coordinator has no trace of a transaction that a participant has reserved for: its database was set back
     * to an earlier time. A command that is surely refused takes the key, so that no reservation can come under it
     * any more.
     */
    private Side bar(Marks marks) {
        PartSize coordinator = marks.parts().getFirst();
        String key = Names.hold(marks.transaction(), coordinator.shard(), 0);
        Money nothing = new Money(0, org.exchequer.kernel.Currency.of("EUR"));
        Outcome outcome = shards.get(coordinator.shard())
                .ledger()
                .execute(new Command.Hold(
                        key, Names.OWN_ACCOUNT + "none", Names.OWN_ACCOUNT + "nowhere", nothing, null, Details.NONE));
        LOG.warn("transaction {} of key {} is unknown to its coordinator: barred", marks.transaction(), marks.key());
        return outcome instanceof Outcome.Rejected ? journals.side(marks.transaction(), coordinator) : Side.UNSEEN;
    }

    private void count(String outcome, boolean done) {
        if (done) {
            meters.counter("shards.resolved", "outcome", outcome).increment();
        }
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
