package org.exchequer.shards;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.BalanceSheet;
import org.exchequer.ledger.api.BetweenShards;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayBalance;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.IncomeStatement;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Page;
import org.exchequer.ledger.api.PendingTransaction;
import org.exchequer.ledger.api.Period;
import org.exchequer.ledger.api.Rollup;
import org.exchequer.ledger.api.StatementLine;
import org.exchequer.ledger.api.Transaction;
import org.exchequer.ledger.api.TrialBalance;
import org.exchequer.platform.faults.Faults;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Carries;
import org.exchequer.shards.core.Globals;
import org.exchequer.shards.core.Ids;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Names.PartKey;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.Reports;
import org.exchequer.shards.core.Rollups;
import org.exchequer.shards.core.SlotMap;
import org.jspecify.annotations.Nullable;

/**
 * One ledger over several, each with its own database, writer, journal and hash chain. A posting account lives on one
 * shard, by the hash of its code; a summary account on every shard that has accounts under it.
 *
 * <p>A command whose accounts are on one shard goes to it as it is. A transfer or posting over several is carried
 * out by holds on each of them ({@link Drive}); {@code docs/concepts/shards.md} has the whole story, with what is
 * offered on one shard only.
 *
 * <p>Reads of one account, transaction, hold or adjustment are what {@link Ledger} promises. Lists and reports over all
 * shards put together what each says at a position of its own, so one over shards that are being posted to may show a
 * transaction on one side only; what is in transit makes up the difference, and every shard ties out by itself.
 */
public final class ShardedLedger implements Ledger {
    private static final int MOST_TRIES = 100;
    private static final long TRY_MS = 50;
    /** Postings read for one page, whatever they turn out to be. */
    private static final int MOST_READ = 10_000;

    private final List<Shard> shards;
    private final Routes routes;
    private final Journals journals;
    private final Earlier earlier;
    private final Router router;

    /**
     * @param shards in the order of their numbers, from 0
     * @param limit how long a transaction over several shards may stay undecided: whole seconds
     */
    public ShardedLedger(List<Shard> shards, Routes routes, Faults faults, Duration limit) {
        this.shards = List.copyOf(shards);
        this.routes = routes;
        this.journals = new Journals(this.shards);
        OwnAccounts accounts = new OwnAccounts();
        this.earlier = new Earlier(this.shards, journals, accounts, faults, limit);
        this.router = new Router(this.shards, routes, journals, accounts, earlier, faults, limit);
    }

    @Override
    public CompletableFuture<Outcome> submit(Command command) {
        CompletableFuture<Outcome> answer = router.submit(command);
        // Only of an account that has moved is there more to say; such commands never end on a ledger's own thread.
        return command instanceof Command.ChangeAccount change
                        && !formerHomes(change.account()).isEmpty()
                ? answer.thenApply(outcome -> outcome instanceof Outcome.AccountChanged changed
                        ? new Outcome.AccountChanged(first(changed.account()), changed.sequence(), changed.replayed())
                        : outcome)
                : answer;
    }

    @Override
    public CompletableFuture<List<Outcome>> submitLinked(List<Command> commands) {
        return router.submitLinked(commands);
    }

    @Override
    public Optional<Outcome> outcome(String key) {
        return earlier.outcome(key);
    }

    @Override
    public Optional<Account> account(String code) {
        return owned(code, (shard, ledger) -> ledger.account(code).map(a -> Globals.account(shard, a)))
                .map(this::first);
    }

    /** An account with the number and time of its first opening, before it moved. */
    private Account first(Account account) {
        Account first = account;
        for (int shard : formerHomes(account.code())) {
            Optional<Account> former =
                    shards.get(shard).ledger().account(account.code()).map(a -> Globals.account(shard, a));
            first = former.filter(other -> other.openedAt().isBefore(account.openedAt()))
                    .orElse(first);
        }
        return new Account(first.id(), account.spec(), account.state(), first.openedAt());
    }

    /** Shards that an account's slot was on before, and is not now. */
    private List<Integer> formerHomes(String account) {
        return Names.isOwnAccount(account)
                ? List.of()
                : homes(account).stream().skip(1).toList();
    }

