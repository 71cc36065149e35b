package org.exchequer.shards.jobs;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.OwnAccounts;
import org.exchequer.shards.Routes;
import org.exchequer.shards.Summaries;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Carry;
import org.exchequer.shards.core.Marks;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.core.SlotMap.State;
import org.exchequer.shards.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * Moves one slot: waits until nothing is reserved on its accounts, freezes them, opens them where they go, carries
 * their balances over through the accounts in transit, and hands the slot over. What stays behind of an account is
 * frozen at zero, with its history. Each step is done for all accounts at once, under keys that follow from the
 * move.
 *
 * <p>What is carried over is held where it goes before it leaves, as in every transaction over shards, and leaves
 * in one linked batch that opens the account, books and freezes it again, so nobody else's posting comes between.
 */
final class SlotMover {
    /** How long a slot is kept out of service for what is under way on its accounts to end. */
    private static final long DRAIN_MS = 1_000;

    private static final long DRAIN_LOOK_MS = 5;
    /** How often the accounts are thawed again for something that was under way. */
    private static final int ROUNDS = 8;

    private static final int PAGE = 100;
    private static final int TRIES = 40;
    private static final long TRY_MS = 250;

    private final List<Shard> shards;
    private final Directory directory;
    private final Routes routes;
    private final Faults faults;
    private final Ticker ticker;
    private final int slot;
    private final int from;
    private final int to;
    private final Ledger here;
    private final Ledger there;
    private long announced;

    /**
     * What became of it.
     *
     * @param moved false when the slot stays, because something is reserved on an account of it
     * @param pause how long it was out of service
     */
    record Result(boolean moved, Duration pause) {}

    /** An account on its way: as it was, and what it carries; positive is more debits. */
    private record Carried(Account account, long net) {}

    SlotMover(
            List<Shard> shards,
            Directory directory,
            Routes routes,
            Faults faults,
            Ticker ticker,
            int slot,
            int from,
            int to) {
        this.shards = shards;
        this.directory = directory;
        this.routes = routes;
        this.faults = faults;
        this.ticker = ticker;
        this.slot = slot;
        this.from = from;
        this.to = to;
        this.here = shards.get(from).ledger();
        this.there = shards.get(to).ledger();
    }

    Result move(List<Account> accounts) throws SQLException, InterruptedException {
        SlotMap.Slot now = directory.slot(slot);
        announced = directory.move(slot).announced();
        if (now.state() == State.SETTLED) {
            return new Result(now.shard() == to, Duration.ZERO);
        }
        List<Account> posting =
                accounts.stream().filter(account -> !account.isSummary()).toList();
        boolean resumed = now.state() == State.MOVING;
        List<Account> originals = resumed ? originals(posting) : posting;
        if (!resumed && heldByCallers(posting)) {
            directory.revert(slot, from, to);
            routes.refresh();
            return new Result(false, Duration.ZERO);
        }
        prepare(accounts);
        long began = ticker.nanos();
        if (!resumed) {
            directory.begin(slot, from, to, here.lastSequence());
            routes.refresh();
        }
        passed("shards.move.begun", originals);
        if (!freeze(originals, resumed)) {
            stay(originals);
            return new Result(false, Duration.ofNanos(ticker.nanos() - began));
        }
        passed("shards.move.frozen", originals);
        List<Carried> carried = hold(originals);
        passed("shards.move.held", originals);
        Map<Carried, List<Outcome>> left = leave(carried);
        passed("shards.move.left", originals);
        Map<Carried, List<Outcome>> arrived = arrive(carried);
        passed("shards.move.arrived", originals);
        if (!directory.finish(slot, from, to, carries(left, arrived))) {
            throw new IllegalStateException("slot " + slot + " was moved by somebody else");
        }
        routes.refresh();
        return new Result(true, Duration.ofNanos(ticker.nanos() - began));
    }

    /** Of a slot without accounts nothing can be left half done. */
    private void passed(String point, List<Account> moving) {
        if (!moving.isEmpty()) {
            faults.at(point);
        }
    }

    private String key(String account, String step) {
        return Names.MOVE + announced + ":" + to + ":" + account + ":" + step;
    }

