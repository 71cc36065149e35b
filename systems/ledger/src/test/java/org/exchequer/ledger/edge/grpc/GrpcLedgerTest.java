package org.exchequer.ledger.edge.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.exchequer.ledger.testing.TestLedger.EUR;
import static org.exchequer.ledger.testing.TestLedger.eur;
import static org.exchequer.ledger.testing.TestLedger.key;
import static org.exchequer.ledger.testing.TestLedger.transfer;

import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.exchequer.kernel.Ticker;
import org.exchequer.ledger.api.AccountSpec;
import org.exchequer.ledger.api.AccountState;
import org.exchequer.ledger.api.AccountType;
import org.exchequer.ledger.api.AsOf;
import org.exchequer.ledger.api.BalanceRule;
import org.exchequer.ledger.api.Bounds;
import org.exchequer.ledger.api.Command;
import org.exchequer.ledger.api.Details;
import org.exchequer.ledger.api.FieldError;
import org.exchequer.ledger.api.Ledger;
import org.exchequer.ledger.api.LedgerUnavailableException;
import org.exchequer.ledger.api.Leg;
import org.exchequer.ledger.api.Outcome;
import org.exchequer.ledger.api.Outcome.Refused.Cause;
import org.exchequer.ledger.api.RejectionReason;
import org.exchequer.ledger.api.Side;
import org.exchequer.ledger.testing.LedgerServer;
import org.exchequer.platform.module.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The client is the ledger's interface: it says what the ledger itself says. */
class GrpcLedgerTest {
    @SuppressWarnings("NullAway.Init")
    private static LedgerServer server;

    @SuppressWarnings("NullAway.Init")
    private static GrpcLedger client;

    @BeforeAll
    static void open() {
        server = LedgerServer.start();
        client = client(server, Role.ADMIN);
        client.execute(new Command.OpenAccount(
                key(), AccountSpec.summary("assets", "Everything owned", AccountType.ASSET, null)));
        client.execute(
                new Command.OpenAccount(key(), AccountSpec.posting("cash", "Cash", AccountType.ASSET, EUR, "assets")));
        client.execute(
                new Command.OpenAccount(key(), AccountSpec.posting("sales", "Sales", AccountType.INCOME, EUR, null)));
        client.execute(new Command.OpenAccount(
                key(),
                new AccountSpec(
                        "alice",
                        "Alice \"A\" Ünal",
                        AccountType.LIABILITY,
                        Side.CREDIT,
                        EUR,
                        null,
                        BalanceRule.DEBITS_MAY_NOT_EXCEED_CREDITS,
                        5_00,
                        new Bounds(-4_00L, 1_000_00L),
                        Map.of("segment", "retail"))));
    }

    @AfterAll
    static void shut() throws Exception {
        client.close();
        server.close();
    }

    private static GrpcLedger client(LedgerServer to, Role... roles) {
        return new GrpcLedger(
                Channels.open(to.grpcUrl(), null), () -> to.token(roles), Ticker.system(), Duration.ofSeconds(20));
    }