    /** Each account once: where it lives. Those in transit only when they are asked for. */
    @Override
    public Page<Account> accounts(String prefix, @Nullable String cursor, int limit) {
        SlotMap map = routes.current();
        List<Account> found = new ArrayList<>();
        String from = cursor;
        do {
            Page<Account> page = Merge.page(
                    shards,
                    from,
                    limit - found.size(),
                    (ledger, place, most) -> ledger.accounts(prefix, place, most),
                    Comparator.comparing(Account::code),
                    Globals::account);
            page.items().stream()
                    .filter(account -> shardOf(account) == home(account.code(), map))
                    .filter(account -> prefix.startsWith(Names.OWN_ACCOUNT) || !Names.isOwnAccount(account.code()))
                    .map(this::first)
                    .forEach(found::add);
            from = page.next();
        } while (from != null && found.size() < limit);
        return new Page<>(List.copyOf(found), from);
    }

    private static int shardOf(Account account) {
        return Ids.shard(account.id());
    }

    private static int home(String code, SlotMap map) {
        return Names.isOwnAccount(code) ? Names.shardOf(code) : map.shard(code);
    }

    @Override
    public Optional<Balance> balance(String account) {
        return balance(account, AsOf.NOW);
    }

    /** Where it lives, and what happened where it lived before; without what moves have carried. */
    @Override
    public Optional<Balance> balance(String account, AsOf asOf) {
        List<At<Balance>> found = everLived(account, (shard, ledger) -> ledger.balance(account, asOf));
        if (found.size() == 1) {
            At<Balance> only = found.getFirst();
            return Optional.of(Globals.balance(only.shard(), only.value()));
        }
        Carries carries = routes.carries();
        return found.stream()
                .map(at -> Globals.balance(at.shard(), carries.without(at.shard(), at.value(), asOf)))
                .reduce(Reports::sum);
    }