    /** The accounts as they were before this move, begun by somebody else, froze them. */
    private List<Account> originals(List<Account> accounts) {
        List<Account> originals = new ArrayList<>();
        for (Account account : accounts) {
            AccountState state = account.state();
            for (int round = 0; round < ROUNDS; round++) {
                for (AccountState before :
                        List.of(AccountState.OPEN, AccountState.DEBIT_FROZEN, AccountState.CREDIT_FROZEN)) {
                    boolean froze = here.outcome(key(account.code(), "freeze." + before + "." + round))
                                    .orElse(null)
                            instanceof Outcome.AccountChanged;
                    state = froze ? before : state;
                }
            }
            originals.add(new Account(account.id(), account.spec(), state, account.openedAt()));
        }
        return originals;
    }

    /** Whether callers hold something; what transactions over shards hold ends by itself. */
    private boolean heldByCallers(List<Account> accounts) {
        return accounts.stream()
                .filter(account -> reserved(List.of(account)))
                .anyMatch(account -> here.pendingOf(account.code(), null, PAGE).orElseThrow().items().stream()
                        .anyMatch(hold -> Marks.of(hold) == null));
    }

    private boolean reserved(List<Account> accounts) {
        return accounts.stream().anyMatch(account -> {
            Balance balance = here.balance(account.code()).orElseThrow();
            return (balance.pendingDebits() | balance.pendingCredits()) != 0;
        });
    }

    /** While the slot is still served: what does not touch its accounts. */
    private void prepare(List<Account> accounts) {
        SlotMap map = routes.current();
        for (Account account : accounts) {
            String parent = account.spec().parent();
            Outcome no = parent == null ? null : Summaries.ensure(shards, to, parent, map);
            if (no != null) {
                throw new IllegalStateException("shard " + to + " cannot open " + parent + ": " + no);
            }
            if (account.isSummary()) {
                Outcome opened = there.execute(new Command.OpenAccount(key(account.code(), "open"), account.spec()));
                require(opened, RejectionReason.ACCOUNT_EXISTS);
            }
        }
        for (Account account : accounts) {
            if (account.spec().currency() != null) {
                for (Map.Entry<Integer, String> own : Map.of(
                                from, Names.transitTo(from, to, account.spec().currency()),
                                to, Names.transitFrom(to, from, account.spec().currency()))
                        .entrySet()) {
                    OwnAccounts.open(
                                    shards.get(own.getKey()),
                                    own.getValue(),
                                    account.spec().currency())
                            .join();
                }
            }
        }
    }

    /** Transactions over shards that are under way end by themselves, in milliseconds, as long as nothing is frozen. */
    private boolean drained(List<Account> accounts) throws InterruptedException {
        long began = ticker.nanos();
        while (reserved(accounts)) {
            if (ticker.nanos() - began > TimeUnit.MILLISECONDS.toNanos(DRAIN_MS)) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(DRAIN_LOOK_MS);
        }
        return true;
    }

    /**
     * Freezes the accounts when nothing is reserved on them. Where something that was under way has come in
     * between, they are thawed for it to end, and frozen again: nothing new comes, since the slot is out of
     * service.
     *
     * @return false when something stays reserved: a caller's hold
     */
    private boolean freeze(List<Account> originals, boolean resumed) throws InterruptedException {
        for (int round = 0; round < ROUNDS; round++) {
            if (!drained(originals) && !frozen(originals)) {
                return false;
            }
            int now = round;
            all(
                    freezable(originals),
                    account -> one(
                            here,
                            new Command.ChangeAccount(
                                    key(account.code(), "freeze." + account.state() + "." + now),
                                    account.code(),
                                    AccountState.FROZEN,
                                    null)),
                    RejectionReason.STATE_CHANGE_NOT_ALLOWED);
            boolean thawedBefore = resumed
                    && freezable(originals).stream()
                            .anyMatch(account -> here.outcome(key(account.code(), "thaw." + now))
                                    .isPresent());
            if (!thawedBefore && !reserved(originals)) {
                return true;
            }
            thaw(originals, now);
        }
        return false;
    }

