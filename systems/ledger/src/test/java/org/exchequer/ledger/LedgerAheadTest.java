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
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.db.DatabaseAddress;
import org.exchequer.platform.testing.PrivatePostgres;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A large batch is being written while the next one is decided on top of it, and things go wrong just then. */
@Timeout(120)
class LedgerAheadTest {
    private static final int LARGE = 600;

    /** Where the writer of a ledger stands still: first with a lone command, then with the large batch behind it. */
    private static final class Stall {
        private final TestLedger ledger;
        /** How many batches were about to be written; what comes before zero passes. */
        private final AtomicInteger times = new AtomicInteger();

        private final List<CountDownLatch> reached = List.of(new CountDownLatch(1), new CountDownLatch(1));
        private final List<CountDownLatch> resumed = List.of(new CountDownLatch(1), new CountDownLatch(1));

        Stall(TestLedger ledger) {
            this.ledger = ledger;
            ledger.open("cash", AccountType.ASSET);
            ledger.open("capital", AccountType.EQUITY);
            ledger.faults().arm("ledger.append.before", point -> {
                int time = times.getAndIncrement();
                if (time >= 0 && time < 2) {
                    reached.get(time).countDown();
                    await(resumed.get(time));
                }
            });
        }

        /** Returns when the large batch is about to be written, and the one after it was given to the ledger. */
        void at(List<Command> large, List<Command> next, List<CompletableFuture<Outcome>> answers) {
            answers.add(ledger.api().submit(transfer(key(), "cash", "capital", 1)));
            await(reached.get(0));
            large.forEach(command -> answers.add(ledger.api().submit(command)));
            resumed.get(0).countDown();
            await(reached.get(1));
            next.forEach(command -> answers.add(ledger.api().submit(command)));
        }

        void resume() {
            ledger.faults().disarmAll();
            resumed.get(1).countDown();
        }
    }

