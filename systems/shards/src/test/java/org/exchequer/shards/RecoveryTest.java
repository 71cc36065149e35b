package org.exchequer.shards;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.shards.ShardRig.key;
import static org.exchequer.shards.ShardRig.transfer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.faults.Faults;
import org.exchequer.platform.testing.PrivatePostgres;
import org.exchequer.platform.testing.TestPostgres;
import org.exchequer.shards.api.InDoubt;
import org.exchequer.shards.core.Names;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two shards, each on a PostgreSQL cluster of its own: drivers that die at every step, writers that are taken over
 * from, a shard that is away.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveryTest {
    private static final Duration SETTLED = Duration.ofSeconds(20);
    private static final Duration STEP = Duration.ofMillis(50);

    private PrivatePostgres one;
    private PrivatePostgres two;
    private ShardRig rig;
    private String payer;
    private String payee;
    private long payers;
    private long payees;

    @BeforeAll
    void start() throws Exception {
        one = TestPostgres.privateCluster();
        two = TestPostgres.privateCluster();
        rig = ShardRig.on(List.of(one.address(), two.address()));
        String cash = rig.cash("cash", 0);
        payer = rig.deposit("payer", 0);
        payee = rig.deposit("payee", 1);
        rig.expectPosted(transfer(key(), cash, payer, 1_000_000_00));
        rig.expectPosted(transfer(key(), payer, payee, 500_000_00));
        rig.resolver.start();
    }

    @AfterAll
    void stop() {
        rig.assertInvariantsHold();
        rig.close();
        one.close();
        two.close();
    }

    @BeforeEach
    void settled() {
        awaitNothingInDoubt();
        payers = rig.posted(payer);
        payees = rig.posted(payee);
    }

    private void awaitNothingInDoubt() {
        Awaitility.await().atMost(SETTLED).pollInterval(STEP).untilAsserted(() -> {
            for (int shard = 0; shard < 2; shard++) {
                assertThat(rig.shard(shard).pending(true, null, null, 10).items())
                        .isEmpty();
            }
        });
    }

    private static void die(Faults faults, String point) {
        faults.arm(point, name -> {
            faults.disarmAll();
            throw new IllegalStateException("the node dies at " + name);
        });
    }

    @ParameterizedTest(name = "dies at {0}: {1}")
    @CsvSource({
        "shards.reserve.coordinator.before, nothing",
        "shards.reserve.coordinator.after, rolled back",
        "shards.reserve.participant.before, rolled back",
        "shards.reserve.participant.after, rolled back",
        "shards.decide.before, rolled back",
        "shards.decide.after, committed",
        "shards.complete.before, committed",
        "shards.complete.after, committed"
    })
    void a_driver_that_dies_leaves_nothing_half_done(String point, String end) {
        String key = key();
        die(rig.faults, point);
        assertThat(rig.ledger.execute(transfer(key, payer, payee, 700))).isInstanceOf(Outcome.Unknown.class);
        awaitNothingInDoubt();
        long moved = end.equals("committed") ? 700 : 0;
        assertThat(rig.posted(payer)).isEqualTo(payers - moved);
        assertThat(rig.posted(payee)).isEqualTo(payees + moved);
        Outcome again = rig.ledger.execute(transfer(key, payer, payee, 700));
        switch (end) {
            case "rolled back" ->
                assertThat(again)
                        .isInstanceOfSatisfying(
                                Outcome.Rejected.class,
                                no -> assertThat(no.reason()).isEqualTo(RejectionReason.IN_DOUBT_TIMEOUT));
            case "committed" ->
                assertThat(again)
                        .isInstanceOfSatisfying(
                                Outcome.Posted.class,
                                posted -> assertThat(posted.replayed()).isTrue());
            default -> assertThat(again).isInstanceOf(Outcome.Posted.class);
        }
        assertThat(rig.ledger.execute(transfer(key, payer, payee, 700)).getClass())
                .isEqualTo(again.getClass());
        long after = again instanceof Outcome.Posted ? 700 : 0;
        assertThat(rig.posted(payer)).isEqualTo(payers - after);
        assertThat(rig.posted(payee)).isEqualTo(payees + after);
        assertThat(rig.ledger.outcome(key)).isPresent();
        rig.assertInvariantsHold();
    }

    @ParameterizedTest(name = "dies at {0}")
    @CsvSource({
        "shards.rollback.before",
        "shards.rollback.after",
        "shards.release.before",
        "shards.release.after",
        "shards.resolve.rollback.before",
        "shards.resolve.release.before",
        "shards.resolve.complete.before"
    })
    void who_dies_while_giving_up_or_resolving_leaves_nothing_either(String point) {
        String key = key();
        String frozen = rig.deposit("frozen-" + key, 0);
        rig.expectPosted(transfer(key(), payer, frozen, 5));
        Command.Transfer doomed = transfer(key, frozen, payee, 5);
        if (point.contains("resolve")) {
            // First the node dies, then the resolver that comes after it.
            boolean decided = point.endsWith("complete.before");
            dieOnce(point);
            dieOnce(decided ? "shards.decide.after" : "shards.decide.before");
            assertThat(rig.ledger.execute(doomed)).isInstanceOf(Outcome.Unknown.class);
            awaitNothingInDoubt();
            assertThat(rig.posted(payee)).isEqualTo(payees + (decided ? 5 : 0));
        } else {
            // The payer is frozen when all is reserved: the coordinator refuses to decide.
            rig.faults.arm("shards.decide.before", name -> {
                rig.faults.disarm(name);
                rig.shard(0).execute(new Command.ChangeAccount(key(), frozen, AccountState.FROZEN, null));
            });
            dieOnce(point);
            assertThat(rig.ledger.execute(doomed)).isInstanceOf(Outcome.Unknown.class);
            awaitNothingInDoubt();
            assertThat(rig.expectRejected(doomed).reason()).isEqualTo(RejectionReason.ACCOUNT_FROZEN);
            assertThat(rig.expectRejected(doomed).field()).isEqualTo("debitAccount");
            assertThat(rig.posted(payee)).isEqualTo(payees);
            assertThat(rig.posted(frozen)).isEqualTo(5);
        }
        rig.faults.disarmAll();
        rig.assertInvariantsHold();
    }

    private void dieOnce(String point) {
        rig.faults.arm(point, name -> {
            rig.faults.disarm(name);
            throw new IllegalStateException("dies at " + name);
        });
    }

    @Test
    void a_driver_that_comes_back_late_changes_nothing() throws Exception {
        CountDownLatch paused = new CountDownLatch(1);
        CountDownLatch resume = new CountDownLatch(1);
        Faults faults = new Faults();
        // On a thread of its own: what is paused is the driver, not the shard.
        CompletableFuture<Outcome> late = new CompletableFuture<>();
        ShardedLedger node = rig.otherNode(faults);
        faults.arm("shards.reserve.participant.before", point -> {
            faults.disarmAll();
            paused.countDown();
            Thread.ofVirtual().start(() -> {
                awaitQuietly(resume);
                late.complete(node.execute(transfer("late", payer, payee, 900)));
            });
            throw new IllegalStateException("paused");
        });
        node.submit(transfer("late", payer, payee, 900)).join();
        paused.await();
        awaitNothingInDoubt();
        resume.countDown();
        assertThat(late.get(20, TimeUnit.SECONDS))
                .isInstanceOfSatisfying(
                        Outcome.Rejected.class,
                        no -> assertThat(no.reason()).isEqualTo(RejectionReason.IN_DOUBT_TIMEOUT));
        awaitNothingInDoubt();
        assertThat(rig.posted(payer)).isEqualTo(payers);
        assertThat(rig.posted(payee)).isEqualTo(payees);
    }

    @Test
    void two_nodes_with_one_key_make_one_transfer() {
        ShardedLedger other = rig.otherNode(new Faults());
        for (int i = 0; i < 50; i++) {
            String key = key();
            List<CompletableFuture<Outcome>> answers = Stream.of(rig.ledger, other, rig.ledger, other)
                    .map(node -> node.submit(transfer(key, payer, payee, 3)))
                    .toList();
            assertThat(answers.stream().map(CompletableFuture::join)).allMatch(Outcome.Posted.class::isInstance);
        }
        assertThat(rig.posted(payee)).isEqualTo(payees + 150);
    }

    @Test
    void an_account_frozen_after_the_decision_gets_its_money_when_it_is_open_again() {
        String frozen = rig.deposit("later", 1);
        String key = key();
        // The resolver must not be quicker than the freeze.
        rig.faults.arm("shards.resolve.complete.before", point -> {
            throw new IllegalStateException("the resolver is away");
        });
        rig.faults.arm("shards.decide.after", point -> {
            throw new IllegalStateException("the node dies");
        });
        assertThat(rig.ledger.execute(transfer(key, payer, frozen, 40))).isInstanceOf(Outcome.Unknown.class);
        rig.ledger.execute(new Command.ChangeAccount(key(), frozen, AccountState.FROZEN, null));
        rig.faults.disarmAll();
        assertThat(rig.ledger.execute(transfer(key, payer, frozen, 40)))
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class, open -> assertThat(open.why()).contains("frozen"));
        Awaitility.await()
                .atMost(SETTLED)
                .pollInterval(STEP)
                .untilAsserted(() -> assertThat(rig.resolver.inDoubt())
                        .extracting(InDoubt::state)
                        .containsExactly(InDoubt.State.IN_TRANSIT));
        assertThat(rig.ledger.balance(frozen).orElseThrow().pendingCredits()).isEqualTo(40);
        assertThat(GlobalInvariants.check(rig.shards)).allMatch(GlobalInvariants.Finding::holds);
        rig.ledger.execute(new Command.ChangeAccount(key(), frozen, AccountState.OPEN, null));
        awaitNothingInDoubt();
        assertThat(rig.posted(frozen)).isEqualTo(40);
        assertThat(rig.ledger.execute(transfer(key, payer, frozen, 40))).isInstanceOf(Outcome.Posted.class);
    }

    @Test
    void a_shard_that_is_away_makes_the_outcome_unknown_and_never_wrong() throws Exception {
        String key = key();
        die(rig.faults, "shards.decide.after");
        assertThat(rig.ledger.execute(transfer(key, payer, payee, 60))).isInstanceOf(Outcome.Unknown.class);
        two.kill();
        long answered = 0;
        List<CompletableFuture<Outcome>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(rig.ledger.submit(transfer("away-" + i, payer, payee, 1)));
        }
        two.awaitRunning();
        for (CompletableFuture<Outcome> answer : answers) {
            Outcome outcome = answer.get(60, TimeUnit.SECONDS);
            answered += outcome instanceof Outcome.Posted ? 1 : 0;
        }
        awaitNothingInDoubt();
        long posted = 0;
        for (int i = 0; i < 100; i++) {
            posted += rig.ledger.execute(transfer("away-" + i, payer, payee, 1)) instanceof Outcome.Posted ? 1 : 0;
        }
        assertThat(posted).isGreaterThanOrEqualTo(answered);
        assertThat(rig.posted(payer)).isEqualTo(payers - 60 - posted);
        assertThat(rig.posted(payee)).isEqualTo(payees + 60 + posted);
    }

    @Test
    void a_hold_whose_coordinator_was_set_back_is_barred_and_given_back() {
        // As after a restore of the coordinator to an earlier time: the participant has a hold that nobody there knows.
        String transaction = Names.transaction("restored");
        Outcome.Posted sample = rig.expectPosted(transfer(key(), payer, payee, 5));
        assertThat(sample.replayed()).isFalse();
        List<Command> holds = org.exchequer.shards.core.Plan.of(
                        transfer("restored", payer, payee, 10), 0, rig.map()::shard)
                .holds(1, rig.limit);
        assertThat(rig.shard(1).execute(holds.getFirst())).isInstanceOf(Outcome.Held.class);
        awaitNothingInDoubt();
        assertThat(rig.shard(0).outcome(Names.hold(transaction, 0, 0))).get().isInstanceOf(Outcome.Rejected.class);
        assertThat(rig.posted(payee)).isEqualTo(payees + 5);
    }

    static Stream<Integer> shards() {
        return Stream.of(0, 1);
    }

    @ParameterizedTest(name = "of shard {0}")
    @MethodSource("shards")
    void a_writer_that_was_taken_over_from_writes_nothing_and_its_callers_are_told(int shard) throws Exception {
        try (TestLedger standby = TestLedger.on(rig.databases.get(shard), "standby")) {
            TestLedger writer = rig.ledgers.get(shard).module().engine() != null ? rig.ledgers.get(shard) : standby;
            TestLedger other = writer == standby ? rig.ledgers.get(shard) : standby;
            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch resume = new CountDownLatch(1);
            writer.faults().arm("ledger.append.before", point -> {
                stalled.countDown();
                awaitQuietly(resume);
            });
            String key = key();
            CompletableFuture<Outcome> late = rig.ledger.submit(transfer(key, payer, payee, 11));
            stalled.await();
            Awaitility.await()
                    .atMost(SETTLED)
                    .pollInterval(STEP)
                    .until(() -> other.module().engine() != null);
            long epoch = epoch(other);
            writer.faults().disarmAll();
            resume.countDown();
            Outcome outcome = late.get(60, TimeUnit.SECONDS);
            assertThat(outcome)
                    .satisfiesAnyOf(
                            o -> assertThat(o).isInstanceOf(Outcome.Refused.class),
                            o -> assertThat(o).isInstanceOf(Outcome.Unknown.class));
            other.module().close();
            Awaitility.await()
                    .atMost(SETTLED)
                    .pollInterval(STEP)
                    .until(() -> rig.ledgers.get(shard).module().engine() != null);
            assertThat(epoch(rig.ledgers.get(shard))).isGreaterThan(epoch);
        }
        awaitNothingInDoubt();
        assertThat(rig.posted(payee) - payees).isEqualTo(payers - rig.posted(payer));
        rig.assertInvariantsHold();
    }

    @Test
    void invariants_hold_while_transfers_run_and_die() throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong sent = new AtomicLong();
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 16; caller++) {
            int number = caller;
            callers.add(Thread.ofVirtual().start(() -> {
                while (!stop.get()) {
                    boolean there = number % 2 == 0;
                    rig.ledger.execute(transfer(key(), there ? payer : payee, there ? payee : payer, 1));
                    if (sent.incrementAndGet() % 50 == 0) {
                        die(rig.faults, "shards.decide.after");
                    }
                }
            }));
        }
        long checks = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
        while (System.nanoTime() < end) {
            assertThat(GlobalInvariants.check(rig.shards))
                    .as("check %d", ++checks)
                    .allSatisfy(finding ->
                            assertThat(finding.holds()).as(finding.toString()).isTrue());
        }
        stop.set(true);
        for (Thread caller : callers) {
            caller.join();
        }
        rig.faults.disarmAll();
        awaitNothingInDoubt();
        assertThat(rig.posted(payer) + rig.posted(payee)).isEqualTo(payers + payees);
        System.out.println(checks + " checks while " + sent + " transfers ran");
        assertThat(checks).isGreaterThan(3);
    }

    @Test
    void a_planted_transfer_that_only_arrives_is_found() throws Exception {
        try (ShardRig planted = ShardRig.of(2)) {
            String cash = planted.cash("cash", 0);
            String theirs = planted.deposit("theirs", 1);
            planted.expectPosted(transfer(key(), cash, theirs, 5));
            planted.assertInvariantsHold();
            Command.Transfer fromNowhere = new Command.Transfer(
                    "~planted", Names.transitFrom(1, 0, ShardRig.EUR), theirs, ShardRig.eur(5), Details.NONE);
            assertThat(planted.shard(1).execute(fromNowhere)).isInstanceOf(Outcome.Posted.class);
            assertThat(GlobalInvariants.check(planted.shards))
                    .filteredOn(finding -> !finding.holds())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.detail()).contains("sent only"));
        }
    }

    @Test
    void a_planted_transfer_that_is_sent_and_held_nowhere_is_found() throws Exception {
        try (ShardRig planted = ShardRig.of(2)) {
            String cash = planted.cash("cash", 0);
            String theirs = planted.deposit("theirs", 1);
            planted.expectPosted(transfer(key(), cash, theirs, 5));
            Command.Transfer toNowhere = new Command.Transfer(
                    "~planted", cash, Names.transitTo(0, 1, ShardRig.EUR), ShardRig.eur(5), Details.NONE);
            assertThat(planted.shard(0).execute(toNowhere)).isInstanceOf(Outcome.Posted.class);
            assertThat(GlobalInvariants.check(planted.shards))
                    .filteredOn(finding -> !finding.holds())
                    .singleElement()
                    .satisfies(finding -> assertThat(finding.detail()).contains("but received only 0.05 EUR debit"));
        }
    }

    private static long epoch(TestLedger node) {
        return Objects.requireNonNull(node.module().engine()).committer().epoch();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailableException("interrupted");
        }
    }
}
