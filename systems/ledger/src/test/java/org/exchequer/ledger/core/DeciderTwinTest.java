package org.exchequer.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.core.Decider.Original;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The core and its naive twin get the same commands and must agree on every answer and every balance. */
class DeciderTwinTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final class Run {
        final Books books = new Books();
        final List<Decision> journal = new ArrayList<>();
        final Set<Long> reversed = new HashSet<>();

        Decision decide(Command command) {
            return Decider.decide(
                    books,
                    command,
                    id -> id <= journal.size() && journal.get((int) id - 1) instanceof Decision.Booked booked
                            ? new Original(booked, reversed.contains(id))
                            : null,
                    NOW);
        }

        void apply(Decision decision) {
            books.apply(decision);
            journal.add(decision);
            if (decision instanceof Decision.Booked booked && booked.reversalOf() != null) {
                reversed.add(booked.reversalOf());
            }
        }

        List<String> balances() {
            List<String> balances = new ArrayList<>();
            for (long id = 1; id <= books.size(); id++) {
                Slot slot = books.slot(id);
                balances.add(slot.code + " " + slot.debits + " " + slot.credits + " " + slot.state + " "
                        + slot.overdraftLimit + " " + slot.childrenNotClosed);
            }
            return balances;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 20260101})
    void agrees_with_the_naive_twin(long seed) {
        Run run = new Run();
        NaiveLedger naive = new NaiveLedger();
        CommandGenerator generator = new CommandGenerator(new Random(seed), 12 + (int) (seed % 20));
        for (int i = 1; i <= 1_500; i++) {
            Command command = generator.next();
            RejectionReason expected = naive.execute(command);
            Decision decision = run.decide(command);
            assertThat(decision instanceof Decision.Declined declined ? declined.reason() : null)
                    .as("seed %d, command %d: %s", seed, i, command)
                    .isEqualTo(expected);
            run.apply(decision);
            if (decision instanceof Decision.BookedPair pair) {
                assertThat(pair.debitBalance())
                        .isEqualTo(naive.net(pair.debit().code).longValueExact());
                assertThat(pair.creditBalance())
                        .isEqualTo(naive.net(pair.credit().code).longValueExact());
            }
            if (decision instanceof Decision.BookedLegs legs) {
                legs.legs()
                        .forEach(leg -> assertThat(leg.balanceAfter())
                                .isEqualTo(naive.net(leg.slot().code).longValueExact()));
            }
        }
        for (long id = 1; id <= run.books.size(); id++) {
            Slot slot = run.books.slot(id);
            assertThat(slot.debits)
                    .isEqualTo(naive.turnover(slot.code, Side.DEBIT).longValueExact());
            assertThat(slot.credits)
                    .isEqualTo(naive.turnover(slot.code, Side.CREDIT).longValueExact());
        }
    }

    @Test
    void streams_meet_every_reason_that_a_decision_can_give() {
        Set<RejectionReason> met = EnumSet.noneOf(RejectionReason.class);
        for (long seed = 1; seed <= 40; seed++) {
            NaiveLedger naive = new NaiveLedger();
            CommandGenerator generator = new CommandGenerator(new Random(seed), 10 + (int) (seed % 25));
            for (int i = 0; i < 600; i++) {
                RejectionReason reason = naive.execute(generator.next());
                if (reason != null) {
                    met.add(reason);
                }
            }
        }
        assertThat(met).containsAll(EnumSet.complementOf(EnumSet.of(RejectionReason.IDEMPOTENCY_KEY_REUSED)));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13})
    void an_undone_batch_leaves_no_trace(long seed) {
        Run run = new Run();
        CommandGenerator generator = new CommandGenerator(new Random(seed), 20);
        for (int i = 0; i < 300; i++) {
            run.apply(run.decide(generator.next()));
        }
        run.books.publish(300);
        List<String> before = run.balances();
        for (int batch = 0; batch < 50; batch++) {
            List<Decision> decisions = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                Decision decision = run.decide(generator.next());
                run.books.apply(decision);
                decisions.add(decision);
            }
            for (Decision decision : decisions.reversed()) {
                run.books.undo(decision);
            }
            assertThat(run.balances()).isEqualTo(before);
        }
    }

    @Test
    void a_twin_with_a_planted_bug_is_caught() {
        // The check itself must be able to fail: this twin forgets the overdraft limit.
        boolean caught = false;
        for (long seed = 1; seed <= 5 && !caught; seed++) {
            Run run = new Run();
            NaiveLedger naive = new NaiveLedger();
            CommandGenerator generator = new CommandGenerator(new Random(seed), 12);
            for (int i = 0; i < 1_500 && !caught; i++) {
                Command command = generator.next();
                Command forgetful = command instanceof Command.OpenAccount open
                        ? new Command.OpenAccount(
                                open.key(),
                                open.account().limited(open.account().rule(), 0))
                        : command;
                RejectionReason expected = naive.execute(command);
                Decision decision = run.decide(forgetful);
                caught = expected != (decision instanceof Decision.Declined declined ? declined.reason() : null);
                run.apply(decision);
            }
        }
        assertThat(caught).isTrue();
    }
}
