package org.exchequer.ledger.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
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
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.testing.TestPostgres;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole engine against the naive twin: commands in flight together, in batches of whatever size the moment makes,
 * must get the answers that they would have got one by one. Every tenth command repeats an earlier key.
 */
class LedgerTwinTest {
    private static final int COMMANDS = 1_500;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {101, 102, 103})
    void answers_as_if_commands_came_one_by_one(long seed) throws SQLException {
        Random random = new Random(seed);
        CommandGenerator generator = new CommandGenerator(random, 20);
        NaiveLedger naive = new NaiveLedger();
        List<Command> commands = new ArrayList<>();
        List<RejectionReason> expected = new ArrayList<>();
        for (int i = 0; i < COMMANDS; i++) {
            if (i > 50 && i % 10 == 0) {
                int earlier = random.nextInt(i);
                commands.add(commands.get(earlier));
                expected.add(expected.get(earlier));
            } else {
                Command command = generator.next();
                commands.add(command);
                expected.add(naive.execute(command));
            }
        }
        try (TestLedger ledger = TestLedger.on(TestPostgres.freshDatabase())) {
            List<CompletableFuture<Outcome>> answers =
                    commands.stream().map(ledger.api()::submit).toList();
            for (int i = 0; i < COMMANDS; i++) {
                Outcome outcome = answers.get(i).join();
                assertThat(outcome instanceof Outcome.Rejected rejected ? rejected.reason() : null)
                        .as("seed %d, command %d: %s → %s", seed, i, commands.get(i), outcome)
                        .isEqualTo(expected.get(i));
            }
            for (String code : naive.accounts.keySet()) {
                Balance balance = ledger.api().balance(code).orElse(null);
                if (balance != null) {
                    assertThat(balance.debits())
                            .isEqualTo(naive.turnover(code, Side.DEBIT).longValueExact());
                    assertThat(balance.credits())
                            .isEqualTo(naive.turnover(code, Side.CREDIT).longValueExact());
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
            Books.Snapshot recovered = Recovery.load(connection, last).snapshot();
            Books.Snapshot replayed = Recovery.replayAll(connection, last).snapshot();
            assertThat(recovered.debits()).isEqualTo(replayed.debits());
            assertThat(recovered.credits()).isEqualTo(replayed.credits());
            assertThat(recovered.sequence()).isEqualTo(replayed.sequence());
        }
    }
}
