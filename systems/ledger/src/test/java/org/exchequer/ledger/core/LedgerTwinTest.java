package org.exchequer.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.Balance;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.store.Recovery;
import org.exchequer.ledger.testing.SettableClock;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.TestPostgres;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole engine on PostgreSQL against the naive twin: commands in flight together, in batches of whatever size the
 * moment makes, must get the answers that they would have got one by one. Some repeat an earlier key, some are linked;
 * between bursts the clock moves, also back.
 */
class LedgerTwinTest {
    private static final int BURSTS = 40;

    /** Sends bursts to both, and remembers what was asked and answered. */
    private static final class Run {
        final Random random;
        final CommandGenerator generator;
        final NaiveLedger naive = new NaiveLedger();
        final SettableClock clock;
        final TestLedger ledger;
        final List<Command> commands = new ArrayList<>();
        final List<@Nullable RejectionReason> expected = new ArrayList<>();
        Instant latest;

        Run(long seed, TestLedger ledger, SettableClock clock) {
            this.random = new Random(seed);
            this.generator = new CommandGenerator(random, 20);
            this.ledger = ledger;
            this.clock = clock;
            this.latest = clock.instant();
        }

        void burst() {
            Instant now = clock.instant().plus(jump());
            // Booking times never go back.
            latest = now.isAfter(latest) ? now : latest;
            naive.expire(latest);
            clock.set(now);
            List<CompletableFuture<List<Outcome>>> answers = new ArrayList<>();
            int first = commands.size();
            for (int i = random.nextInt(60); i > 0; i--) {
                answers.add(send());
            }
            List<Outcome> outcomes = new ArrayList<>();
            answers.forEach(answer -> outcomes.addAll(answer.join()));
            for (int i = 0; i < outcomes.size(); i++) {
                Outcome outcome = outcomes.get(i);
                assertThat(outcome instanceof Outcome.Rejected rejected ? rejected.reason() : null)
                        .as("command %d: %s → %s", first + i, commands.get(first + i), outcome)
                        .isEqualTo(expected.get(first + i));
                switch (outcome) {
                    case Outcome.Posted posted ->
                        generator.postedAt(posted.transaction().id());
                    case Outcome.Held held -> generator.heldAt(held.pending().id());
                    case Outcome.Proposed proposed ->
                        generator.proposedAt(proposed.adjustment().id());
                    default -> {}
                }
            }
        }

        private Duration jump() {
            return switch (random.nextInt(8)) {
                case 0 -> Duration.ofHours(random.nextInt(40));
                case 1 -> Duration.ofMinutes(-random.nextInt(90));
                default -> Duration.ofSeconds(random.nextInt(60));
            };
        }

        private CompletableFuture<List<Outcome>> send() {
            int dice = commands.size() < 50 ? 19 : random.nextInt(20);
            if (dice < 2) {
                int earlier = random.nextInt(commands.size());
                commands.add(commands.get(earlier));
                expected.add(expected.get(earlier));
            } else if (dice == 2) {
                List<Command> linked = generator.nextLinked();
                commands.addAll(linked);
                expected.addAll(naive.executeLinked(linked, latest));
                return ledger.api().submitLinked(linked);
            } else {
                Command command = generator.next();
                commands.add(command);
                expected.add(naive.execute(command, latest));
            }
            return ledger.api().submit(commands.getLast()).thenApply(List::of);
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {101, 102, 103})
    void answers_as_if_commands_came_one_by_one(long seed) throws SQLException {
        SettableClock clock =
                new SettableClock(CommandGenerator.FIRST_DAY.atStartOfDay().toInstant(ZoneOffset.UTC));
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase(), clock)) {
            Run run = new Run(seed, ledger, clock);
            for (int i = 0; i < BURSTS; i++) {
                run.burst();
            }
            for (String code : run.naive.codes()) {
                Balance balance = ledger.api().balance(code).orElse(null);
                if (balance != null) {
                    assertThat(List.of(
                                    balance.debits(),
                                    balance.credits(),
                                    balance.pendingDebits(),
                                    balance.pendingCredits()))
                            .as(code)
                            .isEqualTo(List.of(
                                    run.naive.turnover(code, Side.DEBIT).longValueExact(),
                                    run.naive.turnover(code, Side.CREDIT).longValueExact(),
                                    run.naive.pending(code, Side.DEBIT).longValueExact(),
                                    run.naive.pending(code, Side.CREDIT).longValueExact()));
                }
            }
            ledger.assertInvariantsHold();
            recoveredBooksAreEqual(ledger);
        }
    }

    /** Checkpoint plus tail must be the same books as a replay of everything. */
    private static void recoveredBooksAreEqual(TestLedger ledger) throws SQLException {
        try (Connection connection = ledger.connect()) {
            long last = ledger.api().lastSequence();
            Books recovered = Recovery.load(connection, last);
            Books replayed = Recovery.replayAll(connection, last);
            assertThat(recovered.snapshot()).usingRecursiveComparison().isEqualTo(replayed.snapshot());
            assertThat(recovered.describeOpen()).isNotEmpty().isEqualTo(replayed.describeOpen());
        }
    }
}
