package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.exchequer.ledger.api.Adjustment;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.DayClose;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.event.v1.Side;
import org.exchequer.ledger.core.CommandGenerator;
import org.exchequer.ledger.edge.grpc.v1.LedgerProto;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.ledger.testing.TestLedger;
import org.exchequer.platform.module.Role;
import org.exchequer.platform.security.Caller;
import org.junit.jupiter.api.Test;

/** Nothing is lost on the way: commands and outcomes read back from their messages are what was written. */
class RoundTripTest {
    @Test
    void commands() throws Exception {
        CommandGenerator generator = new CommandGenerator(new Random(7), 20);
        Set<Class<?>> kinds = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            Command command = generator.next();
            byte[] bytes = CommandProto.write(command).toByteArray();
            assertThat(CommandProto.read(LedgerProto.Command.parseFrom(bytes), CommandProto.Actor.AS_GIVEN))
                    .isEqualTo(command);
            kinds.add(command.getClass());
            generator.heldAt(i + 1);
            generator.proposedAt(i + 1);
            generator.postedAt(i + 1);
        }
        assertThat(kinds).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }

    @Test
    void outcomesThatAreRare() {
        for (Adjustment.State state : Adjustment.State.values()) {
            assertReadBack(new Outcome.Proposed(adjustment(state), false));
        }
        assertReadBack(new Outcome.Dismissed(3, 4, true));
        Instant now = Instant.ofEpochSecond(1_800_000_000, 123_456_000);
        assertReadBack(new Outcome.DayClosed(new DayClose(LocalDate.of(2026, 5, 31), 9, now, "bob"), true));
        for (Outcome.Refused.Cause cause : Outcome.Refused.Cause.values()) {
            assertReadBack(new Outcome.Refused(cause, 17));
        }
        for (RejectionReason reason : RejectionReason.values()) {
            assertReadBack(new Outcome.Rejected(reason, "legs[1].amount", "because", 5, true));
        }
        assertReadBack(new Outcome.Unknown("who knows"));
        assertThat(OutcomeProto.read(LedgerProto.Outcome.getDefaultInstance())).isInstanceOf(Outcome.Unknown.class);
    }

    private static Adjustment adjustment(Adjustment.State state) {
        Adjustment proposal = new Adjustment(
                7,
                "k7",
                Instant.ofEpochSecond(1_800_000_000, 1_000),
                "ann",
                "a cent too much",
                List.of(Leg.debit("a", TestLedger.eur(1)), Leg.credit("b", TestLedger.eur(1))),
                null,
                new Details("r", null, LocalDate.of(2026, 5, 30), Map.of("k", "v")),
                Adjustment.State.PROPOSED,
                null,
                null);
        Adjustment.Decision decision =
                new Adjustment.Decision("bob", Instant.ofEpochSecond(1_800_000_009, 2_000), 8, "no receipt");
        return switch (state) {
            case PROPOSED -> proposal;
            case APPROVED -> proposal.approved(decision);
            case REJECTED -> proposal.rejected(decision);
        };
    }

    private static void assertReadBack(Outcome outcome) {
        assertThat(OutcomeProto.read(OutcomeProto.write(outcome))).isEqualTo(outcome);
    }

    /** The outcomes that a standby gets over gRPC are those that the database has. */
    @Test
    void outcomesOfEveryKindFromNodeToNode() throws Exception {
        CommandGenerator generator = new CommandGenerator(new Random(11), 12);
        Set<Class<?>> kinds = new HashSet<>();
        try (LedgerServer writer = LedgerServer.node("writer");
                TestLedger standby = TestLedger.on(writer.database(), "standby")) {
            for (int i = 0; i < 40; i++) {
                List<Command> commands = new ArrayList<>(List.of(generator.next(), generator.next()));
                commands.removeIf(command -> command instanceof Command.CloseDay);
                while (commands.size() < 2) {
                    commands.add(new Command.VoidPending("more-" + i + commands.size(), 1, Details.NONE));
                }
                CompletableFuture<List<Outcome>> linked = standby.api().submitLinked(commands);
                List<Outcome> outcomes = new ArrayList<>(linked.join());
                List<CompletableFuture<Outcome>> waiting = new ArrayList<>();
                for (int j = 0; j < 25; j++) {
                    Command command = generator.next();
                    // Its days lie elsewhere than this clock's: a closing would leave nothing to post into.
                    if (!(command instanceof Command.CloseDay)) {
                        commands.add(command);
                        waiting.add(standby.api().submit(command));
                    }
                }
                waiting.forEach(outcome -> outcomes.add(outcome.join()));
                for (int j = 0; j < commands.size(); j++) {
                    Outcome stored =
                            standby.api().outcome(commands.get(j).key()).orElseThrow();
                    // Records print all they hold; the database tells every outcome as a replay.
                    assertThat(outcomes.get(j).toString().replace("replayed=false]", "replayed=true]"))
                            .isEqualTo(stored.toString());
                    kinds.add(stored.getClass());
                    learn(generator, stored);
                }
            }
        }
        assertThat(kinds)
                .contains(
                        Outcome.Posted.class,
                        Outcome.Held.class,
                        Outcome.Released.class,
                        Outcome.AccountChanged.class,
                        Outcome.Rejected.class);
    }

    private static void learn(CommandGenerator generator, Outcome outcome) {
        switch (outcome) {
            case Outcome.Posted posted ->
                generator.postedAt(posted.transaction().id());
            case Outcome.Held held -> generator.heldAt(held.pending().id());
            case Outcome.Proposed proposed ->
                generator.proposedAt(proposed.adjustment().id());
            case Outcome.Released ignored -> {}
            case Outcome.Dismissed ignored -> {}
            case Outcome.DayClosed ignored -> {}
            case Outcome.AccountChanged ignored -> {}
            case Outcome.Rejected ignored -> {}
            case Outcome.Refused refused -> throw new AssertionError(refused);
            case Outcome.Unknown unknown -> throw new AssertionError(unknown);
        }
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        LedgerProto.Command.Builder command = LedgerProto.Command.newBuilder().setKey("k");
        assertRefused(command, "command");
        command.getTransferBuilder().setDebitAccount("a").setCreditAccount("b");
        assertRefused(command, "amount");
        command.getTransferBuilder().getAmountBuilder().setMinorUnits(1).setCurrency("EURO");
        assertRefused(command, "amount.currency");
        command.getTransferBuilder().getAmountBuilder().setCurrency("EUR").setMinorUnits(-1);
        assertRefused(command, "amount");
        command.getTransferBuilder().getAmountBuilder().setMinorUnits(1);
        command.getTransferBuilder().getDetailsBuilder().setValueDate("2026-02-30");
        assertRefused(command, "valueDate");
        command.getTransferBuilder().getDetailsBuilder().setValueDate("2026-02-28");
        assertRefused(command.clone().setKey("not a key"), "idempotencyKey");
        command.getTransferBuilder()
                .setUnknownFields(UnknownFieldSet.newBuilder()
                        .addField(
                                99,
                                UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                        .build());
        assertRefused(command, "transfer");
        assertRefused(command("k").setHold(hold(0)), "timeoutS");
        assertRefused(command("k").setHold(hold(Long.MAX_VALUE)), "timeoutS");
        assertRefused(
                command("k")
                        .setPost(LedgerProto.Post.newBuilder()
                                .addLegs(LedgerProto.Leg.newBuilder().setAccount("a"))
                                .addLegs(LedgerProto.Leg.newBuilder().setAccount("b"))),
                "legs[0].side");
        assertRefused(
                command("k")
                        .setPost(LedgerProto.Post.newBuilder()
                                .addLegs(leg("a", Side.SIDE_DEBIT, 1))
                                .addLegs(leg("b", Side.SIDE_DEBIT, -1))),
                "legs[1].amount");
        assertRefused(
                command("k")
                        .setDecideAdjustment(LedgerProto.DecideAdjustment.newBuilder()
                                .setAdjustmentId(1)
                                .setApprove(true)
                                .setReason("so")),
                "reason");
        assertRefused(
                command("k")
                        .setCloseDay(LedgerProto.CloseDay.newBuilder()
                                .setDay("2026-01-01")
                                .setClosedBy("somebody else")),
                "closedBy");
    }

    private static final Caller ME = new Caller("me", Set.of(Role.OPERATOR), Instant.MAX);

    private static LedgerProto.Command.Builder command(String key) {
        return LedgerProto.Command.newBuilder().setKey(key);
    }

    private static LedgerProto.Leg.Builder leg(String account, Side side, long minorUnits) {
        return LedgerProto.Leg.newBuilder()
                .setAccount(account)
                .setSide(side)
                .setAmount(
                        LedgerProto.Money.newBuilder().setMinorUnits(minorUnits).setCurrency("EUR"));
    }

    private static LedgerProto.Hold hold(long timeout) {
        return LedgerProto.Hold.newBuilder()
                .setDebitAccount("a")
                .setCreditAccount("b")
                .setAmount(LedgerProto.Money.newBuilder().setMinorUnits(1).setCurrency("EUR"))
                .setTimeoutS(timeout)
                .build();
    }

    private static void assertRefused(LedgerProto.Command.Builder message, String field) {
        assertThatThrownBy(() -> CommandProto.read(message.build(), CommandProto.Actor.caller(ME)))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