    private boolean frozen(List<Account> originals) {
        return freezable(originals).stream()
                .anyMatch(account -> here.account(account.code()).orElseThrow().state() == AccountState.FROZEN);
    }

    private static List<Account> freezable(List<Account> originals) {
        return originals.stream()
                .filter(account -> account.state() != AccountState.FROZEN && account.state() != AccountState.CLOSED)
                .toList();
    }

    private void thaw(List<Account> originals, int round) {
        all(
                freezable(originals),
                account -> one(
                        here,
                        new Command.ChangeAccount(
                                key(account.code(), "thaw." + round), account.code(), account.state(), null)),
                RejectionReason.STATE_CHANGE_NOT_ALLOWED);
    }

    /** Something is reserved by a caller: the slot stays, and its accounts are as they were. */
    private void stay(List<Account> originals) throws SQLException {
        if (!directory.revert(slot, from, to)) {
            throw new IllegalStateException("slot " + slot + " was moved by somebody else");
        }
        thaw(originals, ROUNDS);
        routes.refresh();
    }

    /** Opens the accounts where they go, and holds there what they will carry. */
    private List<Carried> hold(List<Account> originals) {
        Map<String, Outcome> opened = new HashMap<>();
        all(
                originals,
                account -> there.submit(new Command.OpenAccount(
                                key(account.code(), "open"), account.spec().bounded(Bounds.NONE)))
                        .thenApply(outcome -> {
                            opened.put(account.code(), outcome);
                            return List.of(outcome);
                        }),
                RejectionReason.ACCOUNT_EXISTS);
        // One that has been there before was left frozen at zero, with the limits of that time.
        all(
                originals.stream()
                        .filter(account -> opened.get(account.code()) instanceof Outcome.Rejected)
                        .filter(account ->
                                there.account(account.code()).orElseThrow().state() != AccountState.CLOSED)
                        .toList(),
                account -> one(
                        there,
                        new Command.ChangeAccount(
                                key(account.code(), "reopen"),
                                account.code(),
                                AccountState.OPEN,
                                account.spec().rule() == BalanceRule.NONE
                                        ? null
                                        : account.spec().overdraftLimit(),
                                Bounds.NONE)));
        List<Carried> carried = new ArrayList<>();
        for (Account account : originals) {
            carried.add(new Carried(account, net(account)));
        }
        all(moving(carried), item -> {
            String transit = Names.transitFrom(to, from, currency(item));
            boolean debits = item.net() > 0;
            return one(
                    there,
                    new Command.Hold(
                            key(item.account().code(), "hold"),
                            debits ? item.account().code() : transit,
                            debits ? transit : item.account().code(),
                            amount(item),
                            null,
                            Details.reference("moved here from shard " + from)));
        });
        return carried;
    }

    /** What the account carries: its balance, or, once that may have left, what is held for it. */
    private long net(Account account) {
        if (there.outcome(key(account.code(), "hold")).orElse(null) instanceof Outcome.Held held) {
            PendingTransaction hold = held.pending();
            long amount = hold.amount().minorUnits();
            return hold.debitAccount().equals(account.code()) ? amount : -amount;
        }
        Balance balance = here.balance(account.code()).orElseThrow();
        return balance.debits() - balance.credits();
    }

    /** What stands in the journals of it, for whoever reads them as one. */
    private List<Carry> carries(Map<Carried, List<Outcome>> left, Map<Carried, List<Outcome>> arrived) {
        List<Carry> carries = new ArrayList<>();
        left.forEach((item, outcomes) -> carries.add(new Carry(
                item.account().code(),
                currency(item),
                item.net(),
                entry(from, outcomes),
                entry(to, arrived.getOrDefault(item, List.of())))));
        return carries;
    }