    private static List<Command> transfers(String prefix, int count) {
        List<Command> commands = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            commands.add(transfer(prefix + i, "cash", "capital", 1));
        }
        return commands;
    }

    private static List<Outcome> outcomes(List<CompletableFuture<Outcome>> answers) {
        return answers.stream().map(CompletableFuture::join).toList();
    }

    @Test
    void readers_see_a_batch_when_it_is_durable_and_not_before() {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            Stall stall = new Stall(ledger);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(transfers("large-", LARGE), transfers("next-", LARGE), answers);
            assertThat(ledger.posted("cash")).isEqualTo(1);
            assertThat(answers.stream().filter(CompletableFuture::isDone)).hasSize(1);
            stall.resume();
            assertThat(outcomes(answers)).allMatch(Outcome.Posted.class::isInstance);
            for (int i = 1; i < answers.size(); i++) {
                assertThat(id(answers.get(i).join()))
                        .isEqualTo(id(answers.get(i - 1).join()) + 1);
            }
            assertThat(ledger.posted("cash")).isEqualTo(1 + 2 * LARGE);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void a_lost_connection_leaves_both_batches_in_the_journal_once() {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            Stall stall = new Stall(ledger);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(transfers("large-", LARGE), transfers("next-", LARGE), answers);
            execute(
                    ledger.database(),
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE application_name = 'exchequer/ledger-writer' AND datname = current_database()");
            stall.resume();
            assertThat(outcomes(answers)).allMatch(Outcome.Posted.class::isInstance);
            assertThat(ledger.posted("cash")).isEqualTo(1 + 2 * LARGE);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void a_repeated_key_takes_both_batches_back_and_is_answered_as_before() {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            Stall stall = new Stall(ledger);
            stall.times.set(-1);
            Command repeated = transfer(key(), "cash", "capital", 7);
            long first = ledger.expectPosted(repeated).transaction().id();
            List<Command> large = transfers("large-", LARGE);
            large.add(LARGE / 2, repeated);
            List<Command> next = transfers("next-", LARGE);
            next.add(large.get(3));
            next.add(new Command.Reverse("back", first, Details.NONE));
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(large, next, answers);
            stall.resume();
            List<Outcome> outcomes = outcomes(answers);
            assertThat(outcomes).allMatch(Outcome.Posted.class::isInstance);
            Outcome.Posted again = (Outcome.Posted) outcomes.get(1 + LARGE / 2);
            assertThat(again.replayed()).isTrue();
            assertThat(again.transaction().id()).isEqualTo(first);
            assertThat(outcomes.stream().filter(outcome -> ((Outcome.Posted) outcome).replayed()))
                    .hasSize(2);
            // The lone one, both batches, and the repeated one that was reversed.
            assertThat(ledger.posted("cash")).isEqualTo(1 + 2 * LARGE);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void only_the_command_that_the_database_refuses_fails() {
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            Stall stall = new Stall(ledger);
            execute(
                    ledger.database(),
                    "ALTER TABLE ledger.journal ADD CONSTRAINT not_this CHECK (reference <> 'refused')");
            List<Command> large = transfers("large-", LARGE);
            large.add(new Command.Transfer("bad", "cash", "capital", TestLedger.eur(5), Details.reference("refused")));
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(large, transfers("next-", LARGE), answers);
            stall.resume();
            List<Outcome> outcomes = outcomes(answers);
            assertThat(outcomes.get(1 + LARGE)).isEqualTo(new Outcome.Refused(Outcome.Refused.Cause.STORAGE, 1_000));
            assertThat(outcomes.stream().filter(Outcome.Posted.class::isInstance))
                    .hasSize(1 + 2 * LARGE);
            assertThat(ledger.posted("cash")).isEqualTo(1 + 2 * LARGE);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void everyone_is_answered_while_the_database_is_away_and_nobody_wrongly() throws InterruptedException {
        try (PrivatePostgres postgres = TestPostgres.privateCluster();
                TestLedger ledger = TestLedger.on(postgres.address())) {
            Stall stall = new Stall(ledger);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(transfers("large-", LARGE), transfers("next-", LARGE), answers);
            postgres.stop();
            stall.resume();
            List<Outcome> outcomes = outcomes(answers);
            // The batch that was sent is in doubt; the next never left.
            assertThat(outcomes.subList(1, 1 + LARGE)).allMatch(Outcome.Unknown.class::isInstance);
            assertThat(outcomes.subList(1 + LARGE, 1 + 2 * LARGE)).allMatch(Outcome.Refused.class::isInstance);
            // Whoever comes later is not kept waiting either.
            assertThat(ledger.api()
                            .submit(transfer("late", "cash", "capital", 1))
                            .join())
                    .isInstanceOf(Outcome.Refused.class);
            postgres.start();
            for (Command command : transfers("large-", LARGE)) {
                ledger.expectPosted(command);
            }
            assertThat(ledger.api().outcome("next-7")).isEmpty();
            assertThat(ledger.posted("cash")).isEqualTo(1 + LARGE);
            ledger.assertInvariantsHold();
        }
    }

    @Test
    void a_writer_deposed_in_the_middle_of_a_redo_answers_everyone() {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger first = TestLedger.on(database, "first");
                TestLedger second = TestLedger.on(database, "second")) {
            Stall stall = new Stall(first);
            execute(database, "ALTER TABLE ledger.journal ADD CONSTRAINT not_this CHECK (reference <> 'refused')");
            List<Command> large = transfers("large-", LARGE);
            large.add(
                    LARGE / 2,
                    new Command.Transfer("bad", "cash", "capital", TestLedger.eur(5), Details.reference("refused")));
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(large, transfers("next-", LARGE), answers);
            AtomicInteger alone = new AtomicInteger();
            first.faults().arm("ledger.append.before", point -> {
                if (alone.incrementAndGet() == LARGE / 4) {
                    execute(database, "UPDATE ledger.writer SET epoch = epoch + 1, node = 'second'");
                }
            });
            stall.resumed.get(1).countDown();
            List<Outcome> outcomes = outcomes(answers);
            assertThat(outcomes).hasSize(2 + 2 * LARGE);
            long posted =
                    outcomes.stream().filter(Outcome.Posted.class::isInstance).count();
            assertThat(posted).isBetween(LARGE / 4L - 2, LARGE / 4L + 2);
            assertThat(outcomes.subList(2 + LARGE, outcomes.size())).allMatch(Outcome.Refused.class::isInstance);
            first.faults().disarmAll();
        }
    }

    @Test
    void a_deposed_writer_writes_neither_batch() {
        DatabaseAddress database = TestPostgres.freshDatabase();
        try (TestLedger first = TestLedger.on(database, "first");
                TestLedger second = TestLedger.on(database, "second")) {
            Stall stall = new Stall(first);
            List<CompletableFuture<Outcome>> answers = new ArrayList<>();
            stall.at(transfers("large-", LARGE), transfers("next-", LARGE), answers);
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (second.module().engine() == null) {
                assertThat(System.nanoTime())
                        .as("the standby takes over in time")
                        .isLessThan(deadline);
                Thread.onSpinWait();
            }
            stall.resume();
            assertThat(outcomes(answers).stream().skip(1))
                    .allMatch(new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500)::equals);
            assertThat(second.posted("cash")).isEqualTo(1);
            second.expectPosted((Command.Transfer) transfers("large-", 1).getFirst());
            second.expectPosted((Command.Transfer) transfers("next-", 1).getFirst());
            assertThat(second.posted("cash")).isEqualTo(3);
            second.assertInvariantsHold();
        }
    }

    private static long id(Outcome outcome) {
        return ((Outcome.Posted) outcome).transaction().id();
    }

    private static void execute(DatabaseAddress admin, String sql) {
        try (Connection c = DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
                Statement s = c.createStatement()) {
            s.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }
}