    @Override
    public Optional<List<Rollup>> rollUp(String account, AsOf asOf) {
        List<List<Rollup>> found = new ArrayList<>();
        for (Shard shard : shards) {
            shard.ledger().rollUp(account, asOf).ifPresent(found::add);
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        routes.refresh();
        List<Rollup> sums = Reports.rollUp(found);
        return account(account)
                .map(top -> new Rollups(this::account, routes.carries()).without(sums, top, asOf))
                .or(() -> Optional.of(sums));
    }

    @Override
    public Optional<List<DayBalance>> history(String account, LocalDate from, LocalDate to) {
        List<At<List<DayBalance>>> found = everLived(account, (shard, ledger) -> ledger.history(account, from, to));
        if (found.size() < 2) {
            return found.stream().map(At::value).findFirst();
        }
        Balance before = balance(account, AsOf.booking(from.minusDays(1))).orElseThrow();
        return Optional.of(Reports.history(
                found.stream().map(At::value).toList(), routes.carries().of(account), before, from, to));
    }

    /**
     * The shard that has the account now, then those that had it; the cursor names the shard it goes on at. Without the
     * lines by which it was carried from one to the other, which leave its balance where it was.
     */
    @Override
    public Optional<Page<StatementLine>> statement(String account, Period period, @Nullable String cursor, int limit) {
        List<StatementLine> lines = new ArrayList<>();
        String from = cursor;
        do {
            Optional<Page<StatementLine>> page = lines(account, period, from, limit - lines.size());
            if (page.isEmpty()) {
                return Optional.empty();
            }
            Carries carries = routes.carries();
            page.get().items().stream()
                    .filter(line -> !carries.has(line.transactionId()))
                    .forEach(lines::add);
            from = page.get().next();
        } while (from != null && lines.size() < limit);
        return Optional.of(new Page<>(List.copyOf(lines), from));
    }

    private Optional<Page<StatementLine>> lines(String account, Period period, @Nullable String cursor, int limit) {
        List<Integer> homes = homes(account);
        int at = 0;
        String inner = cursor;
        if (cursor != null && cursor.matches("[0-9]{1,2}/.*")) {
            at = homes.indexOf(Integer.parseInt(cursor.substring(0, cursor.indexOf('/'))));
            inner = cursor.substring(cursor.indexOf('/') + 1);
            inner = inner.isEmpty() ? null : inner;
        }
        if (at < 0) {
            throw new FieldError("cursor", "must be the value of 'next' from the page before");
        }
        int shard = homes.get(at);
        String place = inner;
        Optional<Page<StatementLine>> page = at == 0
                ? owned(account, (owner, ledger) -> ledger.statement(account, period, place, limit))
                : shards.get(shard).ledger().statement(account, period, place, limit);
        int then = at + 1;
        return page.map(lines -> new Page<>(
                lines.items().stream().map(line -> Globals.line(shard, line)).toList(),
                lines.next() != null
                        ? shard + "/" + lines.next()
                        : then < homes.size() ? homes.get(then) + "/" : null));
    }

    @Override
    public Optional<Transaction> transaction(long id) {
        if (Ids.shard(id) >= shards.size()) {
            return Optional.empty();
        }
        int shard = Ids.shard(id);
        return shards.get(shard)
                .ledger()
                .transaction(Ids.local(id))
                .map(posting -> whole(Globals.transaction(shard, posting)));
    }

    /** A transaction over several shards as its caller knows it, by any of its parts. */
    private Transaction whole(Transaction posting) {
        PartKey part = Names.part(posting.key());
        return part == null ? posting : journals.whole(part).orElse(posting);
    }

    /**
     * The numbers of all postings that a transaction consists of, by any of them: each stands in its shard's journal,
     * and is proved there.
     *
     * @return the coordinator's first; the number itself where nothing more is known
     */
    public List<Long> parts(long id) {
        if (Ids.shard(id) >= shards.size()) {
            return List.of(id);
        }
        return shards.get(Ids.shard(id))
                .ledger()
                .transaction(Ids.local(id))
                .map(Transaction::key)
                .map(Names::part)
                .map(journals::parts)
                .filter(parts -> !parts.isEmpty())
                .orElse(List.of(id));
    }

    /**
     * Whether a posting stands for its transaction in lists: of one over several shards only the decision does, and
     * what a move carried is none.
     */
    private static boolean stands(Transaction posting) {
        PartKey part = Names.part(posting.key());
        return part == null
                ? !BetweenShards.isMove(posting.key())
                : part.item() == 0 && posting.key().indexOf('.') < 0;
    }

    /** A list's next page of so many: what does not stand for a transaction is made up for by what follows. */
    @FunctionalInterface
    private interface Following {
        Page<Transaction> after(@Nullable String cursor, int limit);
    }

    private Page<Transaction> listed(@Nullable String cursor, int limit, Following list) {
        List<Transaction> found = new ArrayList<>();
        String from = cursor;
        int read = 0;
        do {
            Page<Transaction> page = list.after(from, limit - found.size());
            page.items().stream().filter(ShardedLedger::stands).map(this::whole).forEach(found::add);
            read += Math.max(page.items().size(), 1);
            from = page.next();
        } while (from != null && found.size() < limit && read < MOST_READ);
        return new Page<>(List.copyOf(found), from);
    }

    @Override
    public Page<Transaction> byReference(String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        return listed(
                cursor,
                limit,
                (from, most) -> Merge.page(
                        shards,
                        from,
                        most,
                        (ledger, place, count) -> ledger.byReference(referenceOrCorrelationId, place, count),
                        Comparator.comparing(Transaction::bookedAt),
                        Globals::transaction));
    }

    @Override
    public Page<Transaction> latest(@Nullable String cursor, int limit) {
        return listed(
                cursor,
                limit,
                (from, most) -> Merge.page(
                        shards,
                        from,
                        most,
                        Ledger::latest,
                        Comparator.comparing(Transaction::bookedAt).reversed(),
                        Globals::transaction));
    }

    /** Journal by journal, the first shard's first: there is no order over several. */
    @Override
    public Page<Transaction> transactions(long after, int limit) {
        int shard = Ids.shard(after);
        if (shard >= shards.size()) {
            return new Page<>(List.of(), null);
        }
        Page<Transaction> page = shards.get(shard).ledger().transactions(Ids.local(after), limit);
        String next = page.next();
        return new Page<>(
                page.items().stream()
                        .map(t -> Globals.transaction(shard, t))
                        .filter(ShardedLedger::stands)
                        .map(this::whole)
                        .toList(),
                next != null
                        ? Long.toString(Ids.global(shard, Long.parseLong(next)))
                        : shard + 1 < shards.size() ? Long.toString(Ids.global(shard + 1, 0)) : null);
    }

    @Override
    public List<Long> reversalsOf(long transactionId) {
        List<Long> found = new ArrayList<>(byId(transactionId, Ledger::reversalsOf, List.of()));
        transaction(transactionId)
                .flatMap(whole -> Reversals.of(whole.id(), journals))
                .ifPresent(reversal -> found.add(reversal.id()));
        return List.copyOf(found);
    }

    @Override
    public List<Outcome> linked(long linkedTo) {
        if (Ids.shard(linkedTo) >= shards.size()) {
            return List.of();
        }
        int shard = Ids.shard(linkedTo);
        return shards.get(shard).ledger().linked(Ids.local(linkedTo)).stream()
                .map(outcome -> Globals.outcome(shard, outcome))
                .toList();
    }

    @Override
    public Optional<PendingTransaction> pending(long id) {
        return Ids.shard(id) >= shards.size()
                ? Optional.empty()
                : shards.get(Ids.shard(id))
                        .ledger()
                        .pending(Ids.local(id))
                        .map(hold -> Globals.pending(Ids.shard(id), hold));
    }

    @Override
    public Page<PendingTransaction> pending(
            boolean openOnly, @Nullable String referenceOrCorrelationId, @Nullable String cursor, int limit) {
        List<PendingTransaction> found = new ArrayList<>();
        String from = cursor;
        do {
            Page<PendingTransaction> page = Merge.page(
                    shards,
                    from,
                    limit - found.size(),
                    (ledger, place, most) -> ledger.pending(openOnly, referenceOrCorrelationId, place, most),
                    Comparator.comparing(PendingTransaction::createdAt).reversed(),
                    Globals::pending);
            page.items().stream()
                    .filter(hold -> !BetweenShards.isMove(hold.key()))
                    .forEach(found::add);
            from = page.next();
        } while (from != null && found.size() < limit);
        return new Page<>(List.copyOf(found), from);
    }

    @Override
    public Optional<Page<PendingTransaction>> pendingOf(String account, @Nullable String cursor, int limit) {
        return owned(
                account,
                (shard, ledger) -> ledger.pendingOf(account, cursor, limit)
                        .map(page -> new Page<>(
                                page.items().stream()
                                        .map(hold -> Globals.pending(shard, hold))
                                        .toList(),
                                page.next())));
    }

    @Override
    public List<Long> postingsOf(long pendingId) {
        return byId(pendingId, (ledger, id) -> ledger.postingsOf(id), List.of());
    }

    @Override
    public Optional<Adjustment> adjustment(long id) {
        return Ids.shard(id) >= shards.size()
                ? Optional.empty()
                : shards.get(Ids.shard(id))
                        .ledger()
                        .adjustment(Ids.local(id))
                        .map(adjustment -> Globals.adjustment(Ids.shard(id), adjustment));
    }

    @Override
    public Page<Adjustment> adjustments(boolean openOnly, @Nullable String cursor, int limit) {
        return Merge.page(
                shards,
                cursor,
                limit,
                (ledger, place, most) -> ledger.adjustments(openOnly, place, most),
                Comparator.comparing(Adjustment::proposedAt).reversed(),
                Globals::adjustment);
    }

    @Override
    public TrialBalance trialBalance(AsOf asOf) {
        List<TrialBalance> balances = all(ledger -> ledger.trialBalance(asOf));
        // What had moved by then is known to the directory by now.
        routes.refresh();
        SlotMap map = routes.current();
        return Reports.trialBalance(balances, asOf, routes.carries(), account -> home(account, map));
    }

    @Override
    public BalanceSheet balanceSheet(AsOf asOf) {
        return Reports.balanceSheet(all(ledger -> ledger.balanceSheet(asOf)), asOf);
    }

    @Override
    public IncomeStatement incomeStatement(LocalDate from, LocalDate to, AsOf.Basis basis) {
        return Reports.incomeStatement(all(ledger -> ledger.incomeStatement(from, to, basis)));
    }

    /** The latest that any shard books into: while a day is being closed, shards differ for a moment. */
    @Override
    public LocalDate businessDate() {
        return all(Ledger::businessDate).stream().max(Comparator.naturalOrder()).orElseThrow();
    }

    /** By the first shard, which closes a day last. */
    @Override
    public Page<DayClose> closes(@Nullable String cursor, int limit) {
        return shards.getFirst().ledger().closes(cursor, limit);
    }

    /** How many commands all journals hold; no position, since there is no journal over several shards. */
    @Override
    public long lastSequence() {
        return all(Ledger::lastSequence).stream().mapToLong(Long::longValue).sum();
    }

    private <T> List<T> all(Function<Ledger, T> read) {
        return shards.stream().map(shard -> read.apply(shard.ledger())).toList();
    }

    @FunctionalInterface
    private interface Read<T> {
        Optional<T> of(int shard, Ledger ledger);
    }

    @FunctionalInterface
    private interface ById<T> {
        T of(Ledger ledger, long id);
    }

    /** Ids that belong together, such as a hold's postings, are on one shard. */
    private List<Long> byId(long id, ById<List<Long>> read, List<Long> otherwise) {
        int shard = Ids.shard(id);
        return shard >= shards.size()
                ? otherwise
                : read.of(shards.get(shard).ledger(), Ids.local(id)).stream()
                        .map(found -> Ids.global(shard, found))
                        .toList();
    }

    /**
     * Reads an account where it lives. While its slot is announced to move, or when the map may be old, the
     * directory is asked after the read whether it was there still: a balance of zero on the shard that it has left
     * is no answer.
     */
    private <T> Optional<T> owned(String account, Read<T> read) {
        if (Names.isOwnAccount(account)) {
            int shard = Names.shardOf(account);
            return shard < 0 || shard >= shards.size()
                    ? Optional.empty()
                    : read.of(shard, shards.get(shard).ledger());
        }
        int slot = Placement.slot(account);
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            SlotMap map = routes.current();
            SlotMap.Slot known = map.slot(slot);
            if (known.state() != SlotMap.State.MOVING) {
                Optional<T> found =
                        read.of(known.shard(), shards.get(known.shard()).ledger());
                boolean sure = routes.isFresh() && known.state() == SlotMap.State.SETTLED;
                if (sure || routes.slot(slot).equals(known)) {
                    return found;
                }
            }
            try {
                routes.await(map, TRY_MS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                break;
            }
            routes.refresh();
        }
        throw new LedgerUnavailableException("account " + account + " is moving to another shard; ask again shortly");
    }

    /** The shard that has the account, then those that had it, the latest first. */
    private List<Integer> homes(String account) {
        if (Names.isOwnAccount(account)) {
            return List.of(Math.max(0, Names.shardOf(account)));
        }
        int slot = Placement.slot(account);
        SlotMap map = routes.current();
        List<Integer> homes = new ArrayList<>(List.of(map.slot(slot).shard()));
        map.former(slot).stream()
                .map(SlotMap.Former::shard)
                .filter(shard -> !homes.contains(shard))
                .forEach(homes::add);
        return homes;
    }

    /** What a shard said. */
    private record At<T>(int shard, T value) {}

    /** From where the account lives, first, and from where it lived before; empty when there is none such. */
    private <T> List<At<T>> everLived(String account, Read<T> read) {
        List<At<T>> found = new ArrayList<>();
        owned(account, (shard, ledger) -> read.of(shard, ledger).map(value -> new At<>(shard, value)))
                .ifPresent(found::add);
        for (int shard : found.isEmpty() ? List.<Integer>of() : homes(account)) {
            if (shard != found.getFirst().shard()) {
                read.of(shard, shards.get(shard).ledger()).ifPresent(value -> found.add(new At<>(shard, value)));
            }
        }
        return found;
    }
}
