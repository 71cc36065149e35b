package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.exchequer.ledger.testing.TestLedger.EUR;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.util.List;
import java.util.Map;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.store.WriterLease.Holder;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.Test;

/** A standby hands its commands to the writer, and serves reads itself. */
class NodeForwardingTest {
    @Test
    void a_standby_posts_through_the_writer_and_reads_its_own_writes() throws Exception {
        try (LedgerServer writer = LedgerServer.node("writer");
                TestLedger standby = TestLedger.on(writer.database(), "standby")) {
            assertThat(standby.module().readiness().detail()).isEqualTo("standby, the writer is " + writer.grpcUrl());

            standby.open("cash", AccountType.ASSET);
            standby.expectChanged(new Command.OpenAccount(
                    key(),
                    new AccountSpec(
                            "alice",
                            "Alice \"A\" Ünal",
                            AccountType.LIABILITY,
                            AccountType.LIABILITY.normalSide(),
                            EUR,
                            null,
                            BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS,
                            5_00,
                            Map.of("segment", "retail"))));
            Command.Transfer command = new Command.Transfer(
                    key(), "cash", "alice", eur(10_00), new Details("salary", "corr-1", Map.of("m", "May")));
            Outcome.Posted posted = standby.expectPosted(command);

            assertThat(standby.expectPosted(command)).isEqualTo(new Outcome.Posted(posted.transaction(), true));
            assertThat(standby.posted("alice")).isEqualTo(10_00);
            assertThat(standby.api().statement("alice", null, 5).orElseThrow().items())
                    .hasSize(1);
            assertThat(standby.api().byReference("salary", null, 5).items()).containsExactly(posted.transaction());
            assertThat(standby.api().trialBalance().ties()).isTrue();
            assertThat(standby.expectRejected(transfer(key(), "alice", "cash", 15_01))
                            .reason())
                    .isEqualTo(RejectionReason.INSUFFICIENT_FUNDS);
            standby.expectPosted(new Command.Post(
                    key(),
                    List.of(Leg.debit("alice", eur(1)), Leg.debit("alice", eur(2)), Leg.credit("cash", eur(3))),
                    Details.NONE));
            standby.expectPosted(new Command.Reverse(key(), posted.transaction().id(), Details.NONE));
            standby.expectChanged(new Command.ChangeAccount(key(), "cash", AccountState.FROZEN, null));
            assertThat(writer.ledger().account("cash").orElseThrow().state()).isEqualTo(AccountState.FROZEN);
        }
    }

    @Test
    void the_door_between_nodes_opens_to_the_epochs_token_alone() throws Exception {
        try (LedgerServer writer = LedgerServer.node("writer")) {
            for (String secret : List.of("", "0".repeat(64), writer.token(Role.ADMIN))) {
                try (NodeClient stranger = new NodeClient(Ticker.system())) {
                    Holder holder = new Holder(1, "writer", writer.grpcUrl(), secret, true);
                    assertThat(stranger.send(holder, open("cash")).join())
                            .isEqualTo(new Outcome.Refused(Outcome.Refused.Cause.NO_WRITER, 500));
                }
            }
            assertThat(writer.ledger().account("cash")).isEmpty();
        }
    }

    @Test
    void without_its_writer_a_standby_refuses_until_it_has_taken_over() throws Exception {
        LedgerServer writer = LedgerServer.node("writer");
        try (TestLedger standby = TestLedger.on(writer.database(), "standby")) {
            standby.open("cash", AccountType.ASSET);
            writer.close();
            Outcome outcome = standby.api().execute(open("after"));
            while (outcome instanceof Outcome.Refused refused) {
                assertThat(refused.cause()).isEqualTo(Outcome.Refused.Cause.NO_WRITER);
                outcome = standby.api().execute(open("after"));
            }
            assertThat(outcome).isInstanceOf(Outcome.AccountChanged.class);
            assertThat(standby.module().readiness().detail()).startsWith("writer, epoch 2");
        }
    }

    private static Command open(String code) {
        return new Command.OpenAccount("open-" + code, AccountSpec.posting(code, "A", AccountType.ASSET, EUR, null));
    }
}
