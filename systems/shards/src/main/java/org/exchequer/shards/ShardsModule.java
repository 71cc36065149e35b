package org.exchequer.shards;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.exchequer.ledger.api.Account;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.platform.module.Route;
import org.exchequer.shards.api.InDoubt;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.api.Shards;
import org.exchequer.shards.core.Names;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.edge.http.ShardsDoor;
import org.exchequer.shards.jobs.Mover;
import org.exchequer.shards.jobs.Resolver;
import org.exchequer.shards.store.Directory;
import org.jspecify.annotations.Nullable;

/**
 * Makes several ledgers one. Needs them, and a database for the directory (that of the first shard will do); offers
 * {@link #ledger}, and {@link Shards} for those who run it.
 */
public final class ShardsModule implements Shards, AutoCloseable {
    /** How long a transaction over several shards may stay undecided. */
    public static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int PAGE = 500;

    private final List<Shard> shards;
    private final Foundation foundation;
    private final Database database;
    private final Duration limit;
    private final Routes routes;
    private final ShardedLedger ledger;
    private final Resolver resolver;
    private final Mover mover;

    private ShardsModule(Foundation foundation, List<Shard> shards, Database database, Duration limit)
            throws SQLException {
        this.foundation = foundation;
        this.shards = List.copyOf(shards);
        this.database = database;
        this.limit = limit;
        Directory directory = new Directory(database.dataSource());
        Setup.prepare(directory, shards);
        this.routes = new Routes(directory, foundation.ticker());
        this.ledger = new ShardedLedger(shards, routes, foundation.faults(), limit);
        Journals journals = new Journals(shards);
        this.resolver = new Resolver(
                shards, journals, foundation.faults(), foundation.ticker(), foundation.meters(), limit, LOOK);
        this.mover = new Mover(shards, directory, routes, foundation.faults(), foundation.ticker());
    }

    /**
     * Starts. Blocks until the directory is there and each shard is known to be what it is given as.
     *
     * @param shards in the order of their numbers; started
     * @throws Setup.WrongShardException when one of them cannot be the shard that it is given as
     */
    public static ShardsModule start(Foundation foundation, List<Shard> shards) {
        return start(foundation, shards, LIMIT);
    }

    /** With another limit: whole seconds, 1 at least. */
    public static ShardsModule start(Foundation foundation, List<Shard> shards, Duration limit) {
        Database database = Database.open(foundation.database(), "shards", foundation.meters(), foundation.telemetry());
        try {
            ShardsModule module = new ShardsModule(foundation, shards, database, limit);
            module.resolver.start();
            return module;
        } catch (SQLException e) {
            database.close();
            throw new LedgerUnavailableException("the directory of shards does not answer", e);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** The ledger over all shards. */
    public ShardedLedger ledger() {
        return ledger;
    }

    @Override
    public List<View> shards() {
        SlotMap map = routes.current();
        int[] slots = new int[shards.size()];
        int[] moving = new int[shards.size()];
        for (int slot = 0; slot < Placement.SLOTS; slot++) {
            slots[map.slot(slot).shard()]++;
            moving[map.slot(slot).shard()] += map.slot(slot).state() == SlotMap.State.SETTLED ? 0 : 1;
        }
        List<View> views = new ArrayList<>();
        for (Shard shard : shards) {
            long position = -1;
            Map<String, Long> sent = Map.of();
            try {
                sent = netSent(shard);
                position = shard.ledger().lastSequence();
            } catch (LedgerUnavailableException away) {
                sent = Map.of();
            }
            views.add(
                    new View(shard.index(), shard.name(), slots[shard.index()], moving[shard.index()], position, sent));
        }
        return views;
    }

    @Override
    public Place place(String account) {
        AccountSpec.requireCode("account", account);
        if (Names.isOwnAccount(account)) {
            throw new FieldError("account", "must not begin with " + Names.OWN_ACCOUNT + ", which is the ledger's own");
        }
        int shard = routes.current().shard(account);
        return new Place(Placement.slot(account), shard, shards.get(shard).name());
    }

    private static Map<String, Long> netSent(Shard shard) {
        Map<String, Long> sums = new TreeMap<>();
        for (Account account :
                shard.ledger().accounts(Names.OWN_ACCOUNT, null, PAGE).items()) {
            if (!account.isSummary()) {
                Balance balance = shard.ledger().balance(account.code()).orElseThrow();
                sums.merge(balance.currency().code(), balance.credits() - balance.debits(), Math::addExact);
            }
        }
        return sums;
    }

    @Override
    public long version() {
        return routes.current().version();
    }

    @Override
    public List<InDoubt> inDoubt() {
        return resolver.inDoubt();
    }

    @Override
    public Duration limit() {
        return limit;
    }

    @Override
    public Move move(int from, int to, int slots) {
        requireShard("from", from);
        requireShard("to", to);
        if (from == to) {
            throw new FieldError("to", "must be another shard than 'from'");
        }
        if (slots < 1 || slots > Placement.SLOTS) {
            throw new FieldError("slots", "must be 1 to " + Placement.SLOTS);
        }
        return mover.begin(from, to, slots);
    }

    private void requireShard(String field, int index) {
        if (index < 0 || index >= shards.size()) {
            throw new FieldError(field, "must be the number of a shard, 0 to " + (shards.size() - 1));
        }
    }

    @Override
    public @Nullable Move lastMove() {
        return mover.last();
    }

    /** What must hold over all shards, checked now. */
    public List<InvariantResult> checkInvariants() {
        try {
            return GlobalInvariants.check(shards).stream()
                    .map(finding -> new InvariantResult(
                            finding.statement(),
                            finding.holds(),
                            finding.checked(),
                            "accounts",
                            foundation.clock().instant(),
                            finding.detail()))
                    .toList();
        } catch (LedgerUnavailableException e) {
            return List.of(new InvariantResult(
                    "invariants over all shards can be checked",
                    false,
                    0,
                    "",
                    foundation.clock().instant(),
                    "not checked: " + e.getMessage()));
        }
    }

    /** The REST door. */
    public List<Object> controllers() {
        return List.of(new ShardsDoor(this));
    }

    public List<Route> routes() {
        return ShardsDoor.routes();
    }

    @Override
    public void close() {
        mover.close();
        resolver.close();
        routes.close();
        database.close();
    }
}
