package org.exchequer.bench;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.exchequer.bench.Load.Plan;
import org.exchequer.bench.Load.Result;
import org.exchequer.bench.Load.Spread;
import org.exchequer.kernel.Currency;
import org.exchequer.kernel.Money;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.Command.Transfer;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.infra.EmbeddedPostgres;
import org.exchequer.platform.module.Foundation;
import org.exchequer.platform.module.InvariantResult;
import org.exchequer.shards.ShardsModule;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.SlotMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench shards}: a ledger of one shard, one of two with so many transfers between them, and the same
 * transfers in SQL by {@code PREPARE TRANSACTION} on both clusters. Turn about, so that each has the same machine.
 */
@Command(
        name = "shards",
        mixinStandardHelpOptions = true,
        description = "Measures a ledger of two shards beside one of one, and beside PREPARE TRANSACTION in SQL.")
final class ShardsBench implements Callable<Integer> {
    private static final Money CENT = new Money(1, Currency.of("EUR"));
    private static final int SQL_CALLERS = 64;
    private static final List<Integer> CROSSING = List.of(0, 10, 50, 100);

    @Option(names = "--quick", description = "three seconds each, twice, instead of ten seconds, three times")
    private boolean quick;

    @Option(names = "--accounts", description = "(default ${DEFAULT-VALUE})")
    private int accounts = 10_000;

    @Option(names = "--in-flight", description = "callers at once (default ${DEFAULT-VALUE})")
    private int inFlight = 4_096;

    private final Report report = new Report(System.out);
    private final Map<String, Result> sums = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        report.machine();
        Path folder = Files.createTempDirectory("exchequer-bench-shards");
        try (EmbeddedPostgres one = cluster(folder.resolve("one"));
                EmbeddedPostgres two = cluster(folder.resolve("two"))) {
            boolean holds = on(one.address(), two.address());
            return holds ? 0 : 1;
        } finally {
            Bed.delete(folder);
        }
    }

    /** Prepared transactions are off by default; turning them on needs a restart. */
    private static EmbeddedPostgres cluster(Path folder) throws Exception {
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
                Connection connection = connect(first.address());
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER SYSTEM SET max_prepared_transactions = 128");
        }
        return EmbeddedPostgres.start(folder, Ticker.system(), System.out::println);
    }

    private static Connection connect(DatabaseAddress address) throws Exception {
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    /** A database of its own on a cluster. */
    private static DatabaseAddress database(DatabaseAddress cluster, String name) throws Exception {
        try (Connection connection = connect(cluster);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return cluster.withDatabase(name);
    }

    private boolean on(DatabaseAddress one, DatabaseAddress two) throws Exception {
        DatabaseAddress first = database(one, "sharded");
        try (Bed whole = Bed.start(database(one, "whole"), Optional.empty());
                Bed left = Bed.start(first, Optional.empty());
                Bed right = Bed.start(database(two, "sharded"), Optional.empty());
                ShardsModule shards = ShardsModule.start(
                        foundation(first),
                        List.of(new Shard(0, "s0", left.ledger()), new Shard(1, "s1", right.ledger())));
                TwoPhaseSql sql = new TwoPhaseSql(one, two, SQL_CALLERS, accounts)) {
            whole.openAccounts(accounts);
            Bed.openAccounts(shards.ledger(), accounts);
            List<List<String>> homes = homes();
            // The first of them would pay for warming up the others.
            warmUp(on(whole.ledger(), List.of(all(homes)), 0), inFlight);
            warmUp(on(shards.ledger(), homes, 50), inFlight);
            warmUp(sql.caller(), SQL_CALLERS);
            for (int round = 0; round < (quick ? 2 : 3); round++) {
                measure("1 shard", inFlight, on(whole.ledger(), List.of(all(homes)), 0));
                for (int crossing : CROSSING) {
                    measure(
                            "2 shards, " + crossing + " % between them",
                            inFlight,
                            on(shards.ledger(), homes, crossing));
                }
                measure("SQL, PREPARE TRANSACTION on both, 100 % between them", SQL_CALLERS, sql.caller());
            }
            print();
            boolean holds = whole.verify(System.out) & left.verify(System.out) & right.verify(System.out);
            for (InvariantResult result : shards.checkInvariants()) {
                report.line("%s: %s, %s", result.statement(), result.holds() ? "yes" : "NO", result.detail());
                holds &= result.holds();
            }
            return holds;
        }
    }

    private static Foundation foundation(DatabaseAddress database) {
        return new Foundation(
                Clock.systemUTC(),
                Ticker.system(),
                new Faults(),
                new SimpleMeterRegistry(),
                OpenTelemetry.noop(),
                "bench",
                "http://127.0.0.1:0",
                database,
                "");
    }

    /** The accounts of each shard. */
    private List<List<String>> homes() {
        SlotMap map = SlotMap.even(2);
        List<List<String>> homes = List.of(new ArrayList<>(), new ArrayList<>());
        for (int i = 0; i < accounts; i++) {
            homes.get(map.shard(Doors.account(i))).add(Doors.account(i));
        }
        return homes;
    }

    private static List<String> all(List<List<String>> homes) {
        return homes.stream().flatMap(List::stream).toList();
    }

    private static Load.Caller on(Ledger ledger, List<List<String>> homes, int crossing) {
        SplittableRandom seeds = new SplittableRandom(1);
        return pairs -> {
            pairs.next();
            SplittableRandom random;
            synchronized (seeds) {
                random = seeds.split();
            }
            List<String> here = homes.get(random.nextInt(homes.size()));
            boolean crosses = homes.size() > 1 && random.nextInt(100) < crossing;
            List<String> there = crosses ? homes.get(homes.get(0) == here ? 1 : 0) : here;
            String debit = here.get(random.nextInt(here.size()));
            String credit = there.get(random.nextInt(there.size()));
            while (credit.equals(debit)) {
                credit = there.get(random.nextInt(there.size()));
            }
            String key = Keys.TIME_ORDERED.next().toString();
            Outcome outcome = ledger.execute(new Transfer(key, debit, credit, CENT, Details.NONE));
            if (!(outcome instanceof Outcome.Posted)) {
                throw new IllegalStateException("not posted: " + outcome);
            }
            return 1;
        };
    }

    private void measure(String what, int callers, Load.Caller caller) throws Exception {
        Plan plan = new Plan(callers, Spread.UNIFORM, accounts, quick ? 1_500 : 4_000, quick ? 3_000 : 10_000);
        Result result = Load.run(plan, Optional.empty(), caller);
        report.row(Integer.toString(callers), "10,000", what, result, Optional.empty());
        sums.merge(what, result, Result::plus);
    }

    private void warmUp(Load.Caller caller, int callers) throws Exception {
        Load.run(new Plan(callers, Spread.UNIFORM, accounts, quick ? 2_000 : 5_000, 100), Optional.empty(), caller);
    }

    private void print() {
        report.line("All rounds together:");
        Result whole = sums.getOrDefault("1 shard", sums.values().iterator().next());
        sums.forEach((what, result) -> report.line(
                "%s: %,d transfers/s, %.0f %% of one shard",
                what, result.perSecond(), 100.0 * result.perSecond() / whole.perSecond()));
    }
}