    private static long posted(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Posted.class);
        return ((Outcome.Posted) outcome).transaction().id();
    }

    @Test
    void everyReadAnswersAsTheLedgerItself() {
        LocalDate today = server.ledger().businessDate();
        long salary = posted(client.execute(new Command.Transfer(
                key(), "cash", "alice", eur(10_00), new Details("salary", "corr-1", null, Map.of("m", "May")))));
        posted(client.execute(new Command.Reverse(key(), salary, eur(1_00), Details.NONE)));
        posted(client.execute(transfer(key(), "cash", "sales", 7_00)));
        Outcome held = client.execute(
                new Command.Hold(key(), "alice", "cash", eur(2_00), Duration.ofHours(1), Details.reference("hotel")));
        long hold = ((Outcome.Held) held).pending().id();
        Outcome proposed = client.execute(new Command.ProposeAdjustment(
                key(),
                List.of(Leg.debit("sales", eur(1)), Leg.credit("cash", eur(1))),
                "a cent too much",
                "tester",
                Details.NONE));
        long adjustment = ((Outcome.Proposed) proposed).adjustment().id();
        posted(client.execute(new Command.PostPending(key(), hold, eur(50), true, Details.NONE)));
        Outcome another = client.execute(new Command.ProposeAdjustment(
                key(),
                List.of(Leg.debit("sales", eur(1)), Leg.credit("cash", eur(1))),
                "not a cent too much",
                "tester",
                Details.NONE));
        client.execute(new Command.DecideAdjustment(
                key(), ((Outcome.Proposed) another).adjustment().id(), false, "tester"));
        List<Outcome> batch = client.submitLinked(
                        List.of(transfer(key(), "cash", "sales", 1_00), transfer(key(), "sales", "cash", 1_00)))
                .join();
        long linked = posted(batch.getFirst());
        assertThat(client.execute(new Command.CloseDay(key(), today.minusDays(3), "tester")))
                .isInstanceOf(Outcome.DayClosed.class);

        List<Function<Ledger, Object>> reads = reads(today, salary, hold, adjustment, linked);
        for (int i = 0; i < reads.size(); i++) {
            assertThat(reads.get(i).apply(client))
                    .as("read " + i)
                    .isEqualTo(reads.get(i).apply(server.ledger()));
        }
        client.execute(new Command.VoidPending(key(), hold, Details.NONE));
    }

    private static List<Function<Ledger, Object>> reads(
            LocalDate today, long salary, long hold, long adjustment, long linked) {
        return List.of(
                ledger -> ledger.account("alice"),
                ledger -> ledger.account("nobody"),
                ledger -> ledger.accounts("", null, 2),
                ledger -> ledger.accounts("a", ledger.accounts("a", null, 1).next(), 2),
                ledger -> ledger.balance("alice"),
                ledger -> ledger.balance("assets"),
                ledger -> ledger.balance("cash", AsOf.booking(today)),
                ledger -> ledger.balance("cash", AsOf.value(today.minusDays(1))),
                ledger -> ledger.rollUp("assets", AsOf.NOW),
                ledger -> ledger.history("cash", today.minusDays(5), today),
                ledger -> ledger.statement("alice", null, 1),
                ledger -> ledger.statement(
                        "alice",
                        ledger.statement("alice", null, 1).orElseThrow().next(),
                        5),
                ledger -> ledger.statement("nobody", null, 1),
                ledger -> ledger.transaction(salary),
                ledger -> ledger.transaction(999_999),
                ledger -> ledger.byReference("salary", null, 5),
                ledger -> ledger.byReference("salary", "reference~" + salary, 5),
                ledger -> ledger.latest(null, 1),
                ledger -> ledger.latest(ledger.latest(null, 1).next(), 1),
                ledger -> ledger.linked(linked),
                ledger -> ledger.linked(salary),
                ledger -> ledger.transactions(2, 3),
                ledger -> ledger.reversalsOf(salary),
                ledger -> ledger.pending(hold),
                ledger -> ledger.pending(999_999),
                ledger -> ledger.pendingOf("alice", null, 5),
                ledger -> ledger.pendingOf("assets", null, 5),
                ledger -> ledger.pending(false, null, null, 5),
                ledger -> ledger.pending(true, "hotel", null, 5),
                ledger -> ledger.pending(true, null, "holds~" + hold, 5),
                ledger -> ledger.postingsOf(hold),
                ledger -> ledger.adjustment(adjustment),
                ledger -> ledger.adjustments(true, null, 5),
                ledger -> ledger.adjustments(false, null, 1),
                ledger -> ledger.adjustments(false, "adjustments~" + adjustment, 5),
                ledger -> ledger.trialBalance(),
                ledger -> ledger.trialBalance(AsOf.value(today)),
                ledger -> ledger.balanceSheet(AsOf.NOW),
                ledger -> ledger.balanceSheet(AsOf.booking(today.minusDays(1))),
                ledger -> ledger.incomeStatement(today.minusDays(1), today, AsOf.Basis.VALUE),
                Ledger::businessDate,
                ledger -> ledger.closes(null, 5),
                ledger -> ledger.closes("days~" + today.minusDays(3), 5),
                Ledger::lastSequence,
                ledger -> ledger.outcome("nothing was ever sent under this key"));
    }

    @Test
    void whatTheLedgerRefusesIsSaidWithTheField() {
        assertThatThrownBy(() -> client.statement("alice", "no cursor of ours", 5))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo("cursor"));
        assertThatThrownBy(() -> client.latest(null, 5_000))
                .isInstanceOfSatisfying(
                        FieldError.class, e -> assertThat(e.field()).isEqualTo("limit"));
        assertThatThrownBy(() -> client.submitLinked(List.of(transfer(key(), "a", "b", 1))))
                .isInstanceOf(FieldError.class);
    }

    @Test
    void whatNeitherLedgerNorDatabaseCanHoldIsRefusedByName() {
        LocalDate today = server.ledger().businessDate();
        List<Map.Entry<String, Function<Ledger, Object>>> reads = List.of(
                Map.entry("code", ledger -> ledger.account("a\0")),
                Map.entry("account", ledger -> ledger.balance("a\0")),
                Map.entry("account", ledger -> ledger.statement("a\n", null, 5)),
                Map.entry("account", ledger -> ledger.rollUp("a\0", AsOf.NOW)),
                Map.entry("prefix", ledger -> ledger.accounts("\0", null, 5)),
                Map.entry("cursor", ledger -> ledger.accounts("", "\0", 5)),
                Map.entry("reference", ledger -> ledger.byReference("\0", null, 5)),
                Map.entry("reference", ledger -> ledger.pending(true, "\0", null, 5)),
                Map.entry("limit", ledger -> ledger.accounts("", null, 0)),
                Map.entry("limit", ledger -> ledger.closes(null, 0)));
        for (Map.Entry<String, Function<Ledger, Object>> read : reads) {
            for (Ledger ledger : List.of(client, server.ledger())) {
                assertThatThrownBy(() -> read.getValue().apply(ledger))
                        .isInstanceOfSatisfying(
                                FieldError.class, e -> assertThat(e.field()).isEqualTo(read.getKey()));
            }
        }
        for (LocalDate day : List.of(LocalDate.MIN, LocalDate.MAX, LocalDate.of(1899, 12, 31))) {
            assertThatThrownBy(() -> client.trialBalance(AsOf.booking(day)))
                    .isInstanceOfSatisfying(
                            FieldError.class, e -> assertThat(e.field()).isEqualTo("asOf.date"));
            assertThatThrownBy(() -> client.history("cash", day, today)).isInstanceOf(FieldError.class);
        }
        assertThatThrownBy(() -> server.ledger().history("cash", LocalDate.MIN, LocalDate.MAX))
                .isInstanceOf(FieldError.class);
    }

    @Test
    void aTokenThatDoesNotHoldFailsReadsAsItFailsCommands() {
        try (GrpcLedger stranger = new GrpcLedger(
                Channels.open(server.grpcUrl(), null), () -> "no.token", Ticker.system(), Duration.ofSeconds(20))) {
            assertThatThrownBy(() -> stranger.execute(transfer(key(), "cash", "alice", 1)))
                    .hasCauseInstanceOf(InvalidCommandException.class);
            assertThatThrownBy(stranger::lastSequence)
                    .isInstanceOfSatisfying(
                            InvalidCommandException.class,
                            e -> assertThat(e.code()).isEqualTo("UNAUTHENTICATED"));
        }
    }

    @Test
    void linkedCommandsGoAllOrNone() {
        Command good = transfer(key(), "cash", "alice", 1);
        List<Outcome> refused = client.submitLinked(List.of(good, transfer(key(), "alice", "nobody", 1)))
                .join();
        assertThat(refused)
                .extracting(outcome -> ((Outcome.Rejected) outcome).reason())
                .containsExactly(RejectionReason.LINKED_ITEM_FAILED, RejectionReason.ACCOUNT_NOT_FOUND);
        List<Command> both = List.of(transfer(key(), "cash", "alice", 2), transfer(key(), "alice", "cash", 2));
        List<Outcome> done = client.submitLinked(both).join();
        assertThat(done).allMatch(outcome -> outcome instanceof Outcome.Posted);
        assertThat(client.submitLinked(both).join())
                .allMatch(outcome -> outcome instanceof Outcome.Posted posted && posted.replayed());
    }

    @Test
    void manyCallersShareOneStreamAndEachGetsItsOwnOutcome() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                String key = key();
                int cents = 1 + i;
                all.add(() -> client.execute(transfer(key, "cash", "sales", cents)) instanceof Outcome.Posted done
                        && done.transaction().key().equals(key)
                        && done.transaction()
                                        .entries()
                                        .getFirst()
                                        .leg()
                                        .amount()
                                        .minorUnits()
                                == cents);
            }
            for (Future<Boolean> one : callers.invokeAll(all)) {
                assertThat(one.get()).isTrue();
            }
        }
    }

    @Test
    void nobodyActsInAnothersName() {
        Command forged = new Command.CloseDay(key(), LocalDate.of(2000, 1, 1), "somebody else");
        assertThatThrownBy(() -> client.execute(forged))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(InvalidCommandException.class)
                .hasMessageContaining("closedBy must be left out, or be your token's subject, tester");
    }

    @Test
    void aClientWithoutTheRolesIsTold() {
        try (GrpcLedger reader = client(server, Role.AUDITOR);
                GrpcLedger teller = client(server, Role.TELLER)) {
            assertThat(reader.account("cash")).isPresent();
            assertThatThrownBy(() -> reader.execute(transfer(key(), "cash", "alice", 1)))
                    .hasCauseInstanceOf(InvalidCommandException.class);
            assertThat(teller.execute(transfer(key(), "cash", "alice", 1))).isInstanceOf(Outcome.Posted.class);
            Command freeze = new Command.ChangeAccount(key(), "cash", AccountState.FROZEN, null);
            assertThatThrownBy(() -> teller.execute(freeze)).hasCauseInstanceOf(InvalidCommandException.class);
            assertThat(client.outcome(freeze.key())).isEmpty();
        }
    }

    @Test
    void aServerThatStopsHasAnsweredWhatItTook() throws Exception {
        LedgerServer stopping = LedgerServer.start();
        try (GrpcLedger caller = client(stopping, Role.ADMIN)) {
            for (String code : List.of("debit", "credit")) {
                caller.execute(new Command.OpenAccount(
                        key(), AccountSpec.posting(code, "An account", AccountType.ASSET, EUR, null)));
            }
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            Thread sender = Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 20_000; i++) {
                    outcomes.add(caller.submit(transfer(key(), "debit", "credit", 1)));
                }
            });
            Awaitility.await().until(() -> stopping.ledger().lastSequence() > 2);
            stopping.stopGrpc();
            sender.join();
            long done = 0;
            for (CompletableFuture<Outcome> outcome : outcomes) {
                switch (outcome.join()) {
                    case Outcome.Posted ignored -> done++;
                    case Outcome.Refused refused -> assertThat(refused.cause()).isIn(Cause.NO_WRITER, Cause.OVERLOADED);
                    case Outcome other -> throw new AssertionError(other);
                }
            }
            assertThat(stopping.ledger().lastSequence()).isEqualTo(2 + done);
            assertThat(caller.execute(transfer(key(), "debit", "credit", 1)))
                    .isEqualTo(new Outcome.Refused(Cause.NO_WRITER, 500));
            assertThatThrownBy(caller::lastSequence).isInstanceOf(LedgerUnavailableException.class);
        } finally {
            stopping.close();
        }
    }
}
