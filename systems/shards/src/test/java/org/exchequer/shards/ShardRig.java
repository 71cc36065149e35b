package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Placement;
import org.exchequer.shards.core.SlotMap;
import org.exchequer.shards.jobs.Resolver;
import org.exchequer.shards.store.Directory;

/** A ledger of several shards on real databases, with short names for what tests do all the time. */
final class ShardRig implements AutoCloseable {
    static final Currency EUR = Currency.of("EUR");
    private static final AtomicLong KEYS = new AtomicLong();

    final Duration limit;
    final List<DatabaseAddress> databases;
    final List<TestLedger> ledgers = new ArrayList<>();
    final List<Shard> shards = new ArrayList<>();
    final Faults faults = new Faults();
    final Database database;
    final Directory directory;
    final Routes routes;
    final ShardedLedger ledger;
    final Resolver resolver;

    private ShardRig(List<DatabaseAddress> databases, Duration limit) throws SQLException {
        this.limit = limit;
        this.databases = databases;
        for (int i = 0; i < databases.size(); i++) {
            TestLedger shard = TestLedger.on(databases.get(i), "node");
            ledgers.add(shard);
            shards.add(new Shard(i, "s" + i, shard.api()));
        }
        database = Database.open(databases.getFirst(), "shards", new SimpleMeterRegistry(), OpenTelemetry.noop());
        directory = new Directory(database.dataSource());
        Setup.prepare(directory, shards);
        routes = new Routes(directory, Ticker.system());
        ledger = new ShardedLedger(shards, routes, faults, limit);
        resolver = new Resolver(
                shards,
                new Journals(shards),
                faults,
                Ticker.system(),
                new SimpleMeterRegistry(),
                limit,
                Duration.ofMillis(100));
    }

    /** On databases of one cluster. */
    static ShardRig of(int shards) throws SQLException {
        List<DatabaseAddress> databases = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            databases.add(TestPostgres.freshDatabase());
        }
        return new ShardRig(databases, Duration.ofSeconds(10));
    }

    /** On these, with the shortest limit there is for transactions in doubt. */
    static ShardRig on(List<DatabaseAddress> databases) throws SQLException {
        return new ShardRig(databases, Duration.ofSeconds(1));
    }

    static String key() {
        return "k" + KEYS.incrementAndGet();
    }

    static Money eur(long cents) {
        return new Money(cents, EUR);
    }

    /** The code of an account that lives on this shard by the map as a new directory begins. */
    String code(String name, int shard) {
        for (int i = 0; ; i++) {
            String code = name + "." + i;
            if (routes.current().shard(code) == shard) {
                return code;
            }
        }
    }

    /** Opens a deposit account on this shard, that may not be overdrawn. */
    String deposit(String name, int shard) {
        return open(AccountSpec.posting(code(name, shard), name, AccountType.LIABILITY, EUR, null)
                .limited(BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS, 0));
    }

    /** Opens an account on this shard without a rule. */
    String cash(String name, int shard) {
        return open(AccountSpec.posting(code(name, shard), name, AccountType.ASSET, EUR, null));
    }

    String open(AccountSpec spec) {
        assertThat(ledger.execute(new Command.OpenAccount(key(), spec))).isInstanceOf(Outcome.AccountChanged.class);
        return spec.code();
    }

    static Command.Transfer transfer(String key, String debit, String credit, long cents) {
        return new Command.Transfer(key, debit, credit, eur(cents), Details.NONE);
    }

    Outcome.Posted expectPosted(Command command) {
        Outcome outcome = ledger.execute(command);
        assertThat(outcome).isInstanceOf(Outcome.Posted.class);
        return (Outcome.Posted) outcome;
    }

    Outcome.Rejected expectRejected(Command command) {
        Outcome outcome = ledger.execute(command);
        assertThat(outcome).isInstanceOf(Outcome.Rejected.class);
        return (Outcome.Rejected) outcome;
    }

    long posted(String account) {
        return ledger.balance(account).orElseThrow().posted().minorUnits();
    }

    /** Another node's view of the same shards. */
    ShardedLedger otherNode(Faults itsFaults) {
        return new ShardedLedger(shards, routes, itsFaults, limit);
    }

    /** Every shard's own invariants, and those over all. */
    void assertInvariantsHold() {
        ledgers.forEach(TestLedger::assertInvariantsHold);
        assertThat(GlobalInvariants.check(shards))
                .allSatisfy(finding ->
                        assertThat(finding.holds()).as(finding.toString()).isTrue());
    }

    static int slot(String account) {
        return Placement.slot(account);
    }

    SlotMap map() {
        return routes.current();
    }

    Ledger shard(int index) {
        return shards.get(index).ledger();
    }

    @Override
    public void close() {
        resolver.close();
        routes.close();
        database.close();
        ledgers.forEach(TestLedger::close);
    }
}