    private static Carry.Entry entry(int shard, List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome instanceof Outcome.Posted(Transaction posted, boolean ignored)) {
                return new Carry.Entry(shard, posted.id(), posted.bookingDate());
            }
        }
        throw new IllegalStateException("a step of a move posted nothing: " + outcomes);
    }

    private Map<Carried, List<Outcome>> leave(List<Carried> carried) {
        return all(moving(carried), item -> {
            String code = item.account().code();
            String transit = Names.transitTo(from, to, currency(item));
            boolean debits = item.net() > 0;
            boolean bounded = !item.account().spec().bounds().equals(Bounds.NONE);
            return here.submitLinked(List.of(
                    new Command.ChangeAccount(
                            key(code, "leave.open"), code, AccountState.OPEN, null, bounded ? Bounds.NONE : null),
                    new Command.Transfer(
                            key(code, "leave"),
                            debits ? transit : code,
                            debits ? code : transit,
                            amount(item),
                            Details.reference("moved to shard " + to)),
                    new Command.ChangeAccount(key(code, "left"), code, AccountState.FROZEN, null)));
        });
    }

    private Map<Carried, List<Outcome>> arrive(List<Carried> carried) {
        Map<Carried, List<Outcome>> arrived = all(moving(carried), item -> {
            Outcome held = there.outcome(key(item.account().code(), "hold")).orElseThrow();
            return one(
                    there,
                    new Command.PostPending(
                            key(item.account().code(), "arrive"),
                            ((Outcome.Held) held).pending().id(),
                            null,
                            false,
                            Details.reference("moved here from shard " + from)));
        });
        all(
                carried.stream()
                        .map(Carried::account)
                        .filter(account -> account.state() != AccountState.OPEN
                                || !account.spec().bounds().equals(Bounds.NONE))
                        .filter(account ->
                                there.account(account.code()).orElseThrow().state() != AccountState.CLOSED)
                        .toList(),
                account -> one(
                        there,
                        new Command.ChangeAccount(
                                key(account.code(), "settle"),
                                account.code(),
                                account.state() == AccountState.OPEN ? null : account.state(),
                                null,
                                account.spec().bounds().equals(Bounds.NONE)
                                        ? null
                                        : account.spec().bounds())));
        return arrived;
    }

    private static List<Carried> moving(List<Carried> carried) {
        return carried.stream().filter(item -> item.net() != 0).toList();
    }

    private static org.exchequer.kernel.Currency currency(Carried item) {
        AccountSpec spec = item.account().spec();
        if (spec.currency() == null) {
            throw new IllegalStateException(spec.code() + " is a summary account");
        }
        return spec.currency();
    }

    private static Money amount(Carried item) {
        return new Money(Math.absExact(item.net()), currency(item));
    }

    private static CompletableFuture<List<Outcome>> one(Ledger ledger, Command command) {
        return ledger.submit(command).thenApply(List::of);
    }

    private <T> Map<T, List<Outcome>> all(List<T> items, Function<T, CompletableFuture<List<Outcome>>> step) {
        return all(items, step, null);
    }

    /** Does a step for all items at once, and again for those that got no answer; returns what each was answered. */
    private <T> Map<T, List<Outcome>> all(
            List<T> items, Function<T, CompletableFuture<List<Outcome>>> step, @Nullable RejectionReason fine) {
        Map<T, List<Outcome>> answered = new LinkedHashMap<>();
        List<T> open = items;
        for (int tries = 0; !open.isEmpty(); tries++) {
            if (tries == TRIES) {
                throw new LedgerUnavailableException("shards do not answer; the move of slot " + slot + " waits");
            }
            if (tries > 0) {
                pause();
            }
            List<CompletableFuture<List<Outcome>>> answers =
                    open.stream().map(step).toList();
            List<T> left = new ArrayList<>();
            for (int i = 0; i < answers.size(); i++) {
                List<Outcome> outcomes = answers.get(i).join();
                answered.put(open.get(i), outcomes);
                for (Outcome outcome : outcomes) {
                    if (outcome instanceof Outcome.Refused || outcome instanceof Outcome.Unknown) {
                        left.add(open.get(i));
                        break;
                    }
                    require(outcome, fine);
                }
            }
            open = left;
        }
        return answered;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(TRY_MS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailableException("interrupted");
        }
    }

    private static void require(Outcome outcome, @Nullable RejectionReason fine) {
        if (outcome instanceof Outcome.Rejected no && no.reason() != fine) {
            throw new IllegalStateException("a step of a move was rejected: " + no);
        }
    }
}
