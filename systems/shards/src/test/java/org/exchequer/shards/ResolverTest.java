package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.shards.ShardRig.key;
import static org.exchequer.shards.ShardRig.transfer;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.Database;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.api.Shard;
import org.exchequer.shards.core.Plan;
import org.exchequer.shards.jobs.Resolver;
import org.exchequer.shards.store.Directory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a resolver and a start do while a shard does not answer. */
class ResolverTest {
    private final AtomicBoolean away = new AtomicBoolean();
    private final AtomicInteger refusals = new AtomicInteger();
    private ShardRig rig;
    private String payer = "";
    private String payee = "";

    @BeforeEach
    void start() throws SQLException {
        rig = ShardRig.of(2);
        payer = rig.cash("payer", 0);
        payee = rig.cash("payee", 1);
        rig.expectPosted(transfer(key(), payer, payee, 1));
    }

    @AfterEach
    void stop() {
        rig.assertInvariantsHold();
        rig.close();
    }

    /** A shard behind a wire that can be cut, and with a writer that is not there at first. */
    private Ledger wired(Ledger real) {
        return (Ledger) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Ledger.class}, (proxy, method, arguments) -> {
                    if (away.get()) {
                        throw new LedgerUnavailableException("the wire is cut");
                    }
                    if (method.getName().equals("execute") && refusals.getAndDecrement() > 0) {
                        return new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500);
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void a_transaction_grows_no_younger_while_its_shard_is_away() {
        Plan plan =
                Plan.of(transfer(key(), payer, payee, 70), 0, code -> rig.map().shard(code));
        // As its coordinator's clock, five minutes ahead at that time, wrote it down: it will not expire soon.
        assertThat(rig.shard(0).execute(plan.holds(0, Duration.ofMinutes(5)).getFirst()))
                .isInstanceOf(Outcome.Held.class);
        List<Shard> shards = List.of(new Shard(0, "s0", wired(rig.shard(0))), rig.shards.get(1));
        AtomicLong now = new AtomicLong();
        try (Resolver resolver = new Resolver(
                shards,
                new Journals(shards),
                new Faults(),
                now::get,
                new SimpleMeterRegistry(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1))) {
            resolver.start();
            resolver.look();
            assertThat(resolver.inDoubt()).hasSize(1);
            away.set(true);
            now.addAndGet(Duration.ofSeconds(6).toNanos());
            resolver.look();
            assertThat(resolver.unseen()).containsExactly(0);
            away.set(false);
            now.addAndGet(Duration.ofSeconds(6).toNanos());
            resolver.look();
            assertThat(rig.shard(0).pending(true, null, null, 10).items()).isEmpty();
        }
    }

    @Test
    void a_shard_whose_writer_is_not_there_yet_is_claimed_when_it_is() throws SQLException {
        DatabaseAddress first = TestPostgres.freshDatabase();
        refusals.set(2);
        try (TestLedger one = TestLedger.on(first, "node");
                TestLedger two = TestLedger.on(TestPostgres.freshDatabase(), "node");
                Database database = Database.open(first, "shards", new SimpleMeterRegistry(), OpenTelemetry.noop())) {
            Directory directory = new Directory(database.dataSource());
            Setup.prepare(directory, List.of(new Shard(0, "s0", wired(one.api())), new Shard(1, "s1", two.api())));
            assertThat(directory.shards()).hasSize(2);
            assertThat(refusals.get()).isNegative();
        }
    }
}
