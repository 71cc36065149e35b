package org.exchequer.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.PrivatePostgres;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The database or the writer fails at the worst moment. */
@Timeout(120)
class LedgerFaultTest {
    private static void endWriterSession(DatabaseAddress admin) {
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE application_name = 'exchequer/ledger-writer' AND datname = current_database()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest(name = "connection lost at {0}")
    @ValueSource(strings = {"ledger.append.before", "ledger.commit.before", "ledger.commit.after"})
    void a_batch_in_doubt_is_in_the_journal_once(String point) {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            AtomicInteger left = new AtomicInteger(3);
            ledger.faults().arm(point, name -> {
                if (left.getAndDecrement() > 0) {
                    endWriterSession(ledger.database());
                }
            });
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(ledger.api().submit(transfer(point + i, "cash", "capital", 1)));
                if (i % 20 == 0) {
                    // An account makes it a batch of several statements, which has a moment before its COMMIT.
                    ledger.open("account-" + i, AccountType.ASSET);
                }
            }
            assertThat(answers.stream().map(CompletableFuture::join)).allMatch(Outcome.Posted.class::isInstance);
            assertThat(left.get()).isLessThanOrEqualTo(0);
            assertThat(ledger.posted("cash")).isEqualTo(200);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void postgres_killed_under_load_loses_no_answer_and_repeats_none() throws InterruptedException {
        try (PrivatePostgres postgres = TestPostgres.privateCluster();
                TestLedger ledger = TestLedger.on(postgres.address())) {
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            for (int round = 0; round < 3; round++) {
                for (int i = 0; i < 2_000; i++) {
                    answers.add(ledger.api().submit(transfer("kill-" + round + "-" + i, "cash", "capital", 1)));
                    if (i == 1_000) {
                        answers.get(answers.size() - 900).join();
                        postgres.kill();
                    }
                }
                postgres.awaitRunning();
            }
            List<Outcome> outcomes =
                    answers.stream().map(CompletableFuture::join).toList();
            assertThat(outcomes).allMatch(Outcome.Posted.class::isInstance);
            assertThat(ledger.posted("cash")).isEqualTo(6_000);
            for (int i = 0; i < 2_000; i += 97) {
                Outcome again = ledger.api().execute(transfer("kill-1-" + i, "cash", "capital", 1));
                assertThat(again).isEqualTo(replay(outcomes.get(2_000 + i)));
            }
            assertThat(ledger.posted("cash")).isEqualTo(6_000);
            ledger.assertInvariantsHold();
        }
    }

    private static Outcome replay(Outcome outcome) {
        return new Outcome.Posted(((Outcome.Posted) outcome).transaction(), true);
    }

    @Test
    void a_standby_takes_over_and_the_deposed_writer_writes_nothing() throws InterruptedException {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger first = TestLedger.on(database, "first");
                TestLedger second = TestLedger.on(database, "second")) {
            assertThat(second.module().readiness().detail()).startsWith("standby");
            first.open("cash", AccountType.ASSET);
            first.open("capital", AccountType.EQUITY);
            first.expectPosted(transfer(key(), "cash", "capital", 5));

            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch resume = new CountDownLatch(1);
            first.faults().arm("ledger.append.before", point -> {
                stalled.countDown();
                awaitUninterrupted(resume);
            });
            CompletableFuture<Outcome> late = first.api().submit(transfer("late", "cash", "capital", 7));
            stalled.await();
            awaitWriter(second);
            second.expectPosted(transfer(key(), "cash", "capital", 11));
            first.faults().disarmAll();
            resume.countDown();

            assertThat(late.join()).isEqualTo(new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500));
            assertThat(second.posted("cash")).isEqualTo(16);
            assertThat(second.api().outcome("late")).isEmpty();
            assertThat(second.expectPosted(transfer("late", "cash", "capital", 7))
                            .replayed())
                    .isFalse();
            second.assertInvariantsHold();
        }
    }

    @Test
    void a_writer_stalled_in_the_middle_of_a_batch_is_ended_by_its_successor() throws InterruptedException {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger first = TestLedger.on(database, "first");
                TestLedger second = TestLedger.on(database, "second")) {
            first.open("cash", AccountType.ASSET);
            first.open("capital", AccountType.EQUITY);
            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch resume = new CountDownLatch(1);
            first.faults().arm("ledger.commit.before", point -> {
                stalled.countDown();
                awaitUninterrupted(resume);
            });
            CompletableFuture<Outcome> one = first.api().submit(open("x"));
            stalled.await();
            awaitWriter(second);
            second.expectPosted(transfer(key(), "cash", "capital", 11));
            first.faults().disarmAll();
            resume.countDown();
            assertThat(one.join()).isInstanceOf(Outcome.Unknown.class);
            assertThat(second.api().account("x")).isEmpty();
            second.assertInvariantsHold();
        }
    }

    @Test
    void a_writer_that_only_repeats_answers_keeps_its_lease() {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger first = TestLedger.on(database, "first");
                TestLedger second = TestLedger.on(database, "second")) {
            first.open("cash", AccountType.ASSET);
            first.open("capital", AccountType.EQUITY);
            Command.Transfer command = transfer(key(), "cash", "capital", 5);
            first.expectPosted(command);
            // Longer than the lease lives.
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(4);
            while (System.nanoTime() < end) {
                assertThat(first.expectPosted(command).replayed()).isTrue();
            }
            assertThat(first.module().readiness().detail()).startsWith("writer, epoch 1");
            assertThat(second.module().engine()).isNull();
        }
    }

    private static Command open(String code) {
        return new Command.OpenAccount(
                key(),
                org.exchequer.ledger.api.AccountSpec.posting(code, "Late", AccountType.ASSET, TestLedger.EUR, null));
    }

    /** Posting through the standby succeeds only once it is the writer: until then it is told to come again. */
    private static void awaitWriter(TestLedger standby) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (standby.module().engine() == null) {
            assertThat(System.nanoTime()).as("the standby takes over in time").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
